import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FakeNetwork, fakeNetwork } from '../src/fake-network/index.ts'
import {
  type ChatEvent,
  type Client,
  type EventStream,
  type EventsOptions,
  type Message,
  memoryCursorStore,
} from '../src/index.ts'

const users = ['alice.test', 'bob.test', 'carol.test'] as const

async function begin(): Promise<{ net: FakeNetwork; alice: Client; bob: Client; carol: Client }> {
  const net = fakeNetwork({ users, pace: 50 })
  const [alice, bob, carol] = await Promise.all(users.map(handle => net.client(handle)))
  return { net, alice: alice!, bob: bob!, carol: carol! }
}

/** The next `count` events; then the stream is closed. */
async function take(stream: EventStream, count: number): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for await (const event of stream) {
    events.push(event)
    if (events.length === count) break
  }
  return events
}

function textsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap(event => (event.type === 'message' ? [event.message.text] : []))
}

/** Opens a stream that begins now, whatever is done before it is read. */
async function streamFromNow(client: Client, options: EventsOptions = {}): Promise<EventStream> {
  const { cursor } = await client.chat.bsky.convo.getLog()
  return client.dm.events({ cursor: cursor!, ...options })
}

describe('events', () => {
  it('tell of messages, reactions, reading and leaving, in order', async () => {
    const { alice, bob } = await begin()
    const stream = await streamFromNow(alice)
    const message = await bob.dm.send('alice.test', 'hello')
    const convo = await alice.dm.with('bob.test')
    await convo.accept()
    await message.react('👍')
    await message.unreact('👍')
    await convo.send('hello back')
    await convo.markRead()
    await convo.mute()
    await convo.unmute()
    const events = await take(stream, 10)
    const mine = (await Array.fromAsync(convo.messages())).find(one => one.id === message.id) as Message
    await mine.deleteForSelf()
    events.push(...(await take(alice.dm.events({ cursor: stream.cursor! }), 1)))
    await convo.leave()
    events.push(...(await take(alice.dm.events({ cursor: events.at(-1)!.rev }), 1)))
    assert.deepEqual(
      events.map(event => event.type),
      [
        'convo:begun',
        'message',
        'convo:accepted',
        'reaction:added',
        'reaction:removed',
        'message',
        'convo:read',
        'convo:read',
        'convo:muted',
        'convo:unmuted',
        'message:deleted',
        'convo:left',
      ],
    )
    const [, first, , added] = events
    assert.ok(first?.type === 'message' && !first.own && first.message.sender.name === 'bob.test')
    assert.ok(added?.type === 'reaction:added' && added.value === '👍' && added.by.handle === 'bob.test')
    const revs = events.map(({ rev }) => rev)
    assert.deepEqual(revs, [...revs].sort())
  })

  it('go on where they ended, and bring again what was not done with', async () => {
    const { alice, bob } = await begin()
    const store = memoryCursorStore()
    const stream = alice.dm.events({ cursor: store, own: false })
    const first = take(stream, 2)
    await bob.dm.send('alice.test', 'one')
    assert.deepEqual(textsOf(await first), ['one'])
    await bob.dm.send('alice.test', 'two')
    // The message was the last that was taken, and nobody asked for the next: it comes again.
    assert.deepEqual(textsOf(await take(alice.dm.events({ cursor: store }), 2)), ['one', 'two'])
    assert.deepEqual(textsOf(await take(alice.dm.events({ cursor: store }), 1)), ['two'])
  })

  it('wait to be acknowledged where that is wanted', async () => {
    const { alice, bob } = await begin()
    await bob.dm.send('alice.test', 'zero')
    const { cursor } = await alice.chat.bsky.convo.getLog()
    const store = memoryCursorStore(cursor)
    for (const text of ['one', 'two', 'three']) await bob.dm.send('alice.test', text)
    const stream = alice.dm.events({ cursor: store, ack: 'manual' })
    for await (const event of stream) {
      if (textsOf([event])[0] === 'two') await stream.ack(event)
      if (textsOf([event])[0] === 'three') break
    }
    assert.deepEqual(textsOf(await take(alice.dm.events({ cursor: store }), 1)), ['three'])
  })

  it('begin with what is unread', async () => {
    const { alice, bob, carol } = await begin()
    await (await alice.dm.with('bob.test')).send('mine')
    await bob.dm.send('alice.test', 'read')
    await (await alice.dm.with('bob.test')).markRead()
    await bob.dm.send('alice.test', 'one')
    await carol.dm.send('alice.test', 'two')
    await bob.dm.send('alice.test', 'three')
    const store = memoryCursorStore()
    const stream = alice.dm.events({ cursor: store, backfill: 'unread' })
    const taken = take(stream, 4)
    setTimeout(() => void bob.dm.send('alice.test', 'live'), 50)
    assert.deepEqual(textsOf(await taken), ['one', 'two', 'three', 'live'])
    // What was done with before is not told again.
    assert.deepEqual(textsOf(await take(alice.dm.events({ cursor: store, backfill: 'unread' }), 1)), ['live'])
  })

  it('are asked for once, however many listen', async () => {
    const { net, alice, bob } = await begin()
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => streamFromNow(alice, { transport: 'poll' })),
    )
    const taken = streams.map(stream => take(stream, 2))
    await new Promise(resolve => setTimeout(resolve, 20))
    const polls = () => net.requests.filter(({ method }) => method === 'chat.bsky.convo.getLog').length
    const before = polls()
    await bob.dm.send('alice.test', 'hello')
    for (const events of await Promise.all(taken)) assert.deepEqual(textsOf(events), ['hello'])
    assert.ok(polls() - before < 10, `${polls() - before} polls`)
  })

  it('end when they are closed', async () => {
    const { alice } = await begin()
    const stream = await streamFromNow(alice)
    const taken = take(stream, 1)
    stream.close()
    assert.deepEqual(await taken, [])
    const signal = AbortSignal.abort()
    assert.deepEqual(await take(alice.dm.events({ signal }), 1), [])
  })

  it('can be those of one conversation, and of others only', async () => {
    const { alice, bob, carol } = await begin()
    const convo = await alice.dm.with('bob.test')
    const { cursor } = await alice.chat.bsky.convo.getLog()
    await carol.dm.send('alice.test', 'elsewhere')
    await convo.send('mine')
    await bob.dm.send('alice.test', 'here')
    assert.deepEqual(textsOf(await take(convo.events({ cursor: cursor!, own: false }), 1)), ['here'])
  })
})
