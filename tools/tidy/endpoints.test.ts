import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lexicons } from '@atproto/api'
import { endpoints, subscriptions } from '../../packages/service/src/endpoints/index.ts'
import { sourceFiles } from './sources.ts'

const listed = [...endpoints, ...subscriptions]

test('every endpoint file is in the list, under the name of its method', () => {
  const folder = 'packages/service/src/endpoints/'
  const files = sourceFiles().filter(path => path.startsWith(`${folder}chat/`))
  const methods = files.map(path => path.slice(folder.length, -'.ts'.length).replaceAll('/', '.'))
  assert.deepEqual(listed.map(({ schema }) => schema.nsid).sort(), methods.sort())
})

test('the service answers every method of chat.bsky.* that the official lexicons have, 50 of 50, and no other', () => {
  const kinds = { query: 'xrpc_query', procedure: 'xrpc_procedure', subscription: 'xrpc_subscription' }
  const official = [...lexicons]
    .filter(({ id }) => id.startsWith('chat.bsky.'))
    .flatMap(({ id, defs }) => {
      const kind = kinds[defs.main?.type as keyof typeof kinds]
      return kind ? `${id} ${kind}` : []
    })
  const answered = listed.filter(({ schema }) => !schema.nsid.startsWith('chat.parley.'))
  assert.deepEqual(answered.map(({ schema }) => `${schema.nsid} ${schema.type}`).sort(), official.sort())
  assert.equal(official.length, 50)
})

test('a method of our own is opened with a token for one that a PDS guards, but for what anybody may ask', () => {
  const guarded = ['chat.bsky.convo.getLog', 'chat.bsky.convo.sendMessage']
  for (const endpoint of endpoints) assert.ok(endpoint.schema.nsid.startsWith('chat.bsky.'))
  for (const { schema, tokenMethod } of subscriptions) {
    if (schema.nsid.startsWith('chat.parley.')) assert.ok(guarded.includes(tokenMethod!), schema.nsid)
  }
})

test('methods of moderation are for moderators, one is for everybody, and all others are for accounts', () => {
  const callersOf = (nsid: string) => {
    if (nsid.startsWith('chat.bsky.moderation.')) return 'moderators'
    return nsid === 'chat.bsky.group.getJoinLinkPreviews' ? 'everybody' : 'accounts'
  }
  for (const { schema, callers } of listed) assert.equal(callers, callersOf(schema.nsid), schema.nsid)
})
