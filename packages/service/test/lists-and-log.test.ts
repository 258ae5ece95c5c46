import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getStatus } from '../src/endpoints/chat/bsky/actor/getStatus.ts'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getLog } from '../src/endpoints/chat/bsky/convo/getLog.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { listConvoRequests } from '../src/endpoints/chat/bsky/convo/listConvoRequests.ts'
import { listConvos } from '../src/endpoints/chat/bsky/convo/listConvos.ts'
import { updateRead } from '../src/endpoints/chat/bsky/convo/updateRead.ts'
import { logTypes, newLog, onEveryStore, openConvo, refuses, say } from './stage.ts'

onEveryStore('lists', stage => {
  test('newest rev first, in full pages, the last one without a cursor', async () => {
    const set = stage()
    const bob = set.actor('bob')
    const opened = []
    for (let i = 0; i < 7; i++) {
      const sender = set.actor(`sender${i}`)
      const convo = await openConvo(sender, bob)
      await say(sender, convo, 'hello')
      opened.push(convo.id)
    }
    const seen: string[] = []
    const sizes: number[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: { convos: { id: string }[]; cursor?: string | undefined } = await bob.call(listConvos, {
        limit: 3,
        cursor,
      })
      seen.push(...page.convos.map(convo => convo.id))
      sizes.push(page.convos.length)
      cursor = page.cursor
    }
    assert.deepEqual(seen, opened.reverse())
    assert.deepEqual(sizes, [3, 3, 1])
  })

  test('filters hold, and an unknown value is refused rather than passed over', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const [one, two] = [await openConvo(alice, bob), await openConvo(carla, bob)]
    await say(alice, one, 'hello')
    await say(carla, two, 'hello')
    await bob.call(acceptConvo, { convoId: one.id })
    await bob.call(updateRead, { convoId: one.id })
    const ids = async (filter: object) => (await bob.call(listConvos, filter)).convos.map(convo => convo.id)
    assert.deepEqual(await ids({}), [two.id, one.id])
    assert.deepEqual(await ids({ status: 'accepted' }), [one.id])
    assert.deepEqual(await ids({ status: 'request' }), [two.id])
    assert.deepEqual(await ids({ readState: 'unread' }), [two.id])
    assert.deepEqual(await ids({ kind: 'direct', lockStatus: 'unlocked' }), [two.id, one.id])
    assert.deepEqual(await ids({ kind: 'group' }), [])
    assert.deepEqual(await ids({ lockStatus: 'locked' }), [])
    for (const filter of [{ status: 'x' }, { kind: 'x' }, { lockStatus: 'x' }, { readState: 'read' }]) {
      await refuses(bob.call(listConvos, filter), 'InvalidRequest')
    }
    const { requests } = await bob.call(listConvoRequests, {})
    assert.deepEqual(
      requests.map(request => [request.$type, 'id' in request && request.id]),
      [['chat.bsky.convo.defs#convoView', two.id]],
    )
  })

  test('leaving takes the convo and its history away from the leaver alone', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    const [alices, bobs] = [await newLog(alice), await newLog(bob)]
    const left = await bob.call(leaveConvo, { convoId: convo.id })
    const [row] = await bobs()
    assert.deepEqual([row?.$type, row?.rev], ['chat.bsky.convo.defs#logLeaveConvo', left.rev])
    assert.deepEqual(await bob.call(leaveConvo, { convoId: convo.id }), left, 'again is the same')
    assert.deepEqual(await logTypes(bobs), [])
    assert.deepEqual(await logTypes(alices), [])
    assert.deepEqual((await bob.call(listConvos, {})).convos, [])
    assert.deepEqual((await bob.call(getMessages, { convoId: convo.id })).messages, [])
    assert.equal((await alice.call(getMessages, { convoId: convo.id })).messages.length, 1)
    const { logs } = await bob.call(getLog, { cursor: '2222222222222' })
    assert.equal(JSON.stringify(logs).includes('hello'), false, 'the log forgets it too')
  })

  test('accepting answers with the rev of its row, and without one the second time', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    const [alices, bobs] = [await newLog(alice), await newLog(bob)]
    const { rev } = await bob.call(acceptConvo, { convoId: convo.id })
    const [row] = await bobs()
    assert.deepEqual([row?.$type, row?.rev], ['chat.bsky.convo.defs#logAcceptConvo', rev])
    assert.deepEqual(await bob.call(acceptConvo, { convoId: convo.id }), {})
    assert.deepEqual(await logTypes(bobs), [])
    assert.deepEqual(await logTypes(alices), [])
  })
})

onEveryStore('the log', stage => {
  test('without a cursor it answers with where it stands, also for who has nothing', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    assert.deepEqual(await alice.call(getLog, {}), { cursor: '2222222222222', logs: [] })
    const sent = await say(alice, await openConvo(alice, bob), 'hello')
    assert.deepEqual(await bob.call(getLog, { cursor: '' }), { cursor: sent.rev, logs: [] })
  })

  test('any rev is a cursor, the future answers itself, and nonsense is refused', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    assert.deepEqual(await bob.call(getLog, { cursor: 'jzzzzzzzzzzzz' }), {
      cursor: 'jzzzzzzzzzzzz',
      logs: [],
    })
    const all = (await bob.call(getLog, { cursor: '2222222222222' })).logs
    assert.equal(all.length, 2)
    const between = `${all[0]!.rev.slice(0, 11)}2z`
    assert.deepEqual((await bob.call(getLog, { cursor: between })).logs, all.slice(1))
    for (const cursor of ['x', '22222222222222', 'ZZZZZZZZZZZZZ', '2222222222221', '../../etc/pass']) {
      await refuses(bob.call(getLog, { cursor }), 'InvalidRequest', 'Malformed cursor')
      await refuses(
        bob.call(getMessages, { convoId: convo.id, cursor }),
        'InvalidRequest',
        'Malformed cursor',
      )
    }
  })

  test('history before a log row’s rev is what was there before it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'one')
    const two = await say(alice, convo, 'two')
    const { messages } = await bob.call(getMessages, { convoId: convo.id, cursor: two.rev })
    assert.equal(messages.length, 1)
  })

  test('old rows show the message as it is now', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const sent = await say(alice, convo, 'hello')
    const { message } = await bob.call(addReaction, { convoId: convo.id, messageId: sent.id, value: '👍' })
    const { logs } = await bob.call(getLog, { cursor: '2222222222222' })
    const created = logs.find(row => row.$type === 'chat.bsky.convo.defs#logCreateMessage')
    assert.ok(created && 'message' in created)
    assert.deepEqual(created.message, message)
    assert.ok(created.rev < message.rev)
  })

  test('rows about messages carry the profiles of those in them', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const log = await newLog(bob)
    await say(alice, await openConvo(alice, bob), 'hello')
    const row = (await log()).at(-1)
    assert.ok(row?.$type === 'chat.bsky.convo.defs#logCreateMessage')
    assert.deepEqual(
      row.relatedProfiles?.map(profile => [profile.did, profile.kind?.$type]),
      [[alice.did, 'chat.bsky.actor.defs#directConvoMember']],
    )
  })
})

onEveryStore('status', stage => {
  test('an account may chat unless moderation says otherwise', async () => {
    const alice = stage().actor('alice')
    assert.deepEqual(await alice.call(getStatus, {}), {
      chatDisabled: false,
      canCreateGroups: true,
      groupMemberLimit: 100,
    })
  })

  test('a convo shows its viewer among its members', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const { convo } = await alice.call(getConvo, { convoId: (await openConvo(alice, bob)).id })
    assert.ok(convo.members.some(member => member.did === alice.did))
  })
})
