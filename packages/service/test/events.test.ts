import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { lexicons } from '@atproto/api'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { addMembers } from '../src/endpoints/chat/bsky/group/addMembers.ts'
import { endpoints } from '../src/endpoints/index.ts'
import { eventsDocument } from './events/document.ts'
import { group } from './events/group-setup.ts'
import { plays } from './events/plays.ts'
import { expected, play } from './events/scene.ts'
import { type Row, sections } from './events/table.ts'
import { onEveryStore, wholeLog } from './stage.ts'

const rows: readonly Row[] = sections.flatMap(({ rows }) => rows)

onEveryStore('who is told what', stage => {
  for (const row of sections.flatMap(({ rows }) => rows)) {
    test(row.action, async () => {
      const set = stage()
      const scene = await plays[row.action](set)
      const notConcerned = [set.actor('stan'), set.actor('gina')]
      assert.deepEqual(await play(set, scene, notConcerned), expected(row, scene, notConcerned))
    })
  }
})

onEveryStore('a log that is read late', stage => {
  test('has no rows about messages of a group that was left, also after coming back', async () => {
    const set = stage()
    const { olga, mira, convoId } = await group(set)
    const types = async () => (await wholeLog(mira)).map(({ $type }) => $type!.split('#log')[1])
    assert.deepEqual(await types(), ['BeginConvo', 'AcceptConvo', 'MemberLeave', 'CreateMessage'])
    await mira.call(leaveConvo, { convoId })
    assert.deepEqual(await types(), ['BeginConvo', 'AcceptConvo', 'LeaveConvo'])
    await olga.call(addMembers, { convoId, members: [mira.did] })
    assert.deepEqual(await types(), ['BeginConvo', 'AcceptConvo', 'LeaveConvo', 'BeginConvo', 'AddMember'])
  })
})

/** Names of a union of the official lexicon, without what they all begin with. */
function namesOf(refs: readonly string[], prefix: string): string[] {
  return refs.map(ref => ref.split('#')[1]!.slice(prefix.length)).sort()
}

function namesIn(cells: readonly (readonly string[])[]): string[] {
  return [...new Set(cells.flat())].sort()
}

test('the table has every event of the log, and no other', () => {
  const { output } = lexicons.getDefOrThrow('chat.bsky.convo.getLog') as unknown as {
    output: { schema: { properties: { logs: { items: { refs: string[] } } } } }
  }
  const { refs } = output.schema.properties.logs.items
  const told = rows.flatMap(({ actor, others, owner, subject }) => [
    actor,
    others,
    owner ?? [],
    subject ?? [],
  ])
  assert.equal(refs.length, 30)
  assert.deepEqual(namesIn(told), namesOf(refs, 'log'))
})

test('the table has every event for moderators, and no other', () => {
  const { message } = lexicons.getDefOrThrow('chat.bsky.moderation.subscribeModEvents') as unknown as {
    message: { schema: { refs: string[] } }
  }
  const { refs } = message.schema
  const told = rows.map(({ moderators = [] }) => moderators.map(event => event.split(':')[0]!))
  assert.equal(refs.length, 11)
  assert.deepEqual(namesIn(told), namesOf(refs, 'event'))
})

test('the table has every system message, and no other', () => {
  const { properties } = lexicons.getDefOrThrow('chat.bsky.convo.defs#systemMessageView') as unknown as {
    properties: { data: { refs: string[] } }
  }
  const stored = namesIn(rows.map(row => row.stored ?? []))
  assert.deepEqual(stored, namesOf(properties.data.refs, 'systemMessageData'))
})

test('the table has every method that changes something', () => {
  const named = new Set(rows.map(({ action }) => action.split(':')[0]))
  const changing = endpoints.filter(({ schema }) => schema.type === 'xrpc_procedure')
  const missing = changing
    .map(({ schema }) => schema.nsid.split('.').at(-1)!)
    .filter(name => !named.has(name))
  assert.deepEqual(missing, [])
})

test('docs/events.md is the table; `node packages/service/test/events/write-document.ts` writes it', () => {
  const document = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')
  assert.equal(document, eventsDocument())
})
