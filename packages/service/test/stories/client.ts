import type { Did } from '@atcute/lexicons/syntax'
import { getConvo } from '../../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getConvoMembers } from '../../src/endpoints/chat/bsky/convo/getConvoMembers.ts'
import { getLog } from '../../src/endpoints/chat/bsky/convo/getLog.ts'
import { getMessages } from '../../src/endpoints/chat/bsky/convo/getMessages.ts'
import { listConvoRequests } from '../../src/endpoints/chat/bsky/convo/listConvoRequests.ts'
import { listConvos } from '../../src/endpoints/chat/bsky/convo/listConvos.ts'
import { listJoinRequests } from '../../src/endpoints/chat/bsky/group/listJoinRequests.ts'
import { AppError } from '../../src/errors.ts'
import type { Caller } from '../stage.ts'
import { apply } from './apply.ts'
import {
  type ConvoView,
  type GroupView,
  type HeldConvo,
  type HeldMember,
  type HeldView,
  isGroup,
  plain,
  type Row,
  type ShownMessage,
} from './held.ts'

/**
 * A client as plain state: fetched once, then kept by the rows of the log alone, as official clients do it
 * (behaviour.md 5.3). What no row tells it fetches: a convo that it does not hold, and names and links of groups.
 * Profiles it leaves out: no log tells of them (behaviour.md 4).
 */
export interface Client {
  cursor: string
  /** By id: all in the list, and direct convos that it has seen empty or left. */
  convos: ReadonlyMap<string, HeldConvo>
  /** Groups that the account has asked to join. */
  asked: ReadonlySet<string>
}

/** Small pages, so that stories turn some. */
const listPage = 4
const historyPage = 20
const membersPage = 3

export async function firstFetch(actor: Caller): Promise<Client> {
  const { cursor } = await actor.call(getLog, {})
  const views = await allPages(async cursor => {
    const page = await actor.call(listConvos, { limit: listPage, cursor })
    return { items: page.convos, cursor: page.cursor }
  })
  const convos = await Promise.all(views.map(view => withContents(actor, view)))
  return {
    cursor: cursor!,
    convos: new Map(convos.map(convo => [convo.view.id, convo])),
    asked: await fetchAsked(actor),
  }
}

/** Its contents come in several answers: they are fetched again until nothing has happened to it meanwhile. */
export async function fetchConvo(actor: Caller, convoId: string): Promise<HeldConvo> {
  let { convo } = await actor.call(getConvo, { convoId })
  for (;;) {
    const held = await withContents(actor, convo)
    const after = (await actor.call(getConvo, { convoId })).convo
    if (JSON.stringify(after) === JSON.stringify(convo)) return held
    convo = after
  }
}

export async function fetchRequests(actor: Caller) {
  return allPages(async cursor => {
    const page = await actor.call(listConvoRequests, { limit: listPage, cursor })
    return { items: page.requests, cursor: page.cursor }
  })
}

export async function fetchAsked(actor: Caller): Promise<Set<string>> {
  const requests = await fetchRequests(actor)
  return new Set(requests.flatMap(request => ('convoId' in request ? request.convoId : [])))
}

/** The client after all rows that have come, and those rows. */
export async function catchUp(actor: Caller, client: Client): Promise<{ client: Client; rows: Row[] }> {
  const convos = new Map(client.convos)
  const asked = new Set(client.asked)
  const rows: Row[] = []
  let cursor = client.cursor
  for (;;) {
    const page = await actor.call(getLog, { cursor })
    if (page.logs.length === 0) return { client: { cursor, convos, asked }, rows }
    for (const row of page.logs) {
      askedAfter(asked, row)
      const after = await convoAfter(actor, convos.get(row.convoId), row)
      if (after) convos.set(row.convoId, after)
      else convos.delete(row.convoId)
    }
    rows.push(...page.logs)
    cursor = page.cursor!
  }
}

