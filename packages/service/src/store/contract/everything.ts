import assert from 'node:assert/strict'
import type { ListFilter, Store } from '../store.ts'
import {
  addMessage,
  addSystemMessage,
  alice,
  bob,
  carla,
  member,
  membershipOf,
  withConvo,
  withGroup,
} from './given.ts'

const filters: Omit<ListFilter, 'limit'>[] = [
  {},
  { before: 5 },
  { status: 'request' },
  { unread: true },
  { unread: true, unmuted: true },
  { unread: true, unmuted: true, status: 'accepted', lock: 'unlocked' },
  { kind: 'group' },
  { lock: 'locked' },
  { sharedWith: bob },
  { kind: 'group', status: 'accepted', sharedWith: bob },
]

/** Asks everything that a store answers. */
export async function readEverything(store: Store): Promise<void> {
  const { convoId } = await withConvo(store, ['one'])
  const group = await withGroup(store, [alice, bob])
  const membership = await membershipOf(store, alice, group)
  await store.overviews([membership])
  await store.directMembership(alice, bob)
  for (const filter of filters) await store.listMemberships(alice, { limit: 10, ...filter })
  await store.allMemberships(alice, { after: 0, limit: 10 })
  await store.message(membership, 5)
  await store.messages(membership, { limit: 10, withoutSenders: [bob] })
  await store.log(alice, { after: 0, limit: 10 })
  await store.logHead(alice)
  await store.logRevAt(alice, 1)
  await store.disabledAmong([alice])
  await store.account(alice)
  await store.groupMembers(membership, { limit: 10 })
  await store.membersAmong(membership, [bob])
  await store.groupsByCode(['code'])
  await store.joinRequests(membership, { limit: 10 })
  await store.ownJoinRequests(alice, { limit: 10 })
  await store.requestedAt(alice, [group.id])
  await store.convosEver(alice, { after: 0, limit: 10 })
  await store.writtenBy(alice, convoId, { after: 0, limit: 10 })
  const { forModerators } = store
  await forModerators.convos([convoId])
  await forModerators.members(convoId, { limit: 10 })
  await forModerators.messages(5)
  await forModerators.messagesBeside(convoId, 5, 'before', 10)
  await forModerators.messagesBeside(convoId, 5, 'after', 10)
  await forModerators.activity(alice, 0)
  await forModerators.events({ after: 0, limit: 10 })
  await forModerators.eventHead()
}

/** Makes every kind of change, with everything in scope. */
export async function changeEverything(store: Store): Promise<void> {
  const group = await withGroup(store, [alice, bob])
  const at = { convoId: group.id, messageId: 5, viewer: alice }
  const scope = {
    accounts: [alice],
    convos: [group.id],
    pairs: [[alice, carla] as const],
    messages: [at],
    sentKeys: [{ did: alice, key: 'k' }],
    unreadAfter: [at],
    unreadOf: [{ did: alice, limit: 5 }],
    candidates: [{ convoId: group.id, did: carla }],
    requestsTo: [group.id],
    recounts: [group.id],
    erasures: [{ convoId: group.id, messageIds: [5] }],
  }
  await store.transact(scope, tx => {
    tx.putAccount({ did: alice, chatDisabled: false })
    tx.createDirectConvo({ id: tx.nextRev(), kind: 'direct' }, [alice, carla])
    tx.putGroup({ ...group, name: 'Writers' })
    tx.putMember(member(group.id, carla, { rev: tx.nextRev() }))
    tx.removeMember(tx.member(group.id, bob)!)
    const message = addMessage(tx, group.id, 'one')
    addSystemMessage(tx, group.id, { type: 'createJoinLink' })
    const request = { convoId: group.id, did: carla, requestedAt: 5 }
    tx.addJoinRequest(request)
    tx.removeJoinRequest(request)
    tx.setKicked(group.id, carla, true)
    tx.setKicked(group.id, carla, false)
    tx.rememberSent({ did: alice, key: 'k', convoId: group.id, messageId: message.id })
    tx.hideMessage(bob, message)
    tx.appendModEvent({ rev: tx.nextRev(), event: {} as never })
  })
  const messages = await store.writtenBy(alice, group.id, { after: 0, limit: 1 })
  const ofOne = messages.map(messageId => ({ convoId: group.id, messageId, viewer: alice }))
  await store.transact({ messages: ofOne }, tx => {
    const message = tx.message(group.id, messages[0]!)
    assert.ok(message && 'sender' in message)
    const reaction = { ...ofOne[0]!, sender: bob, value: '👍', rev: tx.nextRev() }
    tx.addReaction(reaction)
    tx.removeReaction(tx.reactions(group.id, message.id)[0]!)
    tx.setMessageRev(message, tx.nextRev())
    tx.eraseMessage(message)
    tx.purgeAccount(alice, tx.nextRev())
  })
}
