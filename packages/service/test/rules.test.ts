import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getStatus } from '../src/endpoints/chat/bsky/actor/getStatus.ts'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getConvoAvailability } from '../src/endpoints/chat/bsky/convo/getConvoAvailability.ts'
import { getConvoMembers } from '../src/endpoints/chat/bsky/convo/getConvoMembers.ts'
import { getLog } from '../src/endpoints/chat/bsky/convo/getLog.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { getUnreadCounts } from '../src/endpoints/chat/bsky/convo/getUnreadCounts.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { sendMessageBatch } from '../src/endpoints/chat/bsky/convo/sendMessageBatch.ts'
import { updateAllRead } from '../src/endpoints/chat/bsky/convo/updateAllRead.ts'
import { updateRead } from '../src/endpoints/chat/bsky/convo/updateRead.ts'
import { endpoints } from '../src/endpoints/index.ts'
import { type Actor, newLog, onEveryStore, openConvo, refuses, type Stage, say, wholeLog } from './stage.ts'

onEveryStore('disabled accounts', stage => {
  async function friends(): Promise<{ set: Stage; alice: Actor; bob: Actor; convo: { id: string } }> {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    return { set, alice, bob, convo }
  }

  test('a disabled account reads, but neither sends, reacts nor opens', async () => {
    const { set, alice, bob, convo } = await friends()
    const carla = set.actor('carla')
    await set.setDisabled(bob, true)
    const { messages } = await bob.call(getMessages, { convoId: convo.id })
    const messageId = (messages[0] as { id: string }).id
    await refuses(say(bob, convo, 'no'), 'InvalidRequest', 'Account is disabled')
    await refuses(bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' }), 'InvalidRequest')
    await refuses(openConvo(bob, carla), 'AccountSuspended', 'Account is disabled')
    assert.deepEqual(await bob.call(getConvoAvailability, { members: [carla.did] }), { canChat: false })
    assert.equal((await bob.call(getStatus, {})).chatDisabled, true)
    const { members } = await alice.call(getConvoMembers, { convoId: convo.id })
    assert.deepEqual(
      members.map(member => [member.did, member.chatDisabled]).sort(),
      [
        [alice.did, false],
        [bob.did, true],
      ].sort(),
    )
    await set.setDisabled(bob, false)
    await say(bob, convo, 'yes')
  })

  test('nobody begins with a disabled account', async () => {
    const { set, alice } = await friends()
    const carla = set.actor('carla')
    await set.setDisabled(carla, true)
    await refuses(openConvo(alice, carla), 'AccountSuspended', 'Account is disabled')
    assert.deepEqual(await alice.call(getConvoAvailability, { members: [carla.did] }), { canChat: false })
  })
})

onEveryStore('what strangers learn', stage => {
  const onMembersOnly = (method: string) =>
    method.startsWith('chat.bsky.convo.') &&
    !/getUnreadCounts|getLog|list|updateAllRead|ForMembers|Availability/.test(method)

  test('no method tells a stranger, one who was not told yet, or nobody’s id apart', async () => {
    const set = stage()
    const [alice, bob, mallory] = [set.actor('alice'), set.actor('bob'), set.actor('mallory')]
    const told = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, told, 'private')
    const carla = set.actor('carla')
    const untold = await openConvo(alice, carla)
    const cases: [Actor, string][] = [
      [mallory, told.id],
      [carla, untold.id],
      [mallory, '3kabcdefghijk'],
    ]
    for (const endpoint of endpoints.filter(({ schema }) => onMembersOnly(schema.nsid))) {
      for (const [actor, convoId] of cases) {
        const item = { convoId, message: { text: 'x' } }
        const given = endpoint.schema.nsid.endsWith('Batch')
          ? { items: [item] }
          : { ...item, messageId, value: '👍' }
        await refuses(actor.call(endpoint, given as never), 'InvalidConvo', 'Convo not found')
      }
    }
    assert.equal(set.begun.length, 2)
  })

  test('one who has left finds no message of before by any method', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'private')
    await alice.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    await bob.call(leaveConvo, { convoId: convo.id })
    const answers: string[] = []
    for (const endpoint of endpoints.filter(({ callers }) => callers !== 'moderators')) {
      const message = { text: 'x', replyTo: { messageId } }
      const common = {
        convoId: convo.id,
        messageId,
        value: '👍',
        members: [alice.did],
        cursor: '2222222222222',
      }
      const given = { ...common, message, items: [{ convoId: convo.id, message }] }
      const answer = await bob.call(endpoint, given as never).catch((error: Error) => error.message)
      answers.push(JSON.stringify(answer))
    }
    assert.equal(answers.join().includes('private'), false)
  })
})

