import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, knock, openConvo, talk } from '../setups.ts'

export const messages = subject('messages')
const { scene } = messages

scene('a message reaches both', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await catchUp(alice, bob)
  await alice.sendMessage({ convoId, message: { text: 'how are you?' } })
  await alice.hears('logCreateMessage alice: how are you?')
  await bob.hears('logCreateMessage alice: how are you?')
  await alice.sees(convoId, 'alice: hello', 'alice: how are you?')
  await bob.sees(convoId, 'alice: hello', 'alice: how are you?')
})

scene('its answer, its event and the convo agree on its rev', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  const { cursor } = await bob.getLog()
  const message = await alice.sendMessage({ convoId, message: { text: 'news' } })
  const { logs } = await bob.getLog({ cursor: cursor! })
  assert.partialDeepStrictEqual(logs, [{ rev: message.rev, convoId, message }])
  const { convo } = await bob.getConvo({ convoId })
  assert.partialDeepStrictEqual(convo, { rev: message.rev, lastMessage: message })
})

scene('it is a view with an empty list of reactions', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const message = await alice.sendMessage({ convoId, message: { text: 'hello' } })
  assert.partialDeepStrictEqual(message, { text: 'hello', reactions: [], sender: { did: alice.did } })
  const { messages } = await bob.getMessages({ convoId })
  assert.partialDeepStrictEqual(messages, [
    { $type: 'chat.bsky.convo.defs#messageView', id: message.id, sentAt: message.sentAt },
  ])
})

scene('facets come back as they were given, none as none', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const tag = { $type: 'app.bsky.richtext.facet#tag', tag: 'atproto' }
  const facets = [{ index: { byteStart: 0, byteEnd: 8 }, features: [tag] }]
  const tagged = await alice.sendMessage({ convoId, message: { text: '#atproto', facets } })
  const empty = await alice.sendMessage({ convoId, message: { text: 'plain', facets: [] } })
  const plain = await alice.sendMessage({ convoId, message: { text: '#atproto' } })
  assert.deepEqual(tagged.facets, facets)
  assert.deepEqual(empty.facets, [])
  assert.equal(plain.facets, undefined)
})

scene('nothing but blanks is no message, an embed is', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const embed = { $type: 'chat.bsky.embed.joinLink' as const, code: 'nowhere' }
  await refused(alice.sendMessage({ convoId, message: { text: '' } }), 'InvalidRequest')
  await refused(alice.sendMessage({ convoId, message: { text: ' \n ' } }), 'InvalidRequest')
  await alice.sendMessage({ convoId, message: { text: '', embed } })
  await bob.sees(convoId, 'alice:  (with chat.bsky.embed.joinLink#view)')
})

scene('a post that nobody finds is shown as not found', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const cid = 'bafyreihffx5a2e7k5uwrmmgofbvzujc5cmw5h4espouwuxt3liqoflx3ee'
  const record = { uri: `at://${bob.did}/app.bsky.feed.post/3kabcdefghijk`, cid }
  const embed = { $type: 'app.bsky.embed.record' as const, record }
  const message = await alice.sendMessage({ convoId, message: { text: 'look', embed } })
  assert.partialDeepStrictEqual(message.embed, {
    $type: 'app.bsky.embed.record#view',
    record: { $type: 'app.bsky.embed.record#viewNotFound', uri: record.uri },
  })
})

scene('a text has at most 1000 graphemes', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  await alice.sendMessage({ convoId, message: { text: '👍🏽'.repeat(1000) } })
  await refused(alice.sendMessage({ convoId, message: { text: 'x'.repeat(1001) } }), 'InvalidRequest')
})

scene('writing into a convo that does not exist', async ({ alice }) => {
  const message = { text: 'anybody?' }
  await refused(alice.sendMessage({ convoId: '3kabcdefghijk', message }), 'InvalidConvo', 'Convo not found')
})

scene('a batch sends in its order, into several convos', async ({ alice, bob, carla }) => {
  const [withBob, withCarla] = [await openConvo(alice, bob), await openConvo(alice, carla)]
  const { items } = await alice.sendMessageBatch({
    items: [
      { convoId: withBob, message: { text: 'one' } },
      { convoId: withCarla, message: { text: 'two' } },
      { convoId: withBob, message: { text: 'three' } },
    ],
  })
  assert.deepEqual(
    items.map(({ text }) => text),
    ['one', 'two', 'three'],
  )
  await bob.hears('logBeginConvo', 'logCreateMessage alice: one', 'logCreateMessage alice: three')
  await carla.hears('logBeginConvo', 'logCreateMessage alice: two')
})

scene('a batch with one bad item sends nothing', async ({ alice, bob, carla }) => {
  const convoId = await talk(alice, bob)
  const foreign = await openConvo(bob, carla)
  await catchUp(alice, bob)
  const good = { convoId, message: { text: 'good' } }
  const reply = { convoId, message: { text: 'x', replyTo: { messageId: '3kabcdefghijk' } } }
  const send = (bad: typeof good) => alice.sendMessageBatch({ items: [good, bad, good] })
  await refused(send({ convoId: foreign, message: { text: 'x' } }), 'InvalidConvo')
  await refused(send(reply), 'ReplyTargetNotFound')
  await refused(send({ convoId, message: { text: '' } }), 'InvalidRequest')
  await alice.hears()
  await bob.hears()
  await alice.sees(convoId, 'alice: hello', 'bob: hi')
})

scene('a batch has at most 100 items', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const items = Array.from({ length: 101 }, () => ({ convoId, message: { text: 'again' } }))
  await refused(alice.sendMessageBatch({ items }), 'InvalidRequest')
  assert.deepEqual((await alice.getMessages({ convoId })).messages, [])
})

scene('history comes newest first, in full pages, the last without a cursor', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const items = Array.from({ length: 7 }, (_, n) => ({ convoId, message: { text: `${n}` } }))
  await alice.sendMessageBatch({ items })
  const texts: unknown[] = []
  const sizes: number[] = []
  let cursor: string | undefined
  do {
    const page = await bob.getMessages({ convoId, limit: 3, ...(cursor && { cursor }) })
    texts.push(...page.messages.map(message => ('text' in message ? message.text : message.$type)))
    sizes.push(page.messages.length)
    cursor = page.cursor
  } while (cursor)
  assert.deepEqual(texts, ['6', '5', '4', '3', '2', '1', '0'])
  assert.deepEqual(sizes, [3, 3, 1])
})

scene('an empty cursor is the first page, and nonsense is refused', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  const first = await bob.getMessages({ convoId })
  assert.deepEqual((await bob.getMessages({ convoId, cursor: '' })).messages, first.messages)
  await refused(bob.getMessages({ convoId, cursor: 'nonsense' }), 'InvalidRequest', 'Malformed cursor')
  await refused(bob.getMessages({ convoId, limit: 101 }), 'InvalidRequest')
  await refused(bob.getMessages({ convoId, limit: 0 }), 'InvalidRequest')
})

scene('history before the rev of an event is what was there before it', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob, 'one')
  const { rev } = await alice.sendMessage({ convoId, message: { text: 'two' } })
  const { messages } = await bob.getMessages({ convoId, cursor: rev })
  assert.partialDeepStrictEqual(messages, [{ text: 'one' }])
  assert.equal(messages.length, 1)
})

scene('a page of history brings the profiles of those in it', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  const { relatedProfiles } = await alice.getMessages({ convoId })
  assert.deepEqual(relatedProfiles?.map(({ did }) => did).sort(), [alice.did, bob.did].sort())
})
