import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import { exportAccountData } from '../src/endpoints/chat/bsky/actor/exportAccountData.ts'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from '../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvoMembers } from '../src/endpoints/chat/bsky/convo/getConvoMembers.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { listConvoRequests } from '../src/endpoints/chat/bsky/convo/listConvoRequests.ts'
import { listConvos } from '../src/endpoints/chat/bsky/convo/listConvos.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { addMembers } from '../src/endpoints/chat/bsky/group/addMembers.ts'
import { listJoinRequests } from '../src/endpoints/chat/bsky/group/listJoinRequests.ts'
import { newMember } from '../src/store/new-member.ts'
import { pairOf } from '../src/store/scope.ts'
import type { Store } from '../src/store/store.ts'
import { startTestEdge } from '../src/xrpc/test-edge.ts'
import { askToJoin, beginGroup } from './group-setups.ts'
import { type Actor, onEveryStore, openConvo, Stage, say } from './stage.ts'
import { sqliteStore } from './stores.ts'

interface Line {
  type: string
  [field: string]: unknown
}

async function exportOf(actor: Actor): Promise<Line[]> {
  const parts = await Array.fromAsync(await actor.call(exportAccountData, {}))
  const lines = parts.join('').split('\n')
  assert.equal(lines.pop(), '', 'every line is ended')
  return lines.map(line => JSON.parse(line) as Line)
}

/** Every page of a method, by its cursor. */
async function all<T>(ask: (cursor: string) => Promise<{ items: T[]; cursor?: string | undefined }>) {
  const found: T[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: { items: T[]; cursor?: string | undefined } = await ask(cursor)
    found.push(...page.items)
    cursor = page.cursor
  }
  return found
}

/** What the read methods show of an account, in the order of an export. */
async function walk(actor: Actor): Promise<unknown[]> {
  const convos = await all(async cursor => {
    const { convos, cursor: next } = await actor.call(listConvos, { cursor, limit: 3 })
    return { items: convos, cursor: next }
  })
  const seen: unknown[] = [['account', actor.did]]
  const { requests } = await actor.call(listConvoRequests, { limit: 100 })
  for (const request of requests)
    if (request.$type?.endsWith('joinRequestConvoView') && 'convoId' in request)
      seen.push(['joinRequest', request.convoId, request.viewer?.requestedAt])
  for (const convo of convos.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { id, rev, status, muted, unreadCount, kind } = convo
    seen.push(['convo', id, rev, status, muted, unreadCount])
    const members = await all(async cursor => {
      const page = await actor.call(getConvoMembers, { convoId: id, cursor, limit: 2 })
      return { items: page.members, cursor: page.cursor }
    })
    for (const { did } of members) seen.push(['member', id, did])
    if (kind && 'joinRequestCount' in kind) {
      const { requests } = await actor.call(listJoinRequests, { convoId: id })
      for (const { requestedAt } of requests) seen.push(['joinRequest', id, requestedAt])
    }
    const messages = await all(async cursor => {
      const page = await actor.call(getMessages, { convoId: id, cursor, limit: 7 })
      return { items: page.messages, cursor: page.cursor }
    })
    for (const message of messages) {
      if ('text' in message) {
        const { text, sender, reactions } = message
        seen.push(['message', id, message.id, text, sender.did, reactions])
      } else if ('data' in message) seen.push(['message', id, message.id, message.data])
    }
  }
  return seen
}

/** The same of an export. */
function shown(line: Line): unknown[] {
  const { type, convoId, id, rev, did, status, muted, unreadCount, requestedAt } = line
  if (type === 'account') return [type, did]
  if (type === 'joinRequest') return [type, convoId, requestedAt]
  if (type === 'convo') return [type, id, rev, status, muted, unreadCount]
  if (type === 'member') return [type, convoId, did]
  const { text, sender, reactions, system } = line
  return system ? [type, convoId, id, system] : [type, convoId, id, text, sender, reactions]
}