onEveryStore('when the network is silent', stage => {
  test('a stored send is answered, and nothing about it is asked afterwards', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const first = await say(alice, convo, 'hello')
    // One question about profiles, one about relationships: those that sending itself asks.
    set.people.answersLeft = 2
    const message = { text: 'hi', replyTo: { messageId: first.id } }
    const sent = await alice.call(sendMessage, { convoId: convo.id, message })
    assert.equal(sent.replyTo?.$type, 'chat.bsky.convo.defs#messageView')
    await refuses(say(alice, convo, 'not now'), 'UpstreamFailure')
    set.people.answersLeft = Number.POSITIVE_INFINITY
    assert.equal((await bob.call(getMessages, { convoId: convo.id })).messages.length, 2)
  })

  test('a send that was stored is answered again without asking', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const input = { convoId: convo.id, message: { text: 'once' }, idempotencyKey: 'k' }
    const sent = await alice.call(sendMessage, input)
    set.people.answersLeft = 0
    assert.deepEqual(await alice.call(sendMessage, input), sent)
    await refuses(alice.call(sendMessage, { ...input, idempotencyKey: 'other' }), 'UpstreamFailure')
  })
})

onEveryStore('ongoing and left', stage => {
  test('who left may write again to one who accepted, whatever their declaration: all methods agree', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await bob.call(acceptConvo, { convoId: convo.id })
    set.people.add(bob.did, { handle: 'bob.test', allowIncoming: 'none' })
    await alice.call(leaveConvo, { convoId: convo.id })
    assert.equal((await alice.call(getConvoAvailability, { members: [bob.did] })).canChat, true)
    assert.equal((await openConvo(alice, bob)).id, convo.id)
    await say(alice, convo, 'me again')
  })
})

onEveryStore('many', stage => {
  test('marking all as read takes as many steps as it needs, counting as many looks as it may', async () => {
    const set = stage()
    const bob = set.actor('bob')
    for (let i = 0; i < 230; i++) {
      const sender = set.actor(`s${i}`)
      await say(sender, await openConvo(sender, bob), 'hello')
    }
    assert.deepEqual(await bob.call(getUnreadCounts, {}), {
      unreadAcceptedConvos: 0,
      unreadRequestConvos: 100,
    })
    for (let i = 100; i < 230; i++) set.people.block(bob.did, `did:plc:${`s${i}`.padEnd(24, 'a')}`)
    assert.equal(
      (await bob.call(getUnreadCounts, {})).unreadRequestConvos,
      100,
      'on the pages after the blocked',
    )
    assert.deepEqual(await bob.call(updateAllRead, {}), { updatedCount: 230 })
    assert.equal((await bob.call(getUnreadCounts, {})).unreadRequestConvos, 0)
  })
})

onEveryStore('small print', stage => {
  test('a send moves the sender’s own read marker', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const one = await say(bob, await openConvo(bob, alice), 'one')
    await alice.call(updateRead, { convoId: convo.id })
    await say(alice, convo, 'two')
    const log = await newLog(alice)
    await alice.call(updateRead, { convoId: convo.id, messageId: one.id })
    for (const row of await log())
      assert.ok('message' in row && (row.message as { text: string }).text === 'two')
  })

  test('a whole batch may have a key of the full length', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const batch = { items: [{ convoId: convo.id, message: { text: 'x' } }], idempotencyKey: 'k'.repeat(128) }
    const first = await alice.call(sendMessageBatch, batch)
    assert.deepEqual(await alice.call(sendMessageBatch, batch), first)
    await refuses(
      alice.call(sendMessageBatch, { ...batch, idempotencyKey: 'k'.repeat(129) }),
      'InvalidRequest',
    )
  })

  test('the same input with a key is the same, also where JSON has two ways of saying it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const facets = [
      {
        index: { byteStart: -0, byteEnd: 1 },
        features: [{ $type: 'app.bsky.richtext.facet#tag' as const, tag: 'x' }],
      },
    ]
    const input = { convoId: convo.id, message: { text: 'x', facets }, idempotencyKey: 'k' }
    const sent = await alice.call(sendMessage, input)
    assert.deepEqual(await alice.call(sendMessage, input), sent)
  })

  test('a log of long messages comes in short pages', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    for (let i = 0; i < 60; i++) await say(alice, convo, '👨‍👩‍👧‍👦'.repeat(400))
    const { logs } = await bob.call(getLog, { cursor: '2222222222222' })
    assert.ok(logs.length > 10 && logs.length < 40, String(logs.length))
    assert.equal((await wholeLog(bob)).length, 61)
  })

  test('history brings the profiles of its people, as the viewer stands to them', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    set.people.follow(alice.did, bob.did)
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    const { relatedProfiles } = await alice.call(getMessages, { convoId: convo.id })
    assert.deepEqual(relatedProfiles?.map(profile => profile.did).sort(), [alice.did, bob.did])
    const bobs = relatedProfiles?.find(profile => profile.did === bob.did)
    assert.ok(bobs?.viewer?.following)
    assert.equal(bobs.viewer.blockedBy, false)
  })

  test('a reaction by an account that is gone is not the last reaction', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    assert.ok((await alice.call(getConvo, { convoId: convo.id })).convo.lastReaction)
    set.people.remove(bob.did)
    assert.equal((await alice.call(getConvo, { convoId: convo.id })).convo.lastReaction, undefined)
  })
})
