import { Caller } from '../load/caller.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Stack } from '../stacks/stack.ts'
import { compare, comparisonTable, ratio } from './compare.ts'
import type { Part } from './part.ts'

/** Accounts that send; the other members only receive. */
const senders = 20

/** How many members `addMembers` is given at once. */
const addedAtOnce = 20

/** A send into a group is a row in every member's log and list. */
export const groups: Part = {
  name: 'groups',
  what: 'sends of ours into groups of 2, 10, 100 members against direct ones',
  async run(options) {
    await using held = new AsyncDisposableStack()
    const { path: folder } = held.use(await ownFolder(options.folder, 'groups'))
    const ours = held.use(
      await startOurs({ folder, accounts: 100 + senders, messages: 0, engine: options.engine, convoIds: [] }),
    )
    using caller = await Caller.open(ours)
    const stacks = [into('direct', ours, await openDirects(caller))]
    for (const size of options.quick ? [2, 10] : [2, 10, 100]) {
      stacks.push(into(`group of ${size}`, ours, await createGroups(caller, size)))
    }
    const found = await compare(stacks, { send: 1 }, options, [1, 32])
    const largest = stacks.at(-1)!.name
    return {
      part: 'groups',
      engine: options.engine,
      tables: [comparisonTable('sends', found, 'direct')],
      budgets: [1, 32].map(inFlight => ({
        what: `a send into a ${largest} against a direct one, ${inFlight} in flight`,
        here: ratio(found, inFlight, 'direct', largest),
        must: 8,
        stretch: 4,
        unit: '×' as const,
        lessIsBetter: true as const,
      })),
      notes: ['All in one database; every send is by one of two members, ten groups of each size in turn.'],
    }
  },
}

/** The same service, with other convos to send into. */
function into(name: string, ours: Stack, convoIds: string[]): Stack {
  const { pids, port, did } = ours
  const stage = { accounts: senders, convoIds, cursors: [] }
  return { name, pids, port, did, stage, [Symbol.asyncDispose]: async () => {} }
}

async function openDirects(caller: Caller): Promise<string[]> {
  const convoIds: string[] = []
  for (let pair = 0; pair < senders / 2; pair++) {
    const other = pair + senders / 2
    const members = caller.account(other).did
    const { convo } = await caller.get(pair, 'chat.bsky.convo.getConvoForMembers', { members })
    convoIds.push(convo.id)
    await greet(caller, [pair, other], convo.id)
  }
  return convoIds
}

async function createGroups(caller: Caller, size: number): Promise<string[]> {
  const convoIds: string[] = []
  for (let pair = 0; pair < senders / 2; pair++) {
    const other = pair + senders / 2
    const audience = Array.from({ length: size - 2 }, (_, number) => caller.account(senders + number).did)
    const input = { name: `${size} members`, members: [caller.account(other).did] }
    const { convo } = await caller.post(pair, 'chat.bsky.group.createGroup', input)
    for (let first = 0; first < audience.length; first += addedAtOnce) {
      const members = audience.slice(first, first + addedAtOnce)
      await caller.post(pair, 'chat.bsky.group.addMembers', { convoId: convo.id, members })
    }
    convoIds.push(convo.id)
    await greet(caller, [pair, other], convo.id)
  }
  return convoIds
}

/** Whoever has written has accepted. */
async function greet(caller: Caller, accounts: readonly number[], convoId: string): Promise<void> {
  for (const account of accounts)
    await caller.post(account, 'chat.bsky.convo.sendMessage', { convoId, message: { text: 'hello' } })
}
