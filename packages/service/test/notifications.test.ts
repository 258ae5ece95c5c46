import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getPreferences } from '../src/endpoints/chat/bsky/notification/getPreferences.ts'
import { putPreferences } from '../src/endpoints/chat/bsky/notification/putPreferences.ts'
import { onEveryStore, refuses } from './stage.ts'

const all = { include: 'all', push: true }
const follows = { include: 'follows', push: true }

onEveryStore('notification preferences', stage => {
  test('what is set stays, what is not keeps its default, for this account alone', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const read = async (actor: typeof alice) => (await actor.call(getPreferences, {})).preferences
    const defaults = { chat: all, chatRequest: follows }
    assert.deepEqual(await read(alice), defaults)
    assert.deepEqual((await alice.call(putPreferences, {})).preferences, defaults)
    const chat = { include: 'follows', push: false }
    const given = { chat: { ...chat, sound: 'loud' } }
    const { preferences } = await alice.call(putPreferences, given)
    assert.deepEqual(preferences, { chat, chatRequest: follows }, 'unknown fields are not kept')
    await alice.call(putPreferences, { chatRequest: all })
    assert.deepEqual(await read(alice), { chat, chatRequest: all })
    assert.deepEqual(await read(bob), defaults)
  })

  test('two settings at once do not take each other back', async () => {
    const alice = stage().actor('alice')
    const chat = { include: 'follows', push: false }
    await Promise.all([
      alice.call(putPreferences, { chat }),
      alice.call(putPreferences, { chatRequest: all }),
    ])
    assert.deepEqual((await alice.call(getPreferences, {})).preferences, { chat, chatRequest: all })
  })

  test('an unknown value is refused and changes nothing; moderation’s switch stays where it is', async () => {
    const set = stage()
    const alice = set.actor('alice')
    await set.setDisabled(alice, true)
    await alice.call(putPreferences, { chat: { include: 'follows', push: true } })
    const nobody = { include: 'nobody', push: true }
    await refuses(alice.call(putPreferences, { chat: all, chatRequest: nobody }), 'InvalidRequest')
    assert.deepEqual((await alice.call(getPreferences, {})).preferences.chat, follows)
    assert.equal((await set.ctx.store.account(alice.did)).chatDisabled, true)
  })
})
