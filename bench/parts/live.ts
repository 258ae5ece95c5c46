import { runLive } from '../live/live-client.ts'
import type { LiveResult } from '../live/plan.ts'
import { usageOf } from '../measure/processes.ts'
import { median } from '../measure/statistics.ts'
import { rounded } from '../report/print.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Part } from './part.ts'

const pace = 1000

/** What happens between a commit and a socket, while everybody has a live stream. */
export const live: Part = {
  name: 'live',
  what: 'from a commit to the live streams of both members, at a steady pace of sends',
  async run({ quick, rounds, seconds, engine, folder: parent }) {
    await using held = new AsyncDisposableStack()
    const { path: folder } = held.use(await ownFolder(parent, 'live'))
    const accounts = quick ? 20 : 1000
    const ours = held.use(await startOurs({ folder, accounts, messages: 2, engine }))
    const { port, did: audience, stage } = ours
    const sendsPerSec = quick ? 50 : pace
    const found: (LiveResult & { serverCpu: number })[] = []
    for (let round = 0; round < rounds; round++) {
      const before = usageOf(ours.pids)
      const result = await runLive({ port, audience, stage, sendsPerSec, durationMs: seconds * 1000 })
      const cpuSec = usageOf(ours.pids).cpuSec - before.cpuSec
      found.push({ ...result, serverCpu: cpuSec / seconds })
    }
    const rows = found.map((it, round) => [
      `round ${round + 1}`,
      it.sends,
      it.messages,
      it.frames,
      rounded(it.p50Ms),
      rounded(it.p99Ms),
      rounded(it.maxMs),
      rounded(it.serverCpu),
      rounded(it.clientCpu),
    ])
    const p99Ms = median(found.map(it => it.p99Ms))
    return {
      part: 'live',
      engine,
      tables: [
        {
          columns: [
            `${sendsPerSec}/s, ${accounts} streams`,
            'sends',
            'messages',
            'frames',
            'p50 ms',
            'p99 ms',
            'max ms',
            'server CPU',
            'client CPU',
          ],
          rows,
        },
      ],
      budgets: [
        {
          what: 'commit to socket, p99',
          here: p99Ms,
          must: 20,
          unit: 'ms' as const,
          lessIsBetter: true as const,
        },
      ],
      notes: [
        'From the rev of a row, which is handed out just before its commit, to its frame in the client: the sync to disk counts.',
        'A rev is of a millisecond, so up to one is counted too much. Opening the streams is in the server’s CPU.',
      ],
    }
  },
}
