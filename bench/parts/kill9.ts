import { ourVictim } from '../kill9/our-victim.ts'
import { peerVictim } from '../kill9/peer-victim.ts'
import { killAndCount, type Outcome, senders, type Victim } from '../kill9/victim.ts'
import { startEjabberd } from '../peers/ejabberd.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Part, PartOptions } from './part.ts'

/** What is left of promised messages when the process that promised them is killed. */
export const kill9: Part = {
  name: 'kill9',
  what: 'messages that ejabberd and ours lose to kill -9',
  async run(options) {
    const { engine, rounds, quick } = options
    const outcomes: { name: string; outcome: Outcome }[] = []
    for (const begin of victims(options)) {
      await using victim = await begin()
      const outcome = { promised: 0, lost: 0, twice: 0 }
      for (let round = 0; round < rounds; round++) {
        const { promised, lost, twice } = await killAndCount(victim, quick ? 300 : 4000)
        outcome.promised += promised
        outcome.lost += lost
        outcome.twice += twice
      }
      outcomes.push({ name: victim.name, outcome })
    }
    return {
      part: 'kill9',
      engine,
      tables: [
        {
          columns: [`killed ${rounds} times`, 'promised', 'lost', 'twice'],
          rows: outcomes.map(({ name, outcome }) => [name, ...Object.values(outcome)]),
        },
      ],
      budgets: outcomes
        .filter(({ name }) => name.startsWith('ours'))
        .map(({ name, outcome }) => ({
          what: `lost or twice after kill -9, ${name}`,
          here: outcome.lost + outcome.twice,
          must: 0,
          unit: 'messages',
          lessIsBetter: true,
        })),
      notes: [
        `${senders} senders, each with one message on its way; then SIGKILL, a new start, and all is read back.`,
        'Promised is what the receiver got with its archive id, or the sender’s answer. What the system had been' +
          ' given survives a killed process, so this is no test of a power cut.',
        'Of a PostgreSQL only its client is killed.',
      ],
    }
  },
}

/** One after another, so that the disk is each one's own. */
function victims({ folder, engine }: PartOptions): (() => Promise<Victim>)[] {
  const within = async (begin: (path: string) => Promise<Victim>): Promise<Victim> => {
    await using opened = new AsyncDisposableStack()
    const { path } = opened.use(await ownFolder(folder, 'kill9'))
    const victim = opened.use(await begin(path))
    const resources = opened.move()
    return { ...victim, [Symbol.asyncDispose]: () => resources.disposeAsync() }
  }
  const ours = (name: string, of: typeof engine) =>
    within(async path =>
      ourVictim(await startOurs({ name, folder: path, accounts: senders * 2, messages: 2, engine: of })),
    )
  return [
    () => within(async path => peerVictim(await startEjabberd(path, 'own'))),
    () => within(async path => peerVictim(await startEjabberd(path, 'sqlite'))),
    () => ours('ours, SQLite', 'sqlite'),
    ...(engine === 'postgres' ? [() => ours('ours, PostgreSQL', 'postgres')] : []),
  ]
}
