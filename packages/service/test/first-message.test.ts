import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { onEveryStore, openConvo, type Stage, say } from './stage.ts'

async function eventTypes({ ctx }: Stage): Promise<string[]> {
  const events = await ctx.store.forModerators.events({ after: 0, limit: 100 })
  return events.map(({ event }) => event.$type!.split('#')[1]!)
}

onEveryStore('the first message of a direct convo', stage => {
  test('moderators hear of it once, also where both had opened the convo', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await openConvo(bob, alice)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    assert.deepEqual(await eventTypes(set), ['eventConvoFirstMessage'])
  })

  test('also where one has left the convo while it was empty', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await openConvo(bob, alice)
    await alice.call(leaveConvo, { convoId: convo.id })
    await say(bob, convo, 'hello')
    assert.deepEqual(await eventTypes(set), ['eventConvoFirstMessage'])
  })

  test('a message after one side has left is no first one', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    await alice.call(leaveConvo, { convoId: convo.id })
    await say(bob, convo, 'still there?')
    assert.deepEqual(await eventTypes(set), ['eventConvoFirstMessage', 'eventChatAccepted'])
  })
})
