import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
import type { Scope } from '../scope.ts'
import type { Sql } from '../sql/sql.ts'
import type { PostgresAccounts } from './accounts.ts'

/** What a commit locks: convos first, then the heads of accounts, each in the order of their ids. */
export interface Locks {
  convos: ReadonlySet<Tid>
  /** Their heads, besides those of all members of the convos. */
  accounts: ReadonlySet<Did>
}

export const noLocks: Locks = { convos: new Set(), accounts: new Set() }

/** What a scope asks to lock: its direct convos and unread ones are found before, and looked for again once locked. */
export async function locksOf(
  sql: Sql,
  accounts: PostgresAccounts,
  scope: Required<Scope>,
  also: Locks,
): Promise<Locks> {
  const named = new Set([...scope.accounts, ...scope.pairs.flat(), ...also.accounts])
  // The others that are new wait until a work has changed something of theirs: a refusal leaves nothing behind.
  await accounts.intern([...also.accounts])
  const others = [
    ...[...scope.candidates, ...scope.unreadOf, ...scope.sentKeys].map(({ did }) => did),
    ...[...scope.messages, ...scope.unreadAfter].map(({ viewer }) => viewer),
  ]
  await accounts.findAll([...named, ...others])
  const acting = [...scope.candidates, ...scope.unreadOf].filter(
    ({ did }) => accounts.known(did) !== undefined,
  )
  const [directs, unread] = await Promise.all([
    findDirects(sql, accounts, scope),
    Promise.all(scope.unreadOf.map(asked => findUnread(sql, accounts, asked))),
  ])
  const erased = scope.erasures.map(({ convoId }) => convoId)
  return {
    convos: new Set([
      ...[scope.convos, scope.requestsTo, erased, directs, ...unread, [...also.convos]].flat(),
      ...scope.candidates.map(({ convoId }) => convoId),
    ]),
    accounts: new Set([...named, ...acting.map(({ did }) => did)]),
  }
}

async function findDirects(sql: Sql, accounts: PostgresAccounts, { pairs }: Required<Scope>): Promise<Tid[]> {
  if (pairs.length === 0) return []
  const rows = await sql.all<{ convo: Tid }>(
    `select convo from direct_convo
     where (low, high) in (select * from unnest($1::bigint[], $2::bigint[]))`,
    [pairs.map(([low]) => accounts.known(low) ?? 0), pairs.map(([, high]) => accounts.known(high) ?? 0)],
  )
  return rows.map(({ convo }) => convo)
}

async function findUnread(
  sql: Sql,
  accounts: PostgresAccounts,
  { did, status, limit }: Required<Scope>['unreadOf'][number],
): Promise<Tid[]> {
  const rows = await sql.all<{ convo: Tid }>(
    `select convo from member
     where account = $1 and listed = 1 and (unread > 0 or unread_requests > 0) and unread > 0
       ${status ? 'and status = $3' : ''}
     order by rev desc limit $2`,
    [accounts.known(did) ?? 0, limit, ...(status ? [status] : [])],
  )
  return rows.map(({ convo }) => convo)
}

/** What works have changed that was not locked for them: `undefined` where it is nothing. */
export function missingLocks(
  changes: Changes,
  held: { convos: ReadonlySet<Tid>; heads: ReadonlySet<number> },
  accounts: PostgresAccounts,
): Locks | undefined {
  const made = new Set([
    ...changes.directs.map(({ convo }) => convo.id),
    ...changes.groups.map(({ id }) => id),
  ])
  const convos = new Set([...convosIn(changes)].filter(id => !held.convos.has(id) && !made.has(id)))
  const isHeld = (did: Did) => held.heads.has(accounts.known(did) ?? 0)
  const unheld = [...owners(changes)].filter(did => !isHeld(did))
  const unknown = [...accountsIn(changes)].filter(did => accounts.known(did) === undefined)
  if (convos.size === 0 && unheld.length === 0 && unknown.length === 0) return undefined
  return { convos, accounts: new Set([...unheld, ...unknown]) }
}

/** Accounts whose own rows change: under their heads. */
function owners(changes: Changes): Set<Did> {
  return new Set([
    ...changes.log.map(({ did }) => did),
    ...changes.sentKeys.map(({ did }) => did),
    ...changes.accounts.map(({ did }) => did),
    ...changes.purged.map(({ did }) => did),
  ])
}

function convosIn(changes: Changes): Set<Tid> {
  const { members, messages, messageRevs, hidden, erased, erasedReactions, kicked } = changes
  const found = new Set<Tid>()
  for (const rows of [members, messages, messageRevs, hidden, erased, erasedReactions, kicked]) {
    for (const { convoId } of rows) found.add(convoId)
  }
  for (const { reaction } of changes.reactions) found.add(reaction.convoId)
  for (const { request } of changes.joinRequests) found.add(request.convoId)
  return found
}

/** Every account that a change names, and so needs a uid. */
function accountsIn(changes: Changes): Set<Did> {
  const found = owners(changes)
  for (const { pair } of changes.directs) for (const did of pair) found.add(did)
  for (const { owner } of changes.groups) found.add(owner)
  for (const { did, row } of changes.members) {
    found.add(did)
    if (row?.addedBy) found.add(row.addedBy)
  }
  for (const message of changes.messages) if ('sender' in message) found.add(message.sender)
  for (const { reaction } of changes.reactions) found.add(reaction.sender)
  for (const { viewer } of changes.hidden) found.add(viewer)
  for (const { did } of [...changes.erasedReactions, ...changes.kicked]) found.add(did)
  for (const { request } of changes.joinRequests) found.add(request.did)
  for (const { member } of changes.log) if (member) found.add(member)
  return found
}
