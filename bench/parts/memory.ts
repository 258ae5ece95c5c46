import { setTimeout as sleep } from 'node:timers/promises'
import { testAccount } from '@parley/testing/account.ts'
import { RawConnection } from '@parley/testing/raw-connection.ts'
import { type Filled, filledWith, letGo } from '../growth/fill.ts'
import { worldOfMessages } from '../growth/world.ts'
import { LoadClient } from '../load/load-client.ts'
import { everyday } from '../load/plan.ts'
import { contest, contestant } from '../measure/contest.ts'
import { residentMb, usageOf } from '../measure/processes.ts'
import { IdleConnections } from '../memory/idle-connections.ts'
import { liveText, pollText, subscribeText } from '../memory/requests.ts'
import type { Budget } from '../report/findings.ts'
import { rounded } from '../report/print.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Part, PartOptions } from './part.ts'

/** Before every cursor there is. */
const zeroCursor = '2222222222222'

/** Time for what was opened to settle. */
const settleMs = 2_000

const moderator = testAccount(0)

export const memory: Part = {
  name: 'memory',
  what: 'memory and start of ours with 10 M messages; idle connections, live streams, readers that do not read',
  async run(options) {
    const { quick, engine } = options
    await using held = new AsyncDisposableStack()
    const messages = quick ? 2_000 : engine === 'sqlite' ? 10_000_000 : 1_000_000
    const world = worldOfMessages(messages, quick ? 20 : 1000)
    const filled = await filledWith(world, options)
    held.defer(() => letGo(world, filled))
    const small = await smallUnderLoad(options, filled)
    const service = await open(held, options, filled)
    const startSec = await startAgain(service)
    const atStart = residentMb(service.pid)
    const busy = await underLoad(service, options)
    const idle = await idleHttp(service, quick ? 50 : 10_000)
    const live = await liveStreams(service, quick ? 50 : 10_000)
    const deaf = await deafReaders(service, quick ? 10 : 500)
    const rows = [
      ['after the start', rounded(atStart), ''],
      ['256 connections, everyday mix', rounded(busy), ''],
      ['the same, set to be small', rounded(small), ''],
      [`${idle.count} idle HTTP connections`, rounded(idle.residentMb), idle.said],
      [`${live.count} live streams`, rounded(live.residentMb), live.said],
      [`${deaf.count} streams of all events that nobody reads`, rounded(deaf.residentMb), deaf.said],
    ]
    const less = { lessIsBetter: true } as const
    const budgets: Budget[] = [
      { what: `start with ${messages} messages`, here: startSec, must: 2, unit: 's', ...less },
      { what: `${messages} messages, 256 connections`, here: busy, must: 150, unit: 'MB', ...less },
      { what: 'the same, set to be small', here: small, must: 150, unit: 'MB', ...less },
      { what: `${idle.count} idle connections`, here: idle.residentMb, must: 1024, unit: 'MB', ...less },
      { what: `${live.count} live streams`, here: live.residentMb, must: 1024, unit: 'MB', ...less },
    ]
    return {
      part: 'memory',
      engine,
      tables: [{ columns: ['resident', 'MB', ''], rows }],
      budgets,
      notes: [
        'The start is from spawning the process to its first answer; the file may be in the system’s cache.',
        'Live streams are of the log of as many accounts as there are. Streams of all events have their limits raised.',
      ],
    }
  },
}

/** As docs/performance.md says to set it where memory matters more than speed. */
const small = {
  settings: { PARLEY_HTTP_WORKERS: '0', MALLOC_ARENA_MAX: '1' },
  nodeOptions: ['--max-semi-space-size=2', '--optimize-for-size'],
}

async function smallUnderLoad(options: PartOptions, filled: Filled): Promise<number> {
  await using held = new AsyncDisposableStack()
  const service = await open(held, options, filled, small)
  return await underLoad(service, options)
}

async function open(
  held: AsyncDisposableStack,
  { folder, engine }: PartOptions,
  filled: Filled,
  { settings, nodeOptions = [] }: Partial<typeof small> = {},
) {
  const { path: own } = held.use(await ownFolder(folder, 'memory'))
  const preload = new URL('../memory/many-subscriptions.ts', import.meta.url).href
  const stack = await startOurs({
    folder: own,
    ...filled,
    engine,
    accounts: filled.convoIds.length * 2,
    messages: 0,
    settings: { PARLEY_MODERATORS: moderator.did, ...settings },
    nodeOptions: ['--import', preload, ...nodeOptions],
  })
  held.use(stack)
  return {
    ...stack,
    get pid() {
      return stack.service.pid
    },
  }
}

type Opened = Awaited<ReturnType<typeof open>>

/** Seconds from spawning to the first answer. */
async function startAgain({ service, did, port, stage }: Opened): Promise<number> {
  await service.kill('SIGTERM')
  const before = performance.now()
  await service.start()
  const connection = await RawConnection.open(port)
  await connection.send(pollText(moderator, did, stage.cursors[0]!))
  const seconds = (performance.now() - before) / 1000
  connection.close()
  return seconds
}

async function underLoad(ours: Opened, { seconds }: PartOptions): Promise<number> {
  await using client = LoadClient.start()
  const loaded = contestant(client, ours, { mix: everyday })
  await contest([loaded], { inFlight: 256, durationMs: seconds * 1000, rounds: 1 }, () => {})
  return residentMb(ours.pid)
}

async function idleHttp({ pid, port, did, stage }: Opened, count: number) {
  using connections = new IdleConnections()
  await connections.open(port, pollText(moderator, did, stage.cursors[0]!), { count, status: 200 })
  await sleep(settleMs)
  return { count, residentMb: residentMb(pid), said: `${connections.closed} closed` }
}

async function liveStreams({ pid, port, did, stage }: Opened, count: number) {
  using connections = new IdleConnections()
  const accounts = Array.from({ length: stage.accounts }, (_, number) => testAccount(number))
  const textOf = (number: number) => liveText(accounts[number % accounts.length]!, did)
  await connections.open(port, textOf, { count, status: 101 })
  const before = usageOf([pid])
  await sleep(settleMs)
  const cpu = (usageOf([pid]).cpuSec - before.cpuSec) / (settleMs / 1000)
  return { count, residentMb: residentMb(pid), said: `${connections.closed} closed, CPU ${rounded(cpu)}` }
}

/** Each is due everything that ever happened, which is far more than the system buffers for it. */
async function deafReaders({ pid, port, did }: Opened, count: number) {
  using connections = new IdleConnections()
  const before = residentMb(pid)
  await connections.open(port, subscribeText(moderator, did, zeroCursor), { count, status: 101, deaf: true })
  await sleep(settleMs)
  const after = residentMb(pid)
  await sleep(2 * settleMs)
  const later = residentMb(pid)
  const each = `${rounded(((after - before) * 1024) / count)} KB more for each`
  return { count, residentMb: later, said: `${each}, then ${rounded(later - after)} MB more in all` }
}
