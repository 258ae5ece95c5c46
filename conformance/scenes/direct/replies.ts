import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { knock, openConvo } from '../setups.ts'

export const replies = subject('replies')
const { scene } = replies

scene('a reply shows the message that it answers', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'tea?' } })
  await bob.sendMessage({ convoId, message: { text: 'yes', replyTo: { messageId } } })
  await alice.sees(convoId, 'alice: tea?', 'bob: yes (to alice: tea?)')
})

scene('one level deep', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const tea = await alice.sendMessage({ convoId, message: { text: 'tea?' } })
  const yes = await bob.sendMessage({ convoId, message: { text: 'yes', replyTo: { messageId: tea.id } } })
  await alice.sendMessage({ convoId, message: { text: 'good', replyTo: { messageId: yes.id } } })
  await bob.sees(convoId, 'alice: tea?', 'bob: yes (to alice: tea?)', 'alice: good (to bob: yes)')
})

scene('the event of a reply shows it too', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.skips()
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'tea?' } })
  await alice.sendMessage({ convoId, message: { text: 'or coffee?', replyTo: { messageId } } })
  await bob.hears('logCreateMessage alice: tea?', 'logCreateMessage alice: or coffee? (to alice: tea?)')
})

scene('a reply to what its reader has deleted shows that as deleted', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'tea?' } })
  await bob.sendMessage({ convoId, message: { text: 'yes', replyTo: { messageId } } })
  await bob.deleteMessageForSelf({ convoId, messageId })
  await bob.sees(convoId, 'bob: yes (to alice: (deletedMessageView))')
  await alice.sees(convoId, 'alice: tea?', 'bob: yes (to alice: tea?)')
})

scene('a reply to what its reader left behind shows that as deleted', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'tea?' } })
  await bob.leaveConvo({ convoId })
  await alice.sendMessage({ convoId, message: { text: 'or coffee?', replyTo: { messageId } } })
  await bob.sees(convoId, 'alice: or coffee? (to alice: (deletedMessageView))')
})

scene('what is not in sight cannot be replied to', async ({ alice, bob, carla }) => {
  const convoId = await openConvo(alice, bob)
  const elsewhere = await alice.sendMessage({
    convoId: await openConvo(alice, carla),
    message: { text: 'elsewhere' },
  })
  const deleted = await alice.sendMessage({ convoId, message: { text: 'deleted' } })
  await alice.deleteMessageForSelf({ convoId, messageId: deleted.id })
  const leftBehind = await bob.sendMessage({ convoId, message: { text: 'left behind' } })
  await alice.leaveConvo({ convoId })
  for (const messageId of [elsewhere.id, deleted.id, leftBehind.id, '3kabcdefghijk', 'nonsense']) {
    const message = { text: 'reply', replyTo: { messageId } }
    await refused(alice.sendMessage({ convoId, message }), 'ReplyTargetNotFound')
  }
  assert.deepEqual((await alice.getMessages({ convoId })).messages, [])
})
