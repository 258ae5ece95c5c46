import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Loaded } from '../engine.ts'
import type { Account, Convo, JoinRequest, Member, Message, MessageId, Reaction, SentKey } from '../rows.ts'
import type { Candidate, Erasure, MessageScope, Scope } from '../scope.ts'
import {
  type AccountTable,
  type GroupTable,
  type MemberTable,
  type MessageTable,
  type ReactionTable,
  readAccount,
  readGroup,
  readMember,
  readMessage,
  readReaction,
} from '../sql/row-readers.ts'
import type { SqliteAccounts } from './accounts.ts'
import { dialect } from './sqlite-sql.ts'
import type { Statements } from './statements.ts'

/** Fetches the rows that a batch will read. */
export function loadScope(sql: Statements, accounts: SqliteAccounts, scope: Required<Scope>): Loaded {
  const directs = loadDirects(sql, accounts, scope.pairs)
  const unread = scope.unreadOf.flatMap(asked => loadUnreadConvos(sql, accounts, asked))
  const sentKeys = loadSentKeys(sql, accounts, scope.sentKeys)
  const convoIds = new Set([...scope.convos, ...directs.map(direct => direct.convoId), ...unread])
  const messageIds = [
    ...scope.messages,
    ...sentKeys,
    ...scope.erasures.flatMap(({ convoId, messageIds }) =>
      messageIds.map(messageId => ({ convoId, messageId })),
    ),
  ]
  return {
    floor: loadFloor(sql),
    accounts: loadAccounts(sql, accounts, scope.accounts),
    convos: [...convoIds].flatMap(id => loadConvo(sql, accounts, id) ?? []),
    members: [...convoIds].flatMap(id => loadMembers(sql, accounts, id)),
    directs,
    messages: loadMessages(sql, accounts, messageIds),
    reactions: loadReactions(sql, accounts, messageIds),
    hidden: [
      ...scope.messages.filter(asked => isHidden(sql, accounts, asked)),
      ...scope.erasures.flatMap(erasure => loadHiddenByMembers(sql, accounts, erasure)),
    ],
    sentKeys,
    unreadAfter: scope.unreadAfter.map(at => ({ ...at, count: countUnreadAfter(sql, accounts, at) })),
    joinRequests: [
      ...scope.candidates.flatMap(asked => loadJoinRequest(sql, accounts, asked) ?? []),
      ...scope.requestsTo.flatMap(convoId => loadJoinRequests(sql, accounts, convoId)),
    ],
    kicked: scope.candidates.filter(asked => isKicked(sql, accounts, asked)),
  }
}

/** Every rev that was ever handed out is below one of these two, and log rows are written in the order of revs. */
function loadFloor(sql: Statements): Tid {
  const logged = sql.get<{ rev: Tid }>('select rev from log order by seq desc limit 1')?.rev ?? 0
  const event = sql.get<{ rev: Tid | null }>('select max(rev) as rev from mod_event')?.rev ?? 0
  return Math.max(logged, event)
}

function loadAccounts(sql: Statements, accounts: SqliteAccounts, dids: readonly Did[]): Account[] {
  return dids.flatMap(did => loadAccount(sql, accounts, did) ?? [])
}

function loadAccount(sql: Statements, accounts: SqliteAccounts, did: Did): Account | undefined {
  const uid = accounts.uid(did)
  if (uid === undefined) return undefined
  const row = sql.get<AccountTable>('select chat_disabled, notifications from account where uid = ?', uid)!
  return readAccount(did, row)
}

function loadConvo(sql: Statements, accounts: SqliteAccounts, id: Tid): Convo | undefined {
  const row = sql.get<{ kind: Convo['kind'] }>('select kind from convo where id = ?', id)
  if (row?.kind !== 'group') return row && { id, kind: row.kind }
  return readGroup(accounts, sql.get<GroupTable>('select * from group_convo where convo = ?', id)!)
}

function loadDirects(
  sql: Statements,
  accounts: SqliteAccounts,
  pairs: Required<Scope>['pairs'],
): Loaded['directs'] {
  return pairs.flatMap(pair => {
    const convoId = findDirect(sql, accounts, pair[0], pair[1])
    return convoId === undefined ? [] : { pair, convoId }
  })
}

function findDirect(sql: Statements, accounts: SqliteAccounts, a: Did, b: Did): Tid | undefined {
  const uids = [a, b].sort().map(did => accounts.uid(did))
  if (uids[0] === undefined || uids[1] === undefined) return undefined
  const row = sql.get<{ convo: Tid }>(
    'select convo from direct_convo where low = ? and high = ?',
    uids[0],
    uids[1],
  )
  return row?.convo
}

