import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceUri } from '@atcute/lexicons/syntax'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from '../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { sendMessageBatch } from '../src/endpoints/chat/bsky/convo/sendMessageBatch.ts'
import { type Actor, logTypes, newLog, onEveryStore, openConvo, refuses, say, wholeLog } from './stage.ts'

const texts = (messages: readonly object[]) =>
  messages.map(message => ('text' in message ? message.text : undefined))

onEveryStore('sending', stage => {
  test('a message reaches both, under one rev', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const [alices, bobs] = [await newLog(alice), await newLog(bob)]
    const convo = await openConvo(alice, bob)
    const sent = await say(alice, convo, 'hello')
    const [, echo] = await alices()
    const [begin, received] = await bobs()
    assert.equal(begin?.$type, 'chat.bsky.convo.defs#logBeginConvo')
    assert.ok(begin!.rev < received!.rev)
    assert.deepEqual(echo, {
      ...received,
      relatedProfiles: (echo as { relatedProfiles: unknown }).relatedProfiles,
    })
    for (const actor of [alice, bob]) {
      const seen = (await actor.call(getConvo, { convoId: convo.id })).convo
      assert.equal(seen.rev, received!.rev)
      assert.equal(seen.rev, sent.rev)
      assert.deepEqual(seen.lastMessage, sent)
    }
  })

  test('the recipient of a first message has a request with one unread', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    const { convo: bobs } = await bob.call(getConvo, { convoId: convo.id })
    assert.deepEqual([bobs.status, bobs.unreadCount], ['request', 1])
    const { convo: alices } = await alice.call(getConvo, { convoId: convo.id })
    assert.deepEqual([alices.status, alices.unreadCount], ['accepted', 0])
  })

  test('answering a request accepts it, and says so below the message', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    const log = await newLog(bob)
    await say(bob, convo, 'hi')
    assert.deepEqual(await logTypes(log), [
      'logAcceptConvo',
      'logCreateMessage',
      'logReadMessage',
      'logReadConvo',
    ])
    const { convo: seen } = await bob.call(getConvo, { convoId: convo.id })
    assert.deepEqual([seen.status, seen.unreadCount], ['accepted', 0])
  })

  test('facets and embeds come back as they were sent', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const uri: ResourceUri = `at://${bob.did}/app.bsky.feed.post/3kabcdefghijk`
    const cid = 'bafyreibabalobzn6cd366ukcsjycp4yymjymgfxcv6xczmlgpemzkz3cfa'
    const facets = [
      {
        index: { byteStart: 0, byteEnd: 5 },
        features: [{ $type: 'app.bsky.richtext.facet#tag' as const, tag: 'hello' }],
      },
    ]
    const sent = await alice.call(sendMessage, {
      convoId: convo.id,
      message: { text: 'hello', facets, embed: { $type: 'app.bsky.embed.record', record: { uri, cid } } },
    })
    assert.deepEqual(sent.facets, facets)
    assert.deepEqual(sent.embed, {
      $type: 'app.bsky.embed.record#view',
      record: { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true },
    })
    const empty = await alice.call(sendMessage, { convoId: convo.id, message: { text: 'x', facets: [] } })
    assert.deepEqual(empty.facets, [])
    const embedOnly = { text: '', embed: { $type: 'app.bsky.embed.record' as const, record: { uri, cid } } }
    assert.equal((await alice.call(sendMessage, { convoId: convo.id, message: embedOnly })).text, '')
    const link = { text: '', embed: { $type: 'chat.bsky.embed.joinLink' as const, code: 'OyiHQqB' } }
    const preview = (await alice.call(sendMessage, { convoId: convo.id, message: link })).embed
    assert.equal(preview?.$type, 'chat.bsky.embed.joinLink#view')
  })

  test('nothing at all, unknown embeds, and too much of a good thing are refused', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convoId = (await openConvo(alice, bob)).id
    const facet = {
      index: { byteStart: 0, byteEnd: 1 },
      features: [
        {
          $type: 'app.bsky.richtext.facet#link' as const,
          uri: `https://x.test/${'x'.repeat(1000)}` as const,
        },
      ],
    }
    await refuses(alice.call(sendMessage, { convoId, message: { text: '' } }), 'InvalidRequest')
    await refuses(alice.call(sendMessage, { convoId, message: { text: ' \n\t ' } }), 'InvalidRequest')
    const images = { $type: 'app.bsky.embed.images', images: [] } as never
    await refuses(
      alice.call(sendMessage, { convoId, message: { text: 'x', embed: images } }),
      'InvalidRequest',
    )
    const many = Array.from({ length: 100 }, () => facet)
    await refuses(
      alice.call(sendMessage, { convoId, message: { text: 'x', facets: many } }),
      'InvalidRequest',
    )
    assert.deepEqual((await alice.call(getMessages, { convoId })).messages, [])
  })

  test('a reply shows the message it answers, one level deep', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const first = await say(alice, convo, 'one')
    const second = await bob.call(sendMessage, {
      convoId: convo.id,
      message: { text: 'two', replyTo: { messageId: first.id } },
    })
    const third = await alice.call(sendMessage, {
      convoId: convo.id,
      message: { text: 'three', replyTo: { messageId: second.id } },
    })
    assert.ok(third.replyTo?.$type === 'chat.bsky.convo.defs#messageView')
    assert.equal(third.replyTo.id, second.id)
    assert.equal(third.replyTo.replyTo, undefined)
    await bob.call(deleteMessageForSelf, { convoId: convo.id, messageId: first.id })
    const { messages } = await bob.call(getMessages, { convoId: convo.id })
    const seen = messages.find(message => 'id' in message && message.id === second.id)
    assert.ok(seen && 'replyTo' in seen)
    assert.equal(seen.replyTo?.$type, 'chat.bsky.convo.defs#deletedMessageView')
  })

  test('a reply to what is not there, or is out of sight, is refused and nothing is sent', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const convo = await openConvo(alice, bob)
    const elsewhere = await say(alice, await openConvo(alice, carla), 'elsewhere')
    const gone = await say(alice, convo, 'gone')
    await alice.call(deleteMessageForSelf, { convoId: convo.id, messageId: gone.id })
    const before = await say(bob, convo, 'before')
    await alice.call(leaveConvo, { convoId: convo.id })
    for (const messageId of [elsewhere.id, gone.id, before.id, 'nonsense', '3kabcdefghijk']) {
      const message = { text: 'reply', replyTo: { messageId } }
      await refuses(alice.call(sendMessage, { convoId: convo.id, message }), 'ReplyTargetNotFound')
    }
    assert.deepEqual((await alice.call(getMessages, { convoId: convo.id })).messages, [])
  })

  test('a reply to what the reader left behind shows it as deleted', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const first = await say(alice, convo, 'one')
    await bob.call(leaveConvo, { convoId: convo.id })
    const replyTo = { messageId: first.id }
    await alice.call(sendMessage, { convoId: convo.id, message: { text: 'two', replyTo } })
    const { messages } = await bob.call(getMessages, { convoId: convo.id })
    assert.deepEqual(texts(messages), ['two'])
    const [seen] = messages
    assert.ok(seen && 'replyTo' in seen && seen.replyTo?.$type === 'chat.bsky.convo.defs#deletedMessageView')
  })

  test('a block either way stops sending, letter by letter as clients expect it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    const log = await newLog(bob)
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      set.people.block(from.did, to.did)
      for (const actor of [alice, bob]) {
        await refuses(say(actor, convo, 'no'), 'InvalidRequest', 'block between recipient and sender')
      }
      set.people.unblock(from.did, to.did)
    }
    assert.deepEqual(await logTypes(log), [])
    await say(alice, convo, 'yes')
  })

  test('a declaration gates new contacts only', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    set.people.add(bob.did, { handle: 'bob.test', allowIncoming: 'none' })
    await refuses(say(alice, convo, 'and?'), 'InvalidRequest', 'recipient has disabled incoming messages')
    await bob.call(acceptConvo, { convoId: convo.id })
    await say(alice, convo, 'now it is ongoing')
    await say(bob, convo, 'indeed')
  })

  test('an account that accepts nobody may write first, and be answered', async () => {
    const set = stage()
    const [alice, carla] = [set.actor('alice'), set.actor('carla', 'none')]
    const convo = await openConvo(carla, alice)
    await say(carla, convo, 'hello')
    await say(alice, convo, 'hi')
  })

  test('a recipient who is gone cannot be written to', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(bob, await openConvo(bob, alice), 'hello')
    const { messages } = await alice.call(getMessages, { convoId: convo.id })
    const [hello] = messages as { id: string }[]
    await alice.call(addReaction, { convoId: convo.id, messageId: hello!.id, value: '👍' })
    set.people.remove(bob.did)
    await refuses(say(alice, convo, 'hello?'), 'InvalidRequest', 'recipient does not exist')
    const { convo: seen } = await alice.call(getConvo, { convoId: convo.id })
    assert.equal(seen.lastMessage?.$type, 'chat.bsky.convo.defs#deletedMessageView')
    assert.equal(seen.lastReaction, undefined)
    assert.ok(seen.members.some(member => member.handle === 'missing.invalid'))
    assert.deepEqual((await alice.call(getMessages, { convoId: convo.id })).messages, [])
    set.people.add(bob.did, { handle: 'bob.test' })
    assert.equal((await alice.call(getMessages, { convoId: convo.id })).messages.length, 1)
  })

  test('a left convo comes back to its leaver with the next message, as a request', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'before')
    await bob.call(acceptConvo, { convoId: convo.id })
    await bob.call(leaveConvo, { convoId: convo.id })
    const log = await newLog(bob)
    await say(alice, convo, 'after')
    assert.deepEqual(await logTypes(log), ['logCreateMessage'])
    const { convo: seen } = await bob.call(getConvo, { convoId: convo.id })
    assert.deepEqual([seen.status, seen.unreadCount], ['request', 1])
    assert.deepEqual(texts((await bob.call(getMessages, { convoId: convo.id })).messages), ['after'])
    assert.deepEqual(texts((await alice.call(getMessages, { convoId: convo.id })).messages), [
      'after',
      'before',
    ])
  })
})

