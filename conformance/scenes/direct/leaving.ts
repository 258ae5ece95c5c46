import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, knock, openConvo, talk } from '../setups.ts'

export const leaving = subject('leaving a direct convo')
const { scene } = leaving

scene('it goes out of the leaver’s lists and counts', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.leaveConvo({ convoId })
  assert.deepEqual((await bob.listConvos()).convos, [])
  assert.deepEqual((await bob.listConvoRequests()).requests, [])
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 0 })
})

scene('its history goes for the leaver, and stays for the other', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.leaveConvo({ convoId })
  await bob.sees(convoId)
  await alice.sees(convoId, 'alice: hello', 'bob: hi')
})

scene(
  'it is logged for the leaver, with the rev it answers; the other hears nothing',
  async ({ alice, bob }) => {
    const convoId = await talk(alice, bob)
    await catchUp(alice, bob)
    const { cursor } = await bob.getLog()
    const left = await bob.leaveConvo({ convoId })
    assert.equal(left.convoId, convoId)
    const { logs } = await bob.getLog({ cursor: cursor! })
    assert.partialDeepStrictEqual(logs, [{ rev: left.rev, convoId }])
    await bob.hears('logLeaveConvo')
    await alice.hears()
  },
)

scene('leaving twice is leaving once', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  const left = await bob.leaveConvo({ convoId })
  await catchUp(bob)
  assert.deepEqual(await bob.leaveConvo({ convoId }), left)
  await bob.hears()
})

scene('a message to one who left comes back as a request', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.leaveConvo({ convoId })
  await catchUp(bob)
  await alice.sendMessage({ convoId, message: { text: 'are you there?' } })
  await bob.hears('logCreateMessage alice: are you there?')
  await bob.sees(convoId, 'alice: are you there?')
  const { convo } = await bob.getConvo({ convoId })
  assert.partialDeepStrictEqual(convo, { status: 'request', unreadCount: 1 })
  const { requests } = await bob.listConvoRequests()
  assert.partialDeepStrictEqual(requests, [{ id: convoId }])
})

scene('opening it again accepts it, without its history', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await alice.leaveConvo({ convoId })
  await catchUp(alice, bob)
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  assert.partialDeepStrictEqual(convo, { id: convoId, status: 'accepted', unreadCount: 0 })
  assert.equal(convo.lastMessage, undefined)
  await alice.sees(convoId)
  await alice.hears('logBeginConvo')
  await bob.hears()
})

scene('who left may write again, which accepts', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await alice.leaveConvo({ convoId })
  await catchUp(alice, bob)
  await alice.sendMessage({ convoId, message: { text: 'me again' } })
  await alice.hears('logAcceptConvo', 'logCreateMessage alice: me again')
  await bob.hears('logCreateMessage alice: me again')
  await alice.sees(convoId, 'alice: me again')
  await bob.sees(convoId, 'alice: hello', 'bob: hi', 'alice: me again')
})

scene('the log forgets what was left behind', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { cursor } = await bob.getLog()
  await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  await bob.leaveConvo({ convoId })
  assert.doesNotMatch(JSON.stringify(await bob.getLog({ cursor: cursor! })), /a secret/)
})

scene('reactions to what was left behind are not heard', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'hello' } })
  await bob.leaveConvo({ convoId })
  await catchUp(bob)
  await alice.addReaction({ convoId, messageId, value: '👍' })
  await bob.hears()
  await refused(bob.addReaction({ convoId, messageId, value: '👍' }), 'InvalidRequest')
  assert.equal((await bob.getConvo({ convoId })).convo.lastReaction, undefined)
})
