import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as getProfile from '@atcute/bluesky/types/app/actor/getProfile'
import { ChatError, Client } from './index.ts'
import { ALICE, BOB, convo, message, refusal, startPds } from './testing/toy-pds.ts'

/** The ChatError that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<ChatError> {
  const error = await call.then(
    () => assert.fail('expected a ChatError'),
    error => error,
  )
  assert.ok(error instanceof ChatError, String(error))
  return error
}

async function loggedIn(options: ConstructorParameters<typeof Client>[0] & object) {
  const client = new Client(options)
  await client.login('alice.test', 'password')
  return client
}

test('the founding program works call by call, with a member who has no display name', async () => {
  await using pds = await startPds()
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  const dm = client.withBskyChatProxy().chat.bsky.convo
  const { convos } = await dm.listConvos()
  const names = convos.flatMap(convo => convo.members.map(member => member.displayName ?? member.handle))
  assert.deepEqual(names, ['Alice', 'bob.test'])
  const { convo } = await dm.getConvoForMembers({ members: [BOB] })
  const sent = await dm.sendMessage({ convoId: convo.id, message: { text: 'hello' } })
  assert.equal(sent.id, message.id)
  assert.deepEqual(pds.received.at(-1)?.body, { convoId: 'convo1', message: { text: 'hello' } })
  assert.equal(pds.received.at(-1)?.headers['atproto-proxy'], 'did:web:api.bsky.chat#bsky_chat')
  assert.deepEqual(client.me, { did: ALICE, handle: 'alice.test' })
})

test('chat calls go to the chat service by themselves, other calls stay at the PDS', async () => {
  await using pds = await startPds()
  pds.on('app.bsky.actor.getProfile', () => ({ json: { did: BOB, handle: 'bob.test' } }))
  const client = await loggedIn({ service: pds.url, chat: 'did:web:chat.example#bsky_chat' })
  await client.chat.bsky.convo.listConvos()
  assert.equal(pds.received.at(-1)?.headers['atproto-proxy'], 'did:web:chat.example#bsky_chat')
  const profile = await client.call(getProfile.mainSchema, { actor: 'bob.test' })
  assert.equal(profile.did, BOB)
  assert.equal(pds.received.at(-1)?.headers['atproto-proxy'], undefined)
  await client.withChatService('did:web:other.example#bsky_chat').chat.bsky.convo.listConvos()
  assert.equal(pds.received.at(-1)?.headers['atproto-proxy'], 'did:web:other.example#bsky_chat')
  await client.withProxy('labels', 'did:plc:labeler').chat.bsky.convo.listConvos()
  assert.equal(pds.received.at(-1)?.headers['atproto-proxy'], 'did:plc:labeler#labels')
})

test('a misspelt service is refused before anything is sent', () => {
  const client = new Client('http://127.0.0.1:1')
  assert.throws(() => client.withProxy('bsky_chat', 'did:wed:api.bsky.chat'), { code: 'invalid-input' })
  assert.throws(() => client.withChatService('did:web:api.bsky.chat'), { code: 'invalid-input' })
  assert.throws(() => new Client('ftp://pds.example'), { code: 'invalid-input' })
})

test('a call without a login says so', async () => {
  const error = await errorOf(new Client('http://127.0.0.1:1').chat.bsky.convo.listConvos())
  assert.equal(error.code, 'auth/required')
})

test('members may be given as handles, which are asked for once', async () => {
  await using pds = await startPds()
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  await Promise.all([
    convo.getConvoForMembers({ members: ['bob.test'] }),
    convo.getConvoForMembers({ members: ['@Bob.test'] }),
  ])
  assert.deepEqual(pds.received.at(-1)?.query.getAll('members'), [BOB])
  assert.equal(pds.count('com.atproto.identity.resolveHandle'), 1)
  const unknown = await errorOf(convo.getConvoForMembers({ members: ['nobody.test'] }))
  assert.equal(unknown.code, 'identity/unresolved')
  const nonsense = await errorOf(convo.getConvoForMembers({ members: ['no body'] }))
  assert.equal(nonsense.code, 'invalid-input')
})

test('a group can be made and left by handles too', async () => {
  await using pds = await startPds()
  pds.on('chat.bsky.group.createGroup', () => ({ json: { convo } }))
  pds.on('chat.bsky.group.approveJoinRequest', () => ({ json: { convo } }))
  const { group } = (await loggedIn({ service: pds.url })).chat.bsky
  await group.createGroup({ name: 'friends', members: ['bob.test', ALICE] })
  assert.deepEqual(pds.received.at(-1)?.body, { name: 'friends', members: [BOB, ALICE] })
  await group.approveJoinRequest({ convoId: 'convo1', member: 'bob.test' })
  assert.deepEqual(pds.received.at(-1)?.body, { convoId: 'convo1', member: BOB })
})

test('a message that is too long is refused here, in graphemes and in bytes', async () => {
  await using pds = await startPds()
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  const send = (text: string) => convo.sendMessage({ convoId: 'convo1', message: { text } })
  const family = '👨‍👩‍👧‍👦' // one grapheme, 25 bytes
  assert.equal((await errorOf(send('x'.repeat(1001)))).code, 'too-long')
  assert.equal((await errorOf(send(family.repeat(401)))).code, 'too-long')
  assert.equal(pds.count('chat.bsky.convo.sendMessage'), 0)
  await send('x'.repeat(1000))
  await send(family.repeat(400))
  assert.equal(pds.count('chat.bsky.convo.sendMessage'), 2)
})

test('a refusal for length by the server has the same code', async () => {
  await using pds = await startPds()
  pds.on('chat.bsky.convo.sendMessage', () =>
    refusal(400, 'InvalidRequest', 'Input/message/text must not be longer than 1000 graphemes'),
  )
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  const error = await errorOf(convo.sendMessage({ convoId: 'convo1', message: { text: 'x' } }))
  assert.equal(error.code, 'too-long')
})

test('arguments that the lexicon does not allow are refused here, without repeating them', async () => {
  await using pds = await startPds()
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  // @ts-expect-error the types say so too
  const error = await errorOf(convo.sendMessage({ convoId: 5, message: { text: 'my secret' } }))
  assert.equal(error.code, 'invalid-input')
  assert.match(error.message, /convoId/)
  assert.doesNotMatch(error.message, /secret/)
  assert.equal((await errorOf(convo.listConvos({ limit: 101 }))).code, 'invalid-input')
})

test('types of messages and log entries that are newer than this library pass through', async () => {
  await using pds = await startPds()
  const poll = { $type: 'chat.bsky.convo.defs#pollView', id: 'poll1', options: ['a', 'b'] }
  const logPoll = { $type: 'chat.bsky.convo.defs#logCreatePoll', rev: '3kaaaaaaaaaa4', convoId: 'convo1' }
  pds.on('chat.bsky.convo.getMessages', () => ({ json: { messages: [message, poll], later: 1 } }))
  pds.on('chat.bsky.convo.getLog', () => ({ json: { logs: [logPoll], cursor: '3kaaaaaaaaaa4' } }))
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  const page = await convo.getMessages({ convoId: 'convo1' })
  assert.deepEqual(page, { messages: [message, poll], later: 1 })
  assert.deepEqual((await convo.getLog()).logs, [logPoll])
})

test('a read whose answer lacks a field names the field; checkAnswers: false takes it as it is', async () => {
  await using pds = await startPds()
  const broken = { convos: [{ ...convo, rev: undefined }] }
  pds.on('chat.bsky.convo.listConvos', () => ({ json: broken }))
  const client = await loggedIn({ service: pds.url })
  const error = await errorOf(client.chat.bsky.convo.listConvos())
  assert.equal(error.code, 'invalid-response')
  assert.match(error.message, /convos\.0\.rev/)
  const trusting = client.clone({ checkAnswers: false })
  assert.equal((await trusting.chat.bsky.convo.listConvos()).convos[0]?.id, 'convo1')
})

test('a send that was accepted never throws, whatever the answer looks like', async () => {
  await using pds = await startPds()
  const warnings: string[] = []
  const client = await loggedIn({
    service: pds.url,
    hooks: { onWarning: ({ message }) => warnings.push(message) },
  })
  const send = () => client.chat.bsky.convo.sendMessage({ convoId: 'convo1', message: { text: 'x' } })
  pds.on('chat.bsky.convo.sendMessage', () => ({ json: { id: 'message9' } }))
  assert.deepEqual(await send(), { id: 'message9' })
  pds.on('chat.bsky.convo.sendMessage', () => ({ text: '<html>' }))
  assert.deepEqual(await send(), {})
  pds.on('chat.bsky.convo.sendMessage', () => ({ fate: 'cut-after-headers' }))
  assert.deepEqual(await send(), {})
  assert.equal(pds.count('chat.bsky.convo.sendMessage'), 3)
  assert.ok(warnings.length >= 3)
})

test('an export comes as a blob, not as JSON', async () => {
  await using pds = await startPds()
  const headers = { 'content-type': 'application/jsonl' }
  pds.on('chat.bsky.actor.exportAccountData', () => ({ headers, text: '{"a":1}\n{"b":2}\n' }))
  const { actor } = (await loggedIn({ service: pds.url })).chat.bsky
  assert.equal(await (await actor.exportAccountData()).text(), '{"a":1}\n{"b":2}\n')
})

test('an idempotency key travels in the body', async () => {
  await using pds = await startPds()
  const { convo } = (await loggedIn({ service: pds.url })).chat.bsky
  await convo.sendMessage({ convoId: 'convo1', message: { text: 'x' }, idempotencyKey: 'key1' })
  assert.equal(pds.received.at(-1)?.body.idempotencyKey, 'key1')
  pds.on('chat.bsky.convo.sendMessageBatch', () => ({ json: { items: [] } }))
  const item = { convoId: 'convo1', message: { text: 'x' } }
  await convo.sendMessageBatch({ items: [{ ...item, idempotencyKey: 'key2' }, item], idempotencyKey: 'key3' })
  assert.deepEqual(pds.received.at(-1)?.body, {
    items: [{ ...item, idempotencyKey: 'key2' }, item],
    idempotencyKey: 'key3',
  })
})

test('every chat method that the lexicons declare as a call is here', async () => {
  const { readdirSync } = await import('node:fs')
  const { fileURLToPath } = await import('node:url')
  const { bsky } = new Client().chat
  for (const [namespace, methods] of Object.entries(bsky)) {
    const defs = fileURLToPath(import.meta.resolve(`@atcute/bluesky/types/chat/${namespace}/defs`))
    const folder = defs.replace(/\/defs\.js$/, '').replace(/chat\/bsky\/.*/, `chat/bsky/${namespace}`)
    const names = readdirSync(folder)
      .filter(file => file.endsWith('.js'))
      .map(file => file.slice(0, -'.js'.length))
      .filter(name => !['defs', 'declaration', 'subscribeModEvents'].includes(name))
    assert.deepEqual(Object.keys(methods).sort(), names.sort(), namespace)
  }
})
