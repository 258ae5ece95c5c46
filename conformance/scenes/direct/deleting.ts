import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, openConvo, talk } from '../setups.ts'

export const deleting = subject('deleting for oneself')
const { scene } = deleting

scene('the message goes for oneself and stays for the other', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  await catchUp(alice, bob)
  await bob.deleteMessageForSelf({ convoId, messageId })
  await bob.hears('logDeleteMessage alice: (deletedMessageView)')
  await alice.hears()
  await bob.sees(convoId, 'alice: hello', 'bob: hi')
  await alice.sees(convoId, 'alice: hello', 'bob: hi', 'alice: a secret')
})

scene('one’s own goes for oneself only, too', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  await alice.deleteMessageForSelf({ convoId, messageId })
  await alice.sees(convoId)
  await bob.sees(convoId, 'alice: a secret')
})

scene('as the last message it shows as deleted, and the convo stays where it was', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId, rev } = await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  await bob.deleteMessageForSelf({ convoId, messageId })
  const { convo } = await bob.getConvo({ convoId })
  const lastMessage = { $type: 'chat.bsky.convo.defs#deletedMessageView', id: messageId }
  assert.partialDeepStrictEqual(convo, { rev, lastMessage })
  assert.doesNotMatch(JSON.stringify(convo), /a secret/)
})

scene('it no longer counts as unread', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'one' } })
  await alice.sendMessage({ convoId, message: { text: 'two' } })
  await bob.deleteMessageForSelf({ convoId, messageId })
  assert.equal((await bob.getConvo({ convoId })).convo.unreadCount, 1)
})

scene('deleting it again answers the same and is not logged', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  const deleted = await bob.deleteMessageForSelf({ convoId, messageId })
  assert.equal('text' in deleted, false)
  await catchUp(bob)
  assert.deepEqual(await bob.deleteMessageForSelf({ convoId, messageId }), deleted)
  await bob.hears()
})

scene('old events do not tell its text', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { cursor } = await bob.getLog()
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'a secret' } })
  await bob.deleteMessageForSelf({ convoId, messageId })
  assert.doesNotMatch(JSON.stringify(await bob.getLog({ cursor: cursor! })), /a secret/)
})

scene('what does not exist cannot be deleted', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  for (const messageId of ['3kabcdefghijk', 'nonsense']) {
    await refused(bob.deleteMessageForSelf({ convoId, messageId }), 'InvalidRequest')
  }
})
