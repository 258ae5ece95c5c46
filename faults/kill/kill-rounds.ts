import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startNetwork } from '@parley/testing/network.ts'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { chanceFrom, oneOf } from '../chance.ts'
import { check, type Flaw } from '../checker/check.ts'
import { finalName, HistoryFile } from '../checker/history.ts'
import { Client } from './client.ts'
import { Load } from './load.ts'
import { readFinal } from './read-final.ts'
import { Server } from './server.ts'

export interface KillPlan {
  /** A path, or the address of a PostgreSQL database. */
  database: string
  rounds: number
  seed: number
  /** Of the service, on the same database; each round kills one of them. Default 1. */
  processes?: number
  /** Default SIGKILL. */
  signal?: NodeJS.Signals
  /** What a round does to the database's own server instead; false where nothing. */
  disturb?: ((round: number) => Promise<boolean>) | undefined
  /** Hears of each round that is over. */
  report?: (round: number) => void
}

export interface KillResult {
  flaws: Flaw[]
  /** Sends that were answered with 200, and attempts at anything that a kill left without an answer. */
  acknowledged: number
  unanswered: number
  /** Where history and final state are. */
  folder: string
  /** Removes it. */
  forget(): void
}

/** Of Node, for each service that is killed. */
const nodeOptions = ['--import', new URL('./short-log.ts', import.meta.url).href]

const accountsCount = 10
/** A round is over after so many answers at most, polls apart, few in every fourth, and some more milliseconds. */
const answersMax = 100
const moreMs = 20
/** The longest that a start takes before it is done, about. */
const startMs = 600

/** Kills the service again and again under load, then checks what everybody was told against what is there. */
export async function killRounds(plan: KillPlan): Promise<KillResult> {
  const { seed, processes = 1 } = plan
  const folder = mkdtempSync(join(tmpdir(), `parley-kill-${seed}-`))
  await using held = new AsyncDisposableStack()
  const history = held.use(new HistoryFile(folder))
  const network = held.use(await startNetwork(accountsCount))
  const servers: Server[] = []
  for (let number = 0; number < processes; number++) {
    const service = held.use(
      await ServiceProcess.start({ network, database: plan.database, log: 'keep', nodeOptions }),
    )
    // What was compiled is kept for the next start by a process that ends by itself, not by one that is killed.
    await service.kill('SIGTERM')
    await service.start()
    servers.push(new Server(number, service))
  }
  const load = held.use(new Load({ accounts: network.accounts, servers, history, seed }))
  await load.start()
  await kill(plan, { servers, history, load })
  await load.finish()
  // Once more, so that it is the disk that speaks.
  for (const server of servers) await server.killAndStart()
  const readers = network.accounts.map(account => new Client(account, servers.at(-1)!, history))
  const final = []
  for (const reader of readers) {
    final.push(await readFinal(reader))
    reader.close()
  }
  writeFileSync(join(folder, finalName), JSON.stringify(final))
  return {
    flaws: check({ lines: history.lines, final }),
    acknowledged: countAcknowledged(history),
    unanswered: history.lines.filter(({ kind }) => kind === 'unknown').length,
    folder,
    forget: () => rmSync(folder, { recursive: true }),
  }
}

async function kill(
  { rounds, seed, signal = 'SIGKILL', disturb, report }: KillPlan,
  { servers, history, load }: { servers: readonly Server[]; history: HistoryFile; load: Load },
): Promise<void> {
  const chance = chanceFrom(seed)
  for (let round = 1; round <= rounds && !load.isOver; round++) {
    await Promise.race([history.answers(chance(round % 4 === 0 ? 4 : answersMax)), load.ended])
    await pause(chance(moreMs))
    const again = chance(1) < 0.125 ? { whileStarting: chance(startMs) } : {}
    const server = oneOf(chance, servers)
    if (!(await disturb?.(round))) await server.killAndStart({ signal, ...again })
    report?.(round)
  }
}

function countAcknowledged({ lines }: HistoryFile): number {
  const sends = new Set(
    lines.flatMap(line => (line.kind === 'invoke' && line.op === 'send' ? [line.call] : [])),
  )
  return lines.filter(line => line.kind === 'ok' && sends.has(line.call)).length
}
