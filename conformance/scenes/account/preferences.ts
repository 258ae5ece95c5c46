import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'

export const preferences = subject('notification preferences')
const { scene } = preferences

scene('what is set stays, and what is not given stays as it was', async ({ alice }) => {
  const before = (await alice.getPreferences()).preferences
  const chat = { include: 'follows', push: false }
  const answer = await alice.putPreferences({ chat })
  assert.deepEqual(answer.preferences, { ...before, chat })
  const chatRequest = { include: 'all', push: false }
  await alice.putPreferences({ chatRequest })
  assert.deepEqual((await alice.getPreferences()).preferences, { chat, chatRequest })
  await alice.putPreferences(before)
})

scene('one’s own are nobody else’s', async ({ alice, bob }) => {
  const before = (await bob.getPreferences()).preferences
  await alice.putPreferences({ chat: { include: 'follows', push: false } })
  assert.deepEqual((await bob.getPreferences()).preferences, before)
  await alice.putPreferences(before)
})

scene('nobody is notified of what no client knows', async ({ alice }) => {
  const chat = { include: 'everything', push: true }
  await refused(alice.putPreferences({ chat }), 'InvalidRequest')
})
