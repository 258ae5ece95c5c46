import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, knock, openConvo, talk } from '../setups.ts'

export const requests = subject('requests')
const { scene } = requests

scene('a first message is a request to the other and accepted by its sender', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  assert.equal((await alice.getConvo({ convoId })).convo.status, 'accepted')
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'request')
})

scene('requests have a list of their own', async ({ alice, bob, carla }) => {
  const fromAlice = await knock(alice, bob)
  const fromCarla = await knock(carla, bob)
  await bob.acceptConvo({ convoId: fromAlice })
  const { requests } = await bob.listConvoRequests()
  assert.partialDeepStrictEqual(requests, [{ $type: 'chat.bsky.convo.defs#convoView', id: fromCarla }])
  assert.equal(requests.length, 1)
})

scene('accepting is logged for the one who accepts, with the rev it answers', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await catchUp(alice, bob)
  const { cursor } = await bob.getLog()
  const { rev } = await bob.acceptConvo({ convoId })
  const { logs } = await bob.getLog({ cursor: cursor! })
  assert.partialDeepStrictEqual(logs, [{ rev, convoId }])
  await bob.hears('logAcceptConvo')
  await alice.hears()
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'accepted')
})

scene('accepting again changes nothing and answers no rev', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await catchUp(bob)
  assert.equal((await bob.acceptConvo({ convoId })).rev, undefined)
  await bob.hears()
})

scene('answering accepts', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.updateRead({ convoId })
  await catchUp(alice, bob)
  await bob.sendMessage({ convoId, message: { text: 'hi' } })
  await bob.hears('logAcceptConvo', 'logCreateMessage bob: hi')
  await alice.hears('logCreateMessage bob: hi')
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'accepted')
})

scene('reading, muting and reacting do not accept', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'hello' } })
  await bob.updateRead({ convoId, messageId })
  await bob.muteConvo({ convoId })
  await bob.addReaction({ convoId, messageId, value: '👍' })
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'request')
})

scene('a follow does not accept', async ({ alice, bob }) => {
  await bob.follow(alice)
  const convoId = await knock(alice, bob)
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'request')
})

scene('a convo that does not exist cannot be accepted', async ({ alice }) => {
  await refused(alice.acceptConvo({ convoId: '3kabcdefghijk' }), 'InvalidConvo', 'Convo not found')
})
