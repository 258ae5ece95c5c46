import assert from 'node:assert/strict'
import { getUnreadCounts } from '../../src/endpoints/chat/bsky/convo/getUnreadCounts.ts'
import { listConvos } from '../../src/endpoints/chat/bsky/convo/listConvos.ts'
import type { Actor } from '../stage.ts'
import { type Client, fetchConvo, fetchRequests, listOf } from './client.ts'
import { type GroupView, type HeldConvo, isGroup } from './held.ts'
import { byOthers, newestReactions } from './history.ts'
import type { ExportLine, Listener } from './perform.ts'
import { same } from './same.ts'

/** A client that has followed the log holds what one holds that has just fetched. */
export async function assertCurrent(actor: Actor, client: Client, fresh: Client): Promise<void> {
  same(client.cursor, fresh.cursor, 'the cursor of the log is not where the log ends')
  same(
    listOf(client).map(({ view }) => view.id),
    [...fresh.convos.keys()],
    'the list of convos is another after fetching',
  )
  for (const [convoId, held] of client.convos) {
    // What is not in the list can be fetched all the same.
    same(
      held,
      fresh.convos.get(convoId) ?? (await fetchConvo(actor, convoId)),
      'a convo is another after fetching',
    )
  }
  same(
    [...client.asked].sort(),
    [...fresh.asked].sort(),
    'the own requests to join are others after fetching',
  )
}

/** The other answers about all convos say what follows from these. */
export async function assertSummaries(actor: Actor, client: Client): Promise<void> {
  const { convos } = await actor.call(listConvos, { limit: 100 })
  for (const { id, lastReaction, members } of convos) {
    const held = client.convos.get(id)!
    const newest = newestReactions(held)
    const isOne = newest.some(one => JSON.stringify(one.reaction) === JSON.stringify(lastReaction?.reaction))
    assert.ok(newest.length === 0 ? !lastReaction : isOne, 'lastReaction is not the newest in sight')
    const known = held.members.map(({ did }) => did)
    assert.ok(
      members.every(({ did }) => known.includes(did)),
      'a convo names somebody who is no member',
    )
    assert.ok(
      members.some(({ did }) => did === actor.did),
      'a convo does not name its viewer',
    )
  }
  const list = listOf(client)
  for (const [filter, isIn] of filters) {
    const found = await actor.call(listConvos, { limit: 100, ...filter })
    const expected = list.filter(isIn).map(({ view }) => view.id)
    same(
      found.convos.map(({ id }) => id),
      expected,
      `listConvos ${JSON.stringify(filter)} is not what the list says`,
    )
  }
  await assertRequests(actor, client)
  const count = (status: string, isIn: (held: HeldConvo) => boolean = () => true) =>
    list.filter(held => held.view.status === status && isIn(held) && countsAsUnread(held)).length
  same(
    await actor.call(getUnreadCounts, {}),
    { unreadAcceptedConvos: count('accepted'), unreadRequestConvos: count('request') },
    'getUnreadCounts is not what the convos say',
  )
  const direct = (held: HeldConvo) => !isGroup(held.view)
  same(
    await actor.call(getUnreadCounts, { includeGroupChats: false }),
    { unreadAcceptedConvos: count('accepted', direct), unreadRequestConvos: count('request', direct) },
    'getUnreadCounts without groups is not what the convos say',
  )
}

/** Of locks lists know only what the owner has set, so they are asked where nothing else locks. */
const filters: [object, (held: HeldConvo) => boolean][] = [
  [{ status: 'request' }, ({ view }) => view.status === 'request'],
  [{ status: 'accepted', kind: 'group' }, ({ view }) => view.status === 'accepted' && isGroup(view)],
  [{ kind: 'direct' }, ({ view }) => !isGroup(view)],
  [{ readState: 'unread' }, isUnread],
  [{ lockStatus: 'locked-permanently' }, ({ view }) => lockOf(view.kind) === 'locked-permanently'],
]

/** Both kinds, newest first; one's own requests say when, the others' rev says it to the microsecond. */
async function assertRequests(actor: Actor, client: Client): Promise<void> {
  const requests = await fetchRequests(actor)
  const invited = listOf(client).filter(({ view }) => view.status === 'request')
  same(
    requests.flatMap(request => ('id' in request ? request.id : [])),
    invited.map(({ view }) => view.id),
    'listConvoRequests is not what the list says',
  )
  const asked = requests.flatMap(request => ('convoId' in request ? request : []))
  same(
    asked.map(({ convoId }) => convoId).sort(),
    [...client.asked].sort(),
    'own requests to join are others',
  )
  const times = asked.map(({ viewer }) => viewer!.requestedAt!)
  same(times, [...times].sort().reverse(), 'own requests to join are not newest first')
}

function isUnread({ view }: HeldConvo): boolean {
  return view.unreadCount > 0 || Boolean((view.kind as Partial<GroupView>).unreadJoinRequestCount)
}

function countsAsUnread(held: HeldConvo): boolean {
  const isOpen = !isGroup(held.view) || lockOf(held.view.kind) === 'unlocked'
  return isUnread(held) && isOpen && !held.view.muted && !held.isUnreachable
}

function lockOf(kind: HeldConvo['view']['kind']): string {
  return kind?.$type === 'chat.bsky.convo.defs#groupConvo' ? kind.lockStatus : 'unlocked'
}

/** The export says the same once more, and with it what is unread: all by others after the read marker. */
export async function assertExport(actor: Listener, client: Client): Promise<void> {
  const lines = Map.groupBy(await actor.export(), ({ type }) => type)
  const of = (type: ExportLine['type'], convoId: string) =>
    (lines.get(type) ?? []).filter(line => line.convoId === convoId)
  // Those of others, to their owner, name who asks.
  const own = (lines.get('joinRequest') ?? []).filter(({ did }) => did === undefined)
  same(
    own.map(({ convoId }) => convoId).sort(),
    [...client.asked].sort(),
    'the export has other requests to join',
  )
  const exported = lines.get('convo') ?? []
  const list = listOf(client)
  same(
    exported.map(({ id }) => id).sort(),
    list.map(({ view }) => view.id).sort(),
    'the export has other convos',
  )
  for (const held of list) {
    const { id, rev, status, muted, unreadCount } = held.view
    const line = exported.find(line => line.id === id)!
    same(
      { rev: line.rev, status: line.status, muted: line.muted, unreadCount: line.unreadCount },
      { rev, status, muted, unreadCount },
      'the export says something else of a convo',
    )
    same(
      of('member', id).map(({ did }) => did),
      held.members.map(({ did }) => did),
      'the export has other members',
    )
    same(
      of('message', id).map(({ id, text }) => ({ id, text })),
      held.history.map(message => ({ id: message.id, text: 'text' in message ? message.text : undefined })),
      'the export has other messages',
    )
    const marker = (line.readUpTo ?? '') as string
    same(
      byOthers(held).filter(({ id }) => id > marker).length,
      unreadCount,
      'unreadCount is not the number of messages by others after the read marker',
    )
  }
}
