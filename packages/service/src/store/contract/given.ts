import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import { newMember } from '../new-member.ts'
import {
  type Convo,
  type GroupConvo,
  isSystem,
  type Member,
  type Message,
  type SystemEvent,
  type SystemMessage,
  type UserMessage,
} from '../rows.ts'
import { pairOf } from '../scope.ts'
import type { Membership, Store } from '../store.ts'
import type { Transaction } from '../transaction.ts'

export const [alice, bob, carla, dave] = [
  'did:plc:alice',
  'did:plc:bob',
  'did:plc:carla',
  'did:plc:dave',
] as const

/** What the parts of the contract stand on. */
export interface Given {
  /** Runs on an empty store and closes it. */
  using(run: (store: Store) => Promise<void>): Promise<void>
  /** Moves the clock of the store, also back. */
  advance(ms: number): void
}

/** A convo of alice and bob with messages by alice, listed for both. */
export async function withConvo(
  store: Store,
  texts: string[] = [],
): Promise<{ convoId: Tid; messages: UserMessage[] }> {
  const pair = pairOf(alice, bob)
  return store.transact({ accounts: pair, pairs: [pair] }, tx => {
    const convoId = tx.nextRev()
    tx.createDirectConvo({ id: convoId, kind: 'direct' }, pair)
    const messages = texts.map(text => addMessage(tx, convoId, text))
    for (const did of pair)
      tx.putMember(member(convoId, did, { lastMessage: messages.at(-1)?.id ?? 0, rev: tx.nextRev() }))
    return { convoId, messages }
  })
}

/** A group of these, its owner first, all told of it. */
export function withGroup(store: Store, dids: readonly Did[], changed: Partial<GroupConvo> = {}) {
  return store.transact({}, tx => addGroup(tx, dids, changed))
}

export function addGroup(
  tx: Transaction,
  [owner, ...others]: readonly Did[],
  changed: Partial<GroupConvo> = {},
): GroupConvo {
  const group: GroupConvo = {
    id: tx.nextRev(),
    kind: 'group',
    name: 'Readers',
    owner: owner!,
    lock: 'unlocked',
    memberCount: others.length + 1,
    requestCount: 0,
    ...changed,
  }
  tx.putGroup(group)
  for (const did of [owner!, ...others]) join(tx, group.id, did)
  return group
}

/** Makes a member who is told of the convo, and sees what comes from then on. */
export function join(tx: Transaction, convoId: Tid, did: Did, changed: Partial<Member> = {}): Member {
  const rev = tx.nextRev()
  const joined = member(convoId, did, { rev, joined: rev, visibleFrom: rev, readUpTo: rev, ...changed })
  tx.putMember(joined)
  tx.appendLog({ did, rev, type: 'beginConvo', convoId })
  return joined
}

/** A message by alice, in her log. */
export function addMessage(tx: Transaction, convoId: Tid, text: string): UserMessage {
  const message = addMessageBy(tx, alice, convoId, text)
  tx.appendLog({ did: alice, rev: message.id, type: 'createMessage', convoId, messageId: message.id })
  return message
}

export function addMessageBy(tx: Transaction, sender: Did, convoId: Tid, text: string): UserMessage {
  const id = tx.nextRev()
  const message: UserMessage = { convoId, id, rev: id, sender, body: { text } }
  tx.addMessage(message)
  return message
}

export function addSystemMessage(tx: Transaction, convoId: Tid, event: SystemEvent): SystemMessage {
  const id = tx.nextRev()
  const message: SystemMessage = { convoId, id, rev: id, event }
  tx.addMessage(message)
  return message
}

export function textOf(message: Message | undefined): string | undefined {
  return message && !isSystem(message) ? message.body?.text : undefined
}

export function member(convoId: Tid, did: Did, changed: Partial<Member>): Member {
  return { ...newMember(convoId, did, 0), status: 'accepted', listed: true, ...changed }
}

export async function membershipOf(store: Store, did: Did, { id }: Pick<Convo, 'id'>): Promise<Membership> {
  const found = (await store.memberships(did, [id])).get(id)
  if (!found) throw new Error(`${did} is not in ${id}`)
  return found
}

/** The same for the same seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >>> 8) % below
  }
}