onEveryStore('sending once', stage => {
  const keyed = (convoId: string, text: string, idempotencyKey: unknown) =>
    ({ convoId, message: { text }, idempotencyKey }) as { convoId: string; message: { text: string } }

  test('a key sends one message, however often it is used', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => alice.call(sendMessage, keyed(convo.id, 'once', 'k1'))),
    )
    set.clock.advance(60_000)
    answers.push(await alice.call(sendMessage, keyed(convo.id, 'once', 'k1')))
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    assert.deepEqual(texts((await bob.call(getMessages, { convoId: convo.id })).messages), ['once'])
  })

  test('a key is its sender’s own, and stands for one message', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await alice.call(sendMessage, keyed(convo.id, 'mine', 'k'))
    await bob.call(sendMessage, keyed(convo.id, 'yours', 'k'))
    await refuses(alice.call(sendMessage, keyed(convo.id, 'other', 'k')), 'InvalidRequest')
    for (const bad of ['', 5, {}, 'x'.repeat(1000)]) {
      await refuses(alice.call(sendMessage, keyed(convo.id, 'bad', bad)), 'InvalidRequest')
    }
    assert.deepEqual(texts((await bob.call(getMessages, { convoId: convo.id })).messages), ['yours', 'mine'])
  })

  test('a repeated send is answered even where sending would be refused by now', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const sent = await alice.call(sendMessage, keyed(convo.id, 'once', 'k'))
    set.people.block(bob.did, alice.did)
    assert.deepEqual(await alice.call(sendMessage, keyed(convo.id, 'once', 'k')), sent)
  })

  test('a batch keeps its order, may span convos, and repeats nothing under its key', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const [one, two] = [await openConvo(alice, bob), await openConvo(alice, carla)]
    const batch = {
      items: [
        keyed(one.id, 'a', undefined),
        keyed(two.id, 'b', undefined),
        keyed(one.id, 'c', undefined),
      ].map(({ convoId, message }) => ({ convoId, message })),
      idempotencyKey: 'batch',
    }
    const first = await alice.call(sendMessageBatch, batch)
    assert.deepEqual(texts(first.items), ['a', 'b', 'c'])
    assert.deepEqual(
      [...first.items].sort((x, y) => (x.rev < y.rev ? -1 : 1)),
      first.items,
    )
    assert.deepEqual(await alice.call(sendMessageBatch, batch), first)
    assert.deepEqual(texts((await bob.call(getMessages, { convoId: one.id })).messages), ['c', 'a'])
  })

  test('an item that was stored by itself is not stored again by the batch that retries it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await alice.call(sendMessage, keyed(convo.id, 'a', 'ka'))
    await alice.call(sendMessageBatch, { items: [keyed(convo.id, 'a', 'ka'), keyed(convo.id, 'b', 'kb')] })
    assert.deepEqual(texts((await bob.call(getMessages, { convoId: convo.id })).messages), ['b', 'a'])
  })

  test('a batch with one bad item sends nothing', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const log = await newLog(bob)
    const good = { convoId: convo.id, message: { text: 'good' } }
    const badReply = { convoId: convo.id, message: { text: 'x', replyTo: { messageId: '3kabcdefghijk' } } }
    const badConvo = { convoId: '3kabcdefghijk', message: { text: 'x' } }
    const badText = { convoId: convo.id, message: { text: '' } }
    for (const [bad, name] of [
      [badReply, 'ReplyTargetNotFound'],
      [badConvo, 'InvalidConvo'],
      [badText, 'InvalidRequest'],
    ] as const) {
      await refuses(alice.call(sendMessageBatch, { items: [good, bad, good] }), name)
    }
    assert.deepEqual(await logTypes(log), [])
    assert.deepEqual((await alice.call(getMessages, { convoId: convo.id })).messages, [])
    assert.deepEqual(await alice.call(sendMessageBatch, { items: [] }), { items: [] })
  })
})

