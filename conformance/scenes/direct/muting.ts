import assert from 'node:assert/strict'
import { subject } from '../script.ts'
import { catchUp, knock, talk } from '../setups.ts'

export const muting = subject('muting')
const { scene } = muting

scene('it is for oneself alone, and logged for oneself alone', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await catchUp(alice, bob)
  assert.equal((await bob.muteConvo({ convoId })).convo.muted, true)
  assert.equal((await alice.getConvo({ convoId })).convo.muted, false)
  assert.equal((await bob.unmuteConvo({ convoId })).convo.muted, false)
  await bob.hears('logMuteConvo', 'logUnmuteConvo')
  await alice.hears()
})

scene('muting what is muted changes nothing', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.muteConvo({ convoId })
  await catchUp(bob)
  assert.equal((await bob.muteConvo({ convoId })).convo.muted, true)
  await bob.hears()
})

scene('messages still come, and the convo still rises in the list', async ({ alice, bob, carla }) => {
  const withAlice = await knock(alice, bob)
  await knock(carla, bob)
  await bob.muteConvo({ convoId: withAlice })
  await catchUp(bob)
  await alice.sendMessage({ convoId: withAlice, message: { text: 'psst' } })
  await bob.hears('logCreateMessage alice: psst')
  const { convos } = await bob.listConvos()
  assert.partialDeepStrictEqual(convos[0], { id: withAlice, muted: true, unreadCount: 2 })
})

scene('a muted convo does not count as unread', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.muteConvo({ convoId })
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 0 })
  await bob.unmuteConvo({ convoId })
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 1 })
})
