import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type FakeNetwork, fakeNetwork } from '../src/fake-network/index.ts'
import { type Client, Conversation, type Message } from '../src/index.ts'

const users = ['alice.test', 'bob.test', 'carol.test', 'dora.test', 'erin.test'] as const

describe('conversations', () => {
  let net: FakeNetwork
  let alice: Client
  let bob: Client
  before(async () => {
    net = fakeNetwork({ users })
    net.describe('bob.test', { displayName: 'Bob' })
    ;[alice, bob] = await Promise.all([net.client('alice.test'), net.client('bob.test')])
  })

  async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
    return Array.fromAsync(items)
  }

  it('are begun with a handle, and named after whom one talks to', async () => {
    const withBob = await alice.dm.with('bob.test')
    const withCarol = await alice.dm.with('@carol.test')
    assert.equal(withBob.title, 'Bob')
    assert.equal(withCarol.title, 'carol.test')
    assert.equal(withBob.kind, 'direct')
    assert.equal(withBob.group, undefined)
    assert.deepEqual(
      withBob.others.map(({ name, isMe }) => [name, isMe]),
      [['Bob', false]],
    )
  })

  it('are a request until they are accepted', async () => {
    await alice.dm.send('bob.test', 'hello')
    const [request] = await all(bob.dm.requests())
    assert.ok(request instanceof Conversation)
    assert.equal(request.status, 'request')
    assert.deepEqual(await bob.dm.unread(), { accepted: 0, requests: 1 })
    assert.equal((await request.accept()).status, 'accepted')
    assert.equal((await request.markRead()).unreadCount, 0)
    assert.deepEqual(await bob.dm.unread(), { accepted: 0, requests: 0 })
  })

  it('are listed page by page, whatever the size of a page', async () => {
    await alice.dm.send('carol.test', 'hello')
    await alice.dm.send('dora.test', 'hello')
    const ids = (await all(alice.dm.conversations())).map(({ id }) => id)
    assert.equal(ids.length, 3)
    const onePerPage = await all(alice.dm.conversations({ pageSize: 1 }))
    assert.deepEqual(
      onePerPage.map(({ id }) => id),
      ids,
    )
  })

  it('show their messages, newest first, with who sent them', async () => {
    const convo = await alice.dm.with('bob.test')
    await bob.dm.send('alice.test', 'hello back')
    const messages = (await all(convo.messages({ pageSize: 1 }))) as Message[]
    assert.deepEqual(
      messages.map(({ text, sender, fromMe }) => [text, sender.name, fromMe]),
      [
        ['hello back', 'Bob', false],
        ['hello', 'alice.test', true],
      ],
    )
    const since = messages[0]!.sentAt
    assert.ok((await all(convo.messages({ since }))).length <= 2)
  })

  it('take answers, reactions and deletions', async () => {
    const sent = await alice.dm.send('bob.test', 'what do you think?')
    const theirs = (await all((await bob.dm.with('alice.test')).messages()))[0] as Message
    const answer = await theirs.reply('a lot')
    assert.equal(answer.replyTo?.type, 'message')
    assert.equal((answer.replyTo as Message).id, sent.id)
    const reacted = await theirs.react('👍')
    assert.deepEqual(
      reacted.reactions.map(({ value, sender }) => [value, sender.name]),
      [['👍', 'Bob']],
    )
    assert.deepEqual((await reacted.unreact('👍')).reactions, [])
    await theirs.deleteForSelf()
    const left = await all((await bob.dm.with('alice.test')).messages())
    assert.ok(!left.some(message => message.id === theirs.id && message.type === 'message'))
  })

  it('can be left, muted and looked at again', async () => {
    const convo = await alice.dm.with('dora.test')
    assert.equal((await convo.mute()).muted, true)
    assert.equal((await convo.unmute()).muted, false)
    await convo.leave()
    const ids = (await all(alice.dm.conversations())).map(({ id }) => id)
    assert.ok(!ids.includes(convo.id))
  })

  it('are not begun with those who do not want it, and it can be asked before', async () => {
    net.describe('carol.test', { allowIncoming: 'none' })
    net.describe('dora.test', { allowIncoming: 'following' })
    assert.deepEqual(await bob.dm.canMessage('carol.test'), { ok: false, reason: 'recipient/disabled' })
    await assert.rejects(bob.dm.with('carol.test'), { code: 'recipient/disabled' })
    assert.deepEqual(await bob.dm.canMessage('dora.test'), { ok: false, reason: 'recipient/requires-follow' })
    net.block('erin.test', 'bob.test')
    assert.deepEqual(await bob.dm.canMessage('erin.test'), { ok: false, reason: 'recipient/blocked' })
    net.follow('dora.test', 'bob.test')
    const may = await bob.dm.canMessage('dora.test')
    assert.deepEqual(may, { ok: true, conversation: undefined })
    assert.deepEqual(await bob.dm.canMessage('nobody.test'), { ok: false, reason: 'identity/unresolved' })
  })
})

describe('groups', () => {
  it('are made, changed, joined and left', async () => {
    const net = fakeNetwork({ users })
    const [alice, bob, carol] = (await Promise.all(users.slice(0, 3).map(handle => net.client(handle)))) as [
      Client,
      Client,
      Client,
    ]
    const convo = await alice.dm.createGroup('Readers', ['bob.test'])
    const group = convo.group!
    assert.deepEqual([convo.kind, convo.title, group.memberCount], ['group', 'Readers', 2])
    await group.rename('Writers')
    assert.equal(convo.title, 'Writers')
    await (await bob.dm.get(convo.id)).accept()

    const { code } = await group.createJoinLink({ requireApproval: true })
    assert.equal(await carol.dm.join(code), undefined)
    const [asked] = await Array.fromAsync(carol.dm.requests())
    assert.ok(asked && !(asked instanceof Conversation) && asked.name === 'Writers')
    const [request] = await Array.fromAsync(group.joinRequests())
    assert.equal(request?.from.handle, 'carol.test')
    await request!.approve()
    const members = await Array.fromAsync(convo.allMembers({ pageSize: 1 }))
    assert.deepEqual(members.map(({ handle }) => handle).sort(), users.slice(0, 3))
    assert.equal(members.find(({ isMe }) => isMe)?.role, 'owner')

    await group.remove(['carol.test'])
    await assert.rejects(carol.dm.get(convo.id), { code: 'convo/not-found' })
    await group.lock()
    await assert.rejects((await bob.dm.get(convo.id)).send('hello'), { code: 'convo/locked' })
    await group.unlock()
    await (await bob.dm.get(convo.id)).send('hello')
    const events = (await Array.fromAsync(convo.messages())).map(message =>
      message.type === 'system' ? message.event : message.type,
    )
    assert.ok(events.includes('editGroup') && events.includes('message'), events.join())
  })
})