onEveryStore('order', stage => {
  test('concurrent senders: one order for both, revs rising, every row seen once by a reader who pages', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await openConvo(bob, alice)
    await Promise.all(
      Array.from({ length: 150 }, (_, i) => {
        if (i % 10 === 0) set.clock.advance(i % 20 === 0 ? -500 : 400)
        return say(i % 2 === 0 ? alice : bob, convo, `${i}`)
      }),
    )
    const seen = await Promise.all(
      [alice, bob].map(async actor => {
        const rows = await wholeLog(actor)
        const revs = rows.map(row => row.rev)
        assert.deepEqual([...new Set(revs)].sort(), revs)
        return rows.flatMap(row => (row.$type === 'chat.bsky.convo.defs#logCreateMessage' ? row.message : []))
      }),
    )
    assert.equal(seen[0]!.length, 150)
    assert.deepEqual(seen[0], seen[1])
    const history = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: HistoryPage = await historyPage(bob, convo.id, cursor)
      assert.ok(page.messages.length === 40 || page.cursor === undefined)
      history.push(...page.messages)
      cursor = page.cursor
    }
    assert.deepEqual(history.reverse(), seen[0])
  })
})

interface HistoryPage {
  messages: object[]
  cursor?: string
}

async function historyPage(actor: Actor, convoId: string, cursor: string): Promise<HistoryPage> {
  const { messages, cursor: next } = await actor.call(getMessages, { convoId, limit: 40, cursor })
  return next === undefined ? { messages } : { messages, cursor: next }
}
