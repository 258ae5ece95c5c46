import { openSync } from 'node:fs'
import { startNetwork } from '@parley/testing/network.ts'
import { startPostgres } from '@parley/testing/postgres.ts'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { Caller } from '../load/caller.ts'
import type { Engine } from '../report/findings.ts'
import { firstText, type Stack, type StackOptions } from './stack.ts'

export interface OursOptions extends StackOptions {
  /** Default `ours`. */
  name?: string
  /** Default sqlite. A PostgreSQL server is one of its own, with fsync on, and counts as part of the service. */
  engine?: Engine
  /** A SQLite file that is there already. */
  database?: string
  /** What an operator of a busy service would set. Default `warn`; `info`, a line per request, is measured too. */
  logLevel?: string
  settings?: Record<string, string>
  /** Of Node. */
  nodeOptions?: readonly string[]
  /** Is given the address of the PostgreSQL database before the service is started on it. */
  prepare?: (address: string) => Promise<void>
  /** The convos of the pairs in a database that is filled already; what they hold counts instead of `messages`. */
  convoIds?: readonly string[]
}

/** The real limiter, which counts every call; only that nobody reaches its rates. */
export const highRates = {
  PARLEY_RATE_LIMITS: 'on',
  ...Object.fromEntries(
    ['CALLS', 'ANONYMOUS_CALLS', 'SENDS', 'CHANGES', 'NEW_CONVOS'].map(name => [
      `PARLEY_RATE_${name}`,
      '999999999/1',
    ]),
  ),
}

/** The service as an operator runs it, before a network of its own, with its convos opened and filled by its methods. */
export async function startOurs(options: OursOptions): Promise<Stack & { service: ServiceProcess }> {
  const { name = 'ours', folder, logLevel = 'warn', accounts } = options
  await using opened = new AsyncDisposableStack()
  const postgres =
    options.engine === 'postgres' ? opened.use(await startPostgres({ fsync: true })) : undefined
  if (postgres) await options.prepare?.(postgres.url)
  const network = opened.use(await startNetwork(accounts, { strangers: options.convoIds !== undefined }))
  const service = opened.use(
    await ServiceProcess.start({
      network,
      database: postgres?.url ?? options.database ?? `${folder}/${name}.sqlite`,
      settings: { NODE_ENV: 'production', PARLEY_LOG_LEVEL: logLevel, ...highRates, ...options.settings },
      ...(options.nodeOptions && { nodeOptions: options.nodeOptions }),
      log: openSync(`${folder}/${name}.log`, 'a'),
    }),
  )
  const convoIds = options.convoIds ?? (await openConvos(service, options))
  const stage = { accounts, convoIds, cursors: await readCursors(service, accounts) }
  const resources = opened.move()
  return {
    name,
    service,
    get pids() {
      return postgres ? [service.pid, postgres.pid] : [service.pid]
    },
    port: service.port,
    did: service.did,
    stage,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** As many as `sendMessageBatch` takes. */
const batchMax = 100

async function openConvos(service: ServiceProcess, { accounts, messages }: StackOptions): Promise<string[]> {
  const pairs = accounts / 2
  using caller = await Caller.open(service)
  const convoIds: string[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const { did } = caller.account(pair + pairs)
    const { convo } = await caller.get(pair, 'chat.bsky.convo.getConvoForMembers', { members: did })
    convoIds.push(convo.id)
    for (const [half, member] of [pair, pair + pairs].entries()) {
      const own = Array.from({ length: messages }, (_, number) => number).filter(
        number => number % 2 === half,
      )
      const items = own.map(number => ({ convoId: convo.id, message: { text: firstText(pair, number) } }))
      for (let first = 0; first < items.length; first += batchMax)
        await caller.post(member, 'chat.bsky.convo.sendMessageBatch', {
          items: items.slice(first, first + batchMax),
        })
    }
  }
  return convoIds
}

async function readCursors(service: ServiceProcess, accounts: number): Promise<string[]> {
  using caller = await Caller.open(service)
  const cursors: string[] = []
  for (let account = 0; account < accounts; account++)
    cursors.push((await caller.get(account, 'chat.bsky.convo.getLog', {})).cursor)
  return cursors
}
