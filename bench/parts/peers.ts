import { assertAllThere } from '../load/find-sent.ts'
import { LoadClient } from '../load/load-client.ts'
import type { LoadResult, Mix } from '../load/plan.ts'
import { type Contestant, contest, contestant } from '../measure/contest.ts'
import { startEjabberd } from '../peers/ejabberd.ts'
import type { Peer } from '../peers/peer.ts'
import { startProsody } from '../peers/prosody.ts'
import type { XmppPlan } from '../peers/xmpp-plan.ts'
import type { Budget } from '../report/findings.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import { type Comparison, comparisonTable, figure, loadsOf, ratio } from './compare.ts'
import type { Part, PartOptions } from './part.ts'

const fastest = 'ejabberd, PostgreSQL'

/** Other chat servers with archives, on the engine that ours runs on; the fastest of them always. */
export const peers: Part = {
  name: 'peers',
  what: 'archived messages and pages of ejabberd and Prosody against ours',
  async run(options) {
    const { engine, folder } = options
    await using held = new AsyncDisposableStack()
    const { path: own } = held.use(await ownFolder(folder, 'peers'))
    const others = [
      held.use(await startEjabberd(own, 'postgres')),
      ...(engine === 'sqlite' ? [held.use(await startEjabberd(own, 'sqlite'))] : []),
      held.use(await startProsody(own, engine)),
    ]
    const accounts = options.quick ? 40 : 1000
    const ours = held.use(await startOurs({ folder: own, accounts, messages: 60, engine }))
    const client = held.use(LoadClient.start())
    const xmpp = held.use(
      LoadClient.of<XmppPlan>(new URL('../peers/xmpp-client-program.ts', import.meta.url)),
    )

    const sent: LoadResult['sent'] = []
    const run = async (
      task: XmppPlan['task'],
      mix: Mix,
      inFlights: readonly number[],
    ): Promise<Comparison> => {
      const load = { mix, onePersonEach: true }
      const all = [...others.map(peer => xmppContestant(xmpp, peer, task)), contestant(client, ours, load)]
      const found: Comparison = new Map()
      for (const inFlight of inFlights)
        found.set(
          inFlight,
          await contest(all, disciplineOf(options, inFlight), (_, ids) => sent.push(...ids)),
        )
      return found
    }
    const sends = await run('send', { send: 1 }, options.quick ? [1, 4] : loadsOf(options).all)
    const pages = await run('page', { page: 1 }, options.quick ? [4] : [16])
    await assertAllThere(ours, sent)
    return {
      part: 'peers',
      engine,
      tables: [
        comparisonTable('archived messages', sends, fastest),
        comparisonTable('pages of 50', pages, fastest),
      ],
      budgets: [...sendBudgets(sends, engine === 'sqlite'), ...pageBudgets(pages)],
      notes: [
        'A peer’s message counts when its receiver’s stream shows it with its archive id, ours when it is answered.',
        'With all of them, each connection is one person who writes to one other.',
        'Peers’ streams log in once; ours brings a token with each request.',
        'PostgreSQL is a server of its own for each, with fsync on; its processor time and writes count.',
      ],
    }
  },
}

function disciplineOf({ seconds, rounds }: PartOptions, inFlight: number) {
  return { inFlight, durationMs: seconds * 1000, rounds }
}

function xmppContestant(client: LoadClient<XmppPlan>, peer: Peer, task: XmppPlan['task']): Contestant {
  const { name, port } = peer
  return {
    name,
    get pids() {
      return peer.pids
    },
    prepare: ({ inFlight, durationMs, label }) => client.prepare({ port, task, inFlight, durationMs, label }),
    run: () => client.run(),
  }
}

function sendBudgets(found: Comparison, withSqlite: boolean): Budget[] {
  const [one, ...many] = [...found.keys()]
  const against = (inFlight: number, peer: string, must: number, stretch?: number): Budget => ({
    what: `sends, ${inFlight} in flight, ours ÷ ${peer}`,
    here: ratio(found, inFlight, 'ours', peer),
    must,
    ...(stretch !== undefined && { stretch }),
    unit: '×',
  })
  return [
    against(one!, fastest, 1.5, 2),
    {
      what: 'one sender, one in flight, p50',
      here: figure(found, one!, 'ours', run => run.p50Ms),
      must: 1,
      unit: 'ms',
      lessIsBetter: true,
    },
    ...many.map(inFlight => against(inFlight, fastest, 2, 2.5)),
    ...(withSqlite ? many.map(inFlight => against(inFlight, 'ejabberd, SQLite', 12)) : []),
  ]
}

function pageBudgets(found: Comparison): Budget[] {
  return [...found.keys()].map(inFlight => ({
    what: `pages of 50, ${inFlight} in flight, ours ÷ ${fastest}`,
    here: ratio(found, inFlight, 'ours', fastest),
    must: 12,
    unit: '×',
  }))
}
