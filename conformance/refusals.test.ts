import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ok } from '@atcute/client'
import { Devnet } from '@parley/devnet'
import { ChatError, type ChatErrorCode, Client, IdResolver } from '@parley/sdk'
import { type LoggedIn, logIn, openConvo, send } from './account.ts'
import { assertOfficial, nsidOf } from './official-lexicons.ts'
import { overhear } from './overhear.ts'
import { poll } from './poll.ts'
import { snapshot } from './snapshot.ts'

const net = await Devnet.create()
after(() => net.close())
const answers = overhear(net.chat.url)
const alice = await logIn(net, 'alice.test')
const bob = await logIn(net, 'bob.test')
const carla = await logIn(net, 'carla.test')
const everybody = [alice, bob, carla]
const convoId = await openConvo(alice, bob)
await send(alice, convoId, 'A message that was there before')

const secret = 'nobody may read this in an error'

async function clientOf(handle: string, password = net.account(handle).appPassword): Promise<Client> {
  const client = new Client(net.pds.url)
  await client.login(handle, password)
  return client
}

/** The call is refused with this code, nothing is stored by it, and the error tells no secret. */
async function assertRefused(code: ChatErrorCode, call: () => Promise<unknown>): Promise<ChatError> {
  const before = await snapshot(everybody)
  const error = await call().then(
    () => assert.fail(`expected ${code}, was not refused`),
    (error: unknown) => error,
  )
  assert.ok(error instanceof ChatError, String(error))
  assert.equal(error.code, code, error.message)
  assert.equal(error.delivered, 'no')
  const { message, hint = '', lexError = '' } = error
  assert.ok(!`${message} ${hint} ${lexError}`.includes(secret))
  assert.deepEqual(await snapshot(everybody), before)
  return error
}

describe('a refusal has a name and stores nothing', () => {
  test('as snapshots tell, which notice a message and a mark', async () => {
    const before = await snapshot(everybody)
    await send(alice, convoId, 'Another')
    const after = await snapshot(everybody)
    assert.notDeepEqual(after, before)
    await ok(bob.chat.post('chat.bsky.convo.updateRead', { input: { convoId } }))
    assert.notDeepEqual(await snapshot(everybody), after)
  })

  test('an app password that may not use direct messages', async () => {
    const dm = (await clientOf('alice.test', net.account('alice.test').appPasswordWithoutDm)).chat.bsky.convo
    const error = await assertRefused('auth/missing-dm-scope', () => dm.listConvos())
    assert.match(error.hint!, /Allow access to your direct messages/)
    await assertRefused('auth/missing-dm-scope', () => dm.sendMessage({ convoId, message: { text: secret } }))
  })

  test('a wrong password', async () => {
    const error = await assertRefused('auth/bad-credentials', () => clientOf('alice.test', secret))
    assert.match(error.hint!, /Check the handle and the password/)
  })

  test('a handle that nobody has', async () => {
    const dm = (await clientOf('alice.test')).chat.bsky.convo
    await assertRefused('identity/unresolved', () => dm.getConvoForMembers({ members: ['nobody.test'] }))
    const resolver = new IdResolver({ service: net.pds.url })
    await assertRefused('identity/unresolved', () => resolver.handle.resolve('nobody.test'))
  })

  test('a recipient who accepts nobody', async () => {
    const dm = (await clientOf('alice.test')).chat.bsky.convo
    await assertRefused('recipient/disabled', () => dm.getConvoForMembers({ members: ['carla.test'] }))
  })

  test('a conversation of others', async () => {
    const dm = (await clientOf('carla.test')).chat.bsky.convo
    await assertRefused('convo/not-found', () => dm.getConvo({ convoId }))
    await assertRefused('convo/not-found', () => dm.getMessages({ convoId }))
    await assertRefused('convo/not-found', () => dm.sendMessage({ convoId, message: { text: secret } }))
    await assertRefused('convo/not-found', () => dm.leaveConvo({ convoId }))
  })

  test('a conversation that does not exist', async () => {
    const dm = (await clientOf('alice.test')).chat.bsky.convo
    for (const convoId of ['2222222222222', '3m5zzzzzzzz22', 'no id at all']) {
      await assertRefused('convo/not-found', () => dm.sendMessage({ convoId, message: { text: secret } }))
    }
  })

  test('a text of 1001 graphemes, by the SDK and by the service', async () => {
    const text = `${secret} `.padEnd(1001, '.')
    const dm = (await clientOf('alice.test')).chat.bsky.convo
    const sends = () => answers.filter(answer => nsidOf(answer) === 'chat.bsky.convo.sendMessage').length
    const sendsBefore = sends()
    await assertRefused('too-long', () => dm.sendMessage({ convoId, message: { text } }))
    assert.equal(sends(), sendsBefore, 'the SDK says so itself')

    const before = await snapshot(everybody)
    const input = { convoId, message: { text } }
    const answer = await alice.chat.post('chat.bsky.convo.sendMessage', { input })
    assert.deepEqual([answer.status, answer.ok || answer.data.error], [400, 'InvalidRequest'])
    assert.ok(!JSON.stringify(answer.data).includes(secret))
    assert.deepEqual(await snapshot(everybody), before)
  })

  test('somebody who blocks the sender', async () => {
    const dm = (await clientOf('alice.test')).chat.bsky.convo
    await block(bob, alice)
    await assertRefused('recipient/blocked', () => dm.sendMessage({ convoId, message: { text: secret } }))
    const messageId = (await dm.getMessages({ convoId })).messages[0]!.id
    await assertRefused('recipient/blocked', () => dm.addReaction({ convoId, messageId, value: '👍' }))
  })

  test('a conversation that would begin with somebody who blocks the sender', async () => {
    const dm = (await clientOf('carla.test')).chat.bsky.convo
    await block(alice, carla)
    await assertRefused('recipient/blocked', () => dm.getConvoForMembers({ members: [alice.did] }))
  })

  test('was answered as the official lexicons say, and never by a fault', () => assertOfficial(answers))
})

/** By a real record; resolves when the chat service has heard of it. */
async function block({ pds, did }: LoggedIn, subject: LoggedIn): Promise<void> {
  const collection = 'app.bsky.graph.block'
  const record = { $type: collection, subject: subject.did, createdAt: new Date().toISOString() }
  await ok(pds.post('com.atproto.repo.createRecord', { input: { repo: did, collection, record } }))
  await poll('the service hears of the block', async () => {
    const params = { members: [did] }
    const { canChat } = await ok(subject.chat.get('chat.bsky.convo.getConvoAvailability', { params }))
    return canChat ? undefined : true
  })
}