function askedAfter(asked: Set<string>, { $type, convoId }: Row): void {
  if ($type === 'chat.bsky.convo.defs#logOutgoingJoinRequest') asked.add(convoId)
  if ($type === 'chat.bsky.convo.defs#logWithdrawOutgoingJoinRequest') asked.delete(convoId)
  // Let in, whichever way.
  if ($type === 'chat.bsky.convo.defs#logBeginConvo') asked.delete(convoId)
}

async function convoAfter(
  actor: Caller,
  held: HeldConvo | undefined,
  row: Row,
): Promise<HeldConvo | undefined> {
  if (/#log(Outgoing|WithdrawOutgoing)JoinRequest$/.test(row.$type)) return held
  // A convo that was left since is not there to be fetched; the row of leaving is still to come.
  const known = held ?? (await orNothing(fetchConvo(actor, row.convoId)))
  const after = known && apply(known, row)
  if (!after || !/#logEditGroup$|JoinLink$/.test(row.$type)) return after
  const fresh = await orNothing(actor.call(getConvo, { convoId: row.convoId }))
  return fresh ? withNameAndLink(after, fresh.convo.kind as GroupView) : after
}

function withNameAndLink(held: HeldConvo, { name, joinLink }: GroupView): HeldConvo {
  const { joinLink: _, ...kind } = held.view.kind as GroupView
  return {
    ...held,
    view: { ...held.view, kind: { ...kind, name, ...(joinLink && { joinLink }) } as HeldView['kind'] },
  }
}

export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(error => {
    if (error instanceof AppError && error.name === 'InvalidConvo') return undefined
    throw error
  })
}

/** The list as a client shows it: a direct convo that is empty is not in it. */
export function listOf(client: Client): HeldConvo[] {
  return [...client.convos.values()]
    .filter(({ view }) => isGroup(view) || view.lastMessage)
    .sort((a, b) => (a.view.rev < b.view.rev ? 1 : -1))
}

async function withContents(actor: Caller, view: ConvoView): Promise<HeldConvo> {
  const { members: named, lastReaction: _, ...rest } = view
  const convoId = view.id
  const [history, members] = await Promise.all([
    allPages(async cursor => {
      const page = await actor.call(getMessages, { convoId, limit: historyPage, cursor })
      return { items: page.messages as ShownMessage[], cursor: page.cursor }
    }),
    allPages(async cursor => {
      const page = await actor.call(getConvoMembers, { convoId, limit: membersPage, cursor })
      return { items: page.members.map(heldMember), cursor: page.cursor }
    }),
  ])
  const isOwner = members.some(({ did, role }) => did === actor.did && role === 'owner')
  return {
    viewer: actor.did,
    view: plain(rest),
    history: plain(history),
    members,
    waiting: isOwner ? await fetchWaiting(actor, convoId) : [],
    isUnreachable: !isGroup(view) && named.some(isUnreachable),
  }
}

async function fetchWaiting(actor: Caller, convoId: string): Promise<Did[]> {
  return allPages(async cursor => {
    const page = await actor.call(listJoinRequests, { convoId, limit: 1, cursor })
    return { items: page.requests.map(({ requestedBy }) => requestedBy.did), cursor: page.cursor }
  })
}

function heldMember({ did, kind }: ConvoView['members'][number]): HeldMember {
  if (kind?.$type !== 'chat.bsky.actor.defs#groupConvoMember') return { did }
  return { did, role: kind.role, ...(kind.addedBy && { addedBy: kind.addedBy.did }) }
}

function isUnreachable({ handle, viewer }: ConvoView['members'][number]): boolean {
  return handle === 'missing.invalid' || Boolean(viewer?.blocking ?? viewer?.blockedBy)
}

export async function allPages<T>(
  fetchPage: (cursor: string | undefined) => Promise<{ items: T[]; cursor: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const page = await fetchPage(cursor)
    all.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return all
}
