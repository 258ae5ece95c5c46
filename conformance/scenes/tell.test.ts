import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellEvent, tellHistory } from './tell.ts'

const names: Record<string, string> = { 'did:plc:a': 'alice', 'did:plc:b': 'bob' }
const nameOf = (did: string) => names[did] ?? did
const defs = 'chat.bsky.convo.defs'
const hello = { $type: `${defs}#messageView`, text: 'hello', sender: { did: 'did:plc:a' } }

test('a message says who, what, to what, and what others think of it', () => {
  const reactions = [{ value: '👍', sender: { did: 'did:plc:b' } }]
  assert.equal(tellHistory({ ...hello, reactions }, nameOf), 'alice: hello [bob 👍]')
  const reply = { $type: `${defs}#messageView`, text: 'hi', sender: { did: 'did:plc:b' }, replyTo: hello }
  assert.equal(tellHistory(reply, nameOf), 'bob: hi (to alice: hello)')
  const before = { ...reply, replyTo: { $type: `${defs}#messageBeforeUserJoinedGroupView` } }
  assert.equal(tellHistory(before, nameOf), 'bob: hi (to (messageBeforeUserJoinedGroupView))')
})

test('a deleted message says no more than that', () => {
  const deleted = { $type: `${defs}#deletedMessageView`, sender: { did: 'did:plc:a' } }
  assert.equal(tellHistory(deleted, nameOf), 'alice: (deletedMessageView)')
})

test('a system message has the fields of its data in the lexicon’s order', () => {
  const [addedBy, member] = [{ did: 'did:plc:a' }, { did: 'did:plc:b' }]
  const data = { $type: `${defs}#systemMessageDataAddMember`, addedBy, role: 'standard', member }
  const message = { $type: `${defs}#systemMessageView`, data }
  const fields = 'member: bob, role: standard, addedBy: alice'
  assert.equal(tellHistory(message, nameOf), `AddMember ${fields}`)
  assert.equal(tellEvent({ $type: `${defs}#logAddMember`, message }, nameOf), `logAddMember ${fields}`)
})

test('an event says whom it is about', () => {
  const reaction = { value: '👍', sender: { did: 'did:plc:b' } }
  const reacted = { $type: `${defs}#logAddReaction`, message: hello, reaction }
  assert.equal(tellEvent(reacted, nameOf), 'logAddReaction bob 👍 to alice: hello')
  const request = { $type: `${defs}#logIncomingJoinRequest`, member: { did: 'did:plc:b' } }
  assert.equal(tellEvent(request, nameOf), 'logIncomingJoinRequest member: bob')
  assert.equal(tellEvent({ $type: `${defs}#logLeaveConvo` }, nameOf), 'logLeaveConvo')
})
