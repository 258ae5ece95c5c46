import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, knock, openConvo, talk } from '../setups.ts'

export const whoMayWrite = subject('who may write to whom')
const { scene } = whoMayWrite

// Official clients compare these texts letter by letter.
const acceptsNobody = 'recipient has disabled incoming messages'
const onlyFollowed = 'recipient requires incoming messages to come from someone they follow'
const blocked = 'block between recipient and sender'
const gone = 'recipient does not exist'

scene('to one who declares none, nobody', async ({ alice, bob }) => {
  await bob.declare({ allowIncoming: 'none' })
  const opening = alice.getConvoForMembers({ members: [bob.did] })
  await refused(opening, 'MessagesDisabled', acceptsNobody)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: false })
  await alice.hears()
})

scene('to one who declares following, those whom they follow', async ({ alice, bob }) => {
  await bob.declare({ allowIncoming: 'following' })
  await alice.follow(bob)
  const opening = alice.getConvoForMembers({ members: [bob.did] })
  await refused(opening, 'NotFollowedBySender', onlyFollowed)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: false })
  await bob.follow(alice)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: true })
  await knock(alice, bob)
})

scene('one who declares none may write first, and be answered', async ({ alice, bob }) => {
  await alice.declare({ allowIncoming: 'none' })
  const convoId = await knock(alice, bob)
  await bob.sendMessage({ convoId, message: { text: 'hi' } })
  await alice.sees(convoId, 'alice: hello', 'bob: hi')
})

scene('a declaration is asked of a convo that is not accepted', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.declare({ allowIncoming: 'none' })
  const message = { text: 'and?' }
  await refused(alice.sendMessage({ convoId, message }), 'InvalidRequest', acceptsNobody)
  await bob.declare({ allowIncoming: 'following' })
  await refused(alice.sendMessage({ convoId, message }), 'InvalidRequest', onlyFollowed)
})

scene('and no more of one that is', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.declare({ allowIncoming: 'none' })
  await alice.sendMessage({ convoId, message: { text: 'still there?' } })
  const { canChat } = await alice.getConvoAvailability({ members: [bob.did] })
  assert.equal(canChat, true)
})

scene('who left may write again to one who accepted, whatever they declare', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.declare({ allowIncoming: 'none' })
  await alice.leaveConvo({ convoId })
  assert.equal(await openConvo(alice, bob), convoId)
  await alice.sendMessage({ convoId, message: { text: 'me again' } })
})

scene('to one who blocks the sender, nothing begins', async ({ alice, bob }) => {
  await bob.block(alice)
  await refused(alice.getConvoForMembers({ members: [bob.did] }), 'BlockedActor', blocked)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: false })
})

scene('nor to one whom the sender blocks', async ({ alice, bob }) => {
  await alice.block(bob)
  await refused(alice.getConvoForMembers({ members: [bob.did] }), 'BlockedSubject', blocked)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: false })
})

scene('a block either way stops both, until it is taken back', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await catchUp(alice, bob)
  await bob.block(alice)
  for (const actor of [alice, bob]) {
    const sending = actor.sendMessage({ convoId, message: { text: 'hey' } })
    await refused(sending, 'InvalidRequest', blocked)
  }
  await alice.hears()
  await bob.hears()
  await bob.unblock(alice)
  await alice.sendMessage({ convoId, message: { text: 'friends again?' } })
  await bob.hears('logCreateMessage alice: friends again?')
})

scene('a convo across a block is still listed and read', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.block(alice)
  for (const actor of [alice, bob]) {
    assert.partialDeepStrictEqual((await actor.listConvos()).convos, [{ id: convoId }])
    await actor.sees(convoId, 'alice: hello', 'bob: hi')
    await actor.updateRead({ convoId })
    const { canChat, convo } = await actor.getConvoAvailability({
      members: [actor === alice ? bob.did : alice.did],
    })
    assert.deepEqual([canChat, convo?.id], [false, convoId])
  }
})

scene('a member’s profile shows the viewer’s block, and that they are blocked', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.block(alice)
  const asBobSees = (await bob.getConvoMembers({ convoId })).members.find(({ did }) => did === alice.did)
  const asAliceSees = (await alice.getConvoMembers({ convoId })).members.find(({ did }) => did === bob.did)
  assert.match(asBobSees?.viewer?.blocking ?? '', new RegExp(`^at://${bob.did}/app.bsky.graph.block/`))
  assert.equal(asAliceSees?.viewer?.blockedBy, true)
})

scene('an account that nobody knows', async ({ alice }) => {
  const nobody = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'
  await refused(alice.getConvoForMembers({ members: [nobody] }), 'RecipientNotFound', gone)
  assert.deepEqual(await alice.getConvoAvailability({ members: [nobody] }), { canChat: false })
})

scene(
  'a deactivated account cannot be written to, and its messages hide until it is back',
  async ({ alice, bob }) => {
    const convoId = await talk(alice, bob)
    await bob.deactivate()
    await refused(alice.sendMessage({ convoId, message: { text: 'hey' } }), 'InvalidRequest', gone)
    await alice.sees(convoId, 'alice: hello')
    const { convo } = await alice.getConvo({ convoId })
    const lastMessage = { $type: 'chat.bsky.convo.defs#deletedMessageView' }
    assert.partialDeepStrictEqual(convo, { lastMessage })
    const shown = convo.members.find(({ did }) => did === bob.did)
    assert.equal(shown?.handle, 'missing.invalid')
    await bob.activate()
    await alice.sees(convoId, 'alice: hello', 'bob: hi')
  },
)

scene(
  'availability tells of the convo that there is, and never begins one',
  async ({ alice, bob, carla }) => {
    const convoId = await knock(alice, bob)
    const { convo } = await bob.getConvoAvailability({ members: [alice.did] })
    assert.equal(convo?.id, convoId)
    assert.deepEqual(await bob.getConvoAvailability({ members: [carla.did] }), { canChat: true })
    assert.deepEqual(await bob.getConvoAvailability({ members: [bob.did] }), { canChat: false })
    await carla.hears()
  },
)