function loadUnreadConvos(
  sql: Statements,
  accounts: SqliteAccounts,
  asked: Required<Scope>['unreadOf'][number],
): Tid[] {
  const uid = accounts.uid(asked.did)
  if (uid === undefined) return []
  // All that the index says of its rows, so that it is the one that is walked.
  const rows = sql.all<{ convo: Tid }>(
    `select convo from member indexed by member_unread
     where account = ?1 and listed = 1 and (unread > 0 or unread_requests > 0) and unread > 0 and (?2 is null or status = ?2)
     order by rev desc limit ?3`,
    uid,
    asked.status ?? null,
    asked.limit,
  )
  return rows.map(row => row.convo)
}

function loadMembers(sql: Statements, accounts: SqliteAccounts, convoId: Tid): Member[] {
  return sql
    .all<MemberTable>('select * from member where convo = ?', convoId)
    .map(row => readMember(accounts, row))
}

/** Bound as two lists, side by side. */
function bind(ids: readonly MessageId[]): [convos: string, messages: string] {
  return [
    JSON.stringify(ids.map(({ convoId }) => convoId)),
    JSON.stringify(ids.map(({ messageId }) => messageId)),
  ]
}

function loadMessages(sql: Statements, accounts: SqliteAccounts, ids: readonly MessageId[]): Message[] {
  if (ids.length === 0) return []
  const rows = sql.all<MessageTable>(
    `select * from message where ${dialect.amongPairs(['convo', 'id'], '?1', '?2')}`,
    ...bind(ids),
  )
  return rows.map(row => readMessage(accounts, row))
}

/** Of all these messages, in the order they were added. */
function loadReactions(sql: Statements, accounts: SqliteAccounts, ids: readonly MessageId[]): Reaction[] {
  if (ids.length === 0) return []
  const rows = sql.all<ReactionTable>(
    `select * from reaction where ${dialect.amongPairs(['convo', 'message'], '?1', '?2')}
     order by rev`,
    ...bind(ids),
  )
  return rows.map(row => readReaction(accounts, row))
}

function isHidden(sql: Statements, accounts: SqliteAccounts, at: MessageScope): boolean {
  const row = sql.get(
    'select 1 from hidden_message where account = ? and convo = ? and message = ?',
    accounts.uid(at.viewer) ?? 0,
    at.convoId,
    at.messageId,
  )
  return row !== undefined
}

function loadHiddenByMembers(
  sql: Statements,
  accounts: SqliteAccounts,
  { convoId, messageIds }: Erasure,
): MessageScope[] {
  return loadMembers(sql, accounts, convoId).flatMap(({ did: viewer }) => {
    const rows = sql.all<{ message: Tid }>(
      `select message from hidden_message
       where account = ? and convo = ? and message in (select value from json_each(?))`,
      accounts.uid(viewer)!,
      convoId,
      JSON.stringify(messageIds),
    )
    return rows.map(({ message }) => ({ convoId, messageId: message, viewer }))
  })
}

function loadSentKeys(
  sql: Statements,
  accounts: SqliteAccounts,
  asked: Required<Scope>['sentKeys'],
): SentKey[] {
  return asked.flatMap(({ did, key }) => {
    const uid = accounts.uid(did)
    if (uid === undefined) return []
    const row = sql.get<{ message: Tid; convo: Tid }>(
      'select message, convo from sent_key where account = ? and key = ?',
      uid,
      key,
    )
    return row ? { did, key, convoId: row.convo, messageId: row.message } : []
  })
}

function countUnreadAfter(sql: Statements, accounts: SqliteAccounts, at: MessageScope): number {
  const uid = accounts.uid(at.viewer) ?? 0
  const row = sql.get<{ count: number }>(
    `select count(*) as count from message
     where convo = ?1 and id > ?2 and sender <> ?3 and body is not null
       and not ${dialect.isHidden({ convo: 'message.convo', id: 'message.id' }, '?3')}`,
    at.convoId,
    at.messageId,
    uid,
  )
  return row!.count
}

function loadJoinRequest(
  sql: Statements,
  accounts: SqliteAccounts,
  asked: Candidate,
): JoinRequest | undefined {
  const { convoId, did } = asked
  const row = sql.get<{ requested_at: Tid }>(
    'select requested_at from join_request where convo = ? and account = ?',
    convoId,
    accounts.uid(did) ?? 0,
  )
  return row && { convoId, did, requestedAt: row.requested_at }
}

function loadJoinRequests(sql: Statements, accounts: SqliteAccounts, convoId: Tid): JoinRequest[] {
  return sql
    .all<{ account: number; requested_at: Tid }>(
      'select account, requested_at from join_request where convo = ?',
      convoId,
    )
    .map(row => ({ convoId, did: accounts.did(row.account), requestedAt: row.requested_at }))
}

function isKicked(sql: Statements, accounts: SqliteAccounts, { convoId, did }: Candidate): boolean {
  const uid = accounts.uid(did) ?? 0
  const row = sql.get('select 1 from kicked_member where convo = ? and account = ?', convoId, uid)
  return row !== undefined
}
