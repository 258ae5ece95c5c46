import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { knock, talk } from '../setups.ts'

export const log = subject('the log')
const { scene } = log

scene('without a cursor it answers where it stands, and nothing else', async ({ alice, bob }) => {
  await knock(alice, bob)
  const { cursor, logs } = await bob.getLog()
  assert.deepEqual(logs, [])
  assert.match(cursor!, /^[2-7a-z]{13}$/)
  assert.deepEqual(await bob.getLog({ cursor: cursor! }), { cursor, logs: [] })
})

scene('an empty cursor is none', async ({ alice }) => {
  const { logs, cursor } = await alice.getLog({ cursor: '' })
  assert.deepEqual(logs, [])
  assert.match(cursor!, /^[2-7a-z]{13}$/)
})

scene('an account to which nothing happened has a cursor too', async ({ alice, bob }) => {
  const { cursor } = await bob.getLog()
  await knock(alice, bob)
  const { logs } = await bob.getLog({ cursor: cursor! })
  assert.equal(logs.length, 2)
})

scene('it answers what came after the cursor, and not its own row', async ({ alice, bob }) => {
  const { cursor } = await bob.getLog()
  await knock(alice, bob)
  const all = (await bob.getLog({ cursor: cursor! })).logs
  const { rev } = all[0] as { rev: string }
  const rest = (await bob.getLog({ cursor: rev })).logs
  assert.deepEqual(rest, all.slice(1))
})

scene('a message is never repeated, and never missed', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.skips()
  for (const text of ['one', 'two', 'three']) {
    await alice.sendMessage({ convoId, message: { text } })
    await bob.hears(`logCreateMessage alice: ${text}`)
  }
  await bob.hears()
})

scene('a long log comes in pages', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await bob.skips()
  const items = Array.from({ length: 100 }, (_, n) => ({ convoId, message: { text: `${n}` } }))
  await alice.sendMessageBatch({ items })
  await alice.sendMessageBatch({ items })
  const texts = [...items, ...items].map(({ message }) => `logCreateMessage alice: ${message.text}`)
  await bob.hears(...texts)
})

scene('a cursor of the future answers itself', async ({ alice, bob }) => {
  await knock(alice, bob)
  assert.deepEqual(await bob.getLog({ cursor: 'jzzzzzzzzzzzz' }), { cursor: 'jzzzzzzzzzzzz', logs: [] })
})

scene('nonsense is no cursor', async ({ alice }) => {
  for (const cursor of ['x', '22222222222222', '2222222222221']) {
    await refused(alice.getLog({ cursor }), 'InvalidRequest', 'Malformed cursor')
  }
})

scene('every row says its type, its rev and its convo', async ({ alice, bob }) => {
  const { cursor } = await alice.getLog()
  const convoId = await talk(alice, bob)
  await alice.muteConvo({ convoId })
  const { logs } = await alice.getLog({ cursor: cursor! })
  assert.ok(logs.length >= 4)
  for (const row of logs) {
    assert.match(row.$type ?? '', /^chat\.bsky\.convo\.defs#log/)
    assert.partialDeepStrictEqual(row, { convoId })
  }
})