onEveryStore('an export', stage => {
  test('holds what its account may read and nothing else, in order, after a random story', async () => {
    const set = stage()
    const cast = ['alice', 'bob', 'carla', 'dave'].map(name => set.actor(name))
    const [alice, bob, carla, dave] = cast as [Actor, Actor, Actor, Actor]
    const group = await beginGroup(alice, [bob, carla])
    for (let i = 0; i < 5; i++) await say(alice, group, `before ${i}`)
    await alice.call(addMembers, { convoId: group.id, members: [dave.did] })
    const left = await beginGroup(alice, [bob], 'Left')
    await say(alice, left, 'out of sight')
    await bob.call(leaveConvo, { convoId: left.id })
    const wanted = await beginGroup(dave, [], 'Wanted')
    await askToJoin(bob, dave, wanted)
    await say(dave, group, 'hello')
    await say(alice, await openConvo(alice, carla), 'between us')
    for (const actor of cast) {
      const lines = await exportOf(actor)
      assert.deepEqual(lines.map(shown), await walk(actor))
    }
    assert.doesNotMatch(JSON.stringify(await exportOf(bob)), /out of sight/)
    assert.doesNotMatch(JSON.stringify(await exportOf(dave)), /before/)
  })

  test('leaves out what was deleted, left and who is gone, and keeps a message as it was sent', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const convoId = convo.id
    const one = await say(alice, convo, 'one')
    const facets = [{ index: { byteStart: 0, byteEnd: 3 }, features: [] }]
    const message = { text: 'two', facets, replyTo: { messageId: one.id } }
    const two = await bob.call(sendMessage, { convoId, message })
    await alice.call(addReaction, { convoId, messageId: two.id, value: '👍' })
    const messages = async (actor: Actor) => (await exportOf(actor)).filter(({ type }) => type === 'message')
    const [last] = await messages(alice)
    assert.partialDeepStrictEqual(last, { ...message, sender: bob.did, reactions: [{ value: '👍' }] })
    await alice.call(deleteMessageForSelf, { convoId, messageId: two.id })
    assert.deepEqual(
      (await messages(alice)).map(({ id }) => id),
      [one.id],
    )
    assert.equal((await messages(bob)).length, 2)
    set.people.remove(alice.did)
    assert.deepEqual(
      (await messages(bob)).map(({ id }) => id),
      [two.id],
    )
    set.actor('alice')
    await bob.call(acceptConvo, { convoId })
    await bob.call(leaveConvo, { convoId })
    assert.deepEqual(
      (await exportOf(bob)).map(({ type }) => type),
      ['account'],
    )
  })
})

const textBytes = 1000
const historyLength = 60_000

/** A store with one long direct convo, which says how many pages of it were read. */
async function withLongHistory(store: Store, pair: readonly [Did, Did]): Promise<{ pages: number }> {
  await store.transact({}, tx => {
    const id = tx.nextRev()
    tx.createDirectConvo({ id, kind: 'direct' }, pairOf(...pair))
    for (let i = 0; i < historyLength; i++) {
      const rev = tx.nextRev()
      const body = { text: 'x'.repeat(textBytes) }
      tx.addMessage({ convoId: id, id: rev, rev, sender: pair[i % 2]!, body })
    }
    for (const [i, did] of pair.entries()) {
      const rev = tx.nextRev()
      tx.putMember({ ...newMember(id, did, id + i), rev, listed: true, status: 'accepted' })
      tx.appendLog({ did, rev, type: 'beginConvo', convoId: id })
    }
  })
  const read = { pages: 0 }
  const messages = store.messages.bind(store)
  store.messages = (membership, page) => {
    read.pages += 1
    return messages(membership, page)
  }
  return read
}

/** Waits until nothing has changed for a while of turns. */
async function settled(value: () => number): Promise<number> {
  for (let [last, still] = [-1, 0]; ; ) {
    await setImmediate()
    const now = value()
    still = now === last ? still + 1 : 0
    last = now
    if (still > 2000) return now
  }
}

test('a long export goes no faster than it is read, and ends when its reader goes', async () => {
  const stage = new Stage(sqliteStore)
  const { ctx } = stage
  const edge = await startTestEdge({ endpoints: [exportAccountData], context: ctx })
  stage.people.add(edge.did, { handle: 'alice.test' })
  const read = await withLongHistory(ctx.store, [edge.did, stage.actor('bob').did])
  const pagesInAll = historyLength / 100

  const nsid = 'chat.bsky.actor.exportAccountData'
  const headers = { authorization: `Bearer ${await edge.token(nsid)}` }
  const request = get(`${edge.url}/xrpc/${nsid}`, { headers })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'application/jsonl')
  const waiting = await settled(() => read.pages)
  assert.ok(waiting > 0 && waiting < pagesInAll / 2, `${waiting} of ${pagesInAll} pages for nobody`)
  answer.destroy()
  const afterwards = await settled(() => read.pages)
  assert.ok(afterwards < pagesInAll / 2, `${afterwards} pages after the reader went`)

  read.pages = 0
  const whole = await edge.call(nsid)
  let [bytes, lines] = [0, 0]
  for await (const chunk of whole.body!) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines += 1
  }
  assert.equal(lines, historyLength + 4, 'the account, the convo and its two members')
  assert.ok(bytes > historyLength * textBytes)
  assert.equal(read.pages, pagesInAll)
  assert.deepEqual(
    edge.log.filter(line => line.includes('"level":50')),
    [],
    'a reader who goes is no fault of ours',
  )
  await edge.close()
  await ctx.store.close()
})
