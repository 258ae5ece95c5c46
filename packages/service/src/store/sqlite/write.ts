import { sentKeyKeptMs } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import { type GroupConvo, isSystem, type LogRow, type Member } from '../rows.ts'
import { keyOf } from '../working-set.ts'
import type { SqliteAccounts } from './accounts.ts'
import type { Statements } from './statements.ts'

/** Writes what a batch changed. */
export function writeChanges(sql: Statements, accounts: SqliteAccounts, changes: Changes): void {
  for (const { did, chatDisabled, notifications } of changes.accounts) {
    sql.run(
      'update account set chat_disabled = ?, notifications = ? where uid = ?',
      Number(chatDisabled),
      notifications ? JSON.stringify(notifications) : null,
      accounts.intern(did),
    )
  }
  for (const { convo, pair } of changes.directs) {
    sql.run("insert into convo (id, kind) values (?, 'direct')", convo.id)
    const [low, high] = [accounts.intern(pair[0]), accounts.intern(pair[1])]
    sql.run('insert into direct_convo (low, high, convo) values (?, ?, ?)', low, high, convo.id)
  }
  for (const group of lastOfEach(changes.groups, ({ id }) => id)) writeGroup(sql, accounts, group)
  for (const message of changes.messages) {
    sql.run(
      'insert into message (id, convo, rev, sender, body, event) values (?, ?, ?, ?, ?, ?)',
      message.id,
      message.convoId,
      message.rev,
      isSystem(message) ? null : accounts.intern(message.sender),
      isSystem(message) ? null : JSON.stringify(message.body),
      isSystem(message) ? JSON.stringify(message.event) : null,
    )
  }
  for (const { convoId, messageId, rev } of changes.messageRevs) {
    sql.run('update message set rev = ? where convo = ? and id = ?', rev, convoId, messageId)
  }
  for (const { convoId, did, row } of lastOfEach(changes.members, ({ convoId, did }) =>
    keyOf(convoId, did),
  )) {
    if (row) writeMember(sql, accounts, row)
    else sql.run('delete from member where convo = ? and account = ?', convoId, accounts.intern(did))
  }
  writeCandidates(sql, accounts, changes)
  writeReactions(sql, accounts, changes)
  for (const { convoId, messageId } of changes.erased) {
    sql.run('update message set body = null where convo = ? and id = ?', convoId, messageId)
    sql.run('delete from reaction where convo = ? and message = ?', convoId, messageId)
  }
  for (const { convoId, did } of changes.erasedReactions) {
    sql.run('delete from reaction where convo = ? and sender = ?', convoId, accounts.intern(did))
  }
  for (const { viewer, convoId, messageId } of changes.hidden) {
    sql.run(
      'insert or ignore into hidden_message (account, convo, message) values (?, ?, ?)',
      accounts.intern(viewer),
      convoId,
      messageId,
    )
  }
  // In the order of revs, so that the last row of the table has the highest: load.ts begins from it.
  const log = changes.log.toSorted((a, b) => a.rev - b.rev)
  for (const row of log) writeLogRow(sql, accounts, row)
  for (const { did, key, convoId, messageId } of changes.sentKeys) {
    sql.run(
      'insert or replace into sent_key (account, key, convo, message) values (?, ?, ?, ?)',
      accounts.intern(did),
      key,
      convoId,
      messageId,
    )
    forgetOldKeys(sql, messageId)
  }
  for (const { rev, event } of changes.modEvents) {
    sql.run('insert into mod_event (rev, event) values (?, ?)', rev, JSON.stringify(event))
  }
  for (const { did, before } of changes.purged) purgeAccount(sql, accounts.intern(did), before)
}

function purgeAccount(sql: Statements, uid: number, before: Tid): void {
  sql.run('delete from log where account = ? and rev < ?', uid, before)
  sql.run('delete from hidden_message where account = ?', uid)
  sql.run('delete from sent_key where account = ?', uid)
}

/** Every new key takes up to two old ones with it, so that the table shrinks to what is still good. */
function forgetOldKeys(sql: Statements, newest: Tid): void {
  sql.run(
    `delete from sent_key where (account, key) in (
       select account, key from sent_key where message < ? order by message limit 2)`,
    newest - sentKeyKeptMs * 1000,
  )
}

function writeGroup(sql: Statements, accounts: SqliteAccounts, group: GroupConvo): void {
  sql.run("insert or ignore into convo (id, kind) values (?, 'group')", group.id)
  sql.run(
    `insert into group_convo (convo, name, owner, lock, member_count, request_count, link_code, link)
     values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (convo) do update set
       name = excluded.name, lock = excluded.lock, member_count = excluded.member_count,
       request_count = excluded.request_count, link_code = excluded.link_code, link = excluded.link`,
    group.id,
    group.name,
    accounts.intern(group.owner),
    group.lock,
    group.memberCount,
    group.requestCount,
    group.link?.code ?? null,
    group.link ? JSON.stringify(group.link) : null,
  )
}

function writeCandidates(sql: Statements, accounts: SqliteAccounts, changes: Changes): void {
  for (const { request, present } of changes.joinRequests) {
    const [convoId, uid] = [request.convoId, accounts.intern(request.did)]
    if (present) {
      sql.run(
        'insert into join_request (convo, account, requested_at) values (?, ?, ?)',
        convoId,
        uid,
        request.requestedAt,
      )
    } else sql.run('delete from join_request where convo = ? and account = ?', convoId, uid)
  }
  for (const { convoId, did, kicked } of changes.kicked) {
    const uid = accounts.intern(did)
    if (kicked) {
      sql.run('insert or ignore into kicked_member (convo, account) values (?, ?)', convoId, uid)
    } else sql.run('delete from kicked_member where convo = ? and account = ?', convoId, uid)
  }
}

/** Most often a message is delivered, and all that is lasting of a member stays as it is, its index as well. */
function writeMember(sql: Statements, accounts: SqliteAccounts, member: Member): void {
  const uid = accounts.intern(member.did)
  const addedBy = member.addedBy === undefined ? null : accounts.intern(member.addedBy)
  const delivered = sql.run(
    `update member set rev = ?, last_message = ?, last_is_system = ?, read_up_to = ?, unread = ?
     where convo = ? and account = ? and status = ? and listed = ? and muted = ? and visible_from = ?
       and joined = ? and added_by is ? and unread_requests = ?`,
    member.rev,
    member.lastMessage,
    Number(member.lastIsSystem),
    member.readUpTo,
    member.unread,
    member.convoId,
    uid,
    member.status,
    Number(member.listed),
    Number(member.muted),
    member.visibleFrom,
    member.joined,
    addedBy,
    member.unreadRequests,
  )
  if (delivered === 0) putMember(sql, member, { uid, addedBy })
}

function putMember(
  sql: Statements,
  member: Member,
  { uid, addedBy }: { uid: number; addedBy: number | null },
): void {
  sql.run(
    `insert into member
       (convo, account, status, rev, listed, muted, visible_from, last_message, last_is_system, read_up_to,
        unread, joined, added_by, unread_requests)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (convo, account) do update set
       status = excluded.status, rev = excluded.rev, listed = excluded.listed, muted = excluded.muted,
       visible_from = excluded.visible_from, last_message = excluded.last_message,
       last_is_system = excluded.last_is_system, read_up_to = excluded.read_up_to, unread = excluded.unread,
       joined = excluded.joined, added_by = excluded.added_by, unread_requests = excluded.unread_requests`,
    member.convoId,
    uid,
    member.status,
    member.rev,
    Number(member.listed),
    Number(member.muted),
    member.visibleFrom,
    member.lastMessage,
    Number(member.lastIsSystem),
    member.readUpTo,
    member.unread,
    member.joined,
    addedBy,
    member.unreadRequests,
  )
}

function writeReactions(sql: Statements, accounts: SqliteAccounts, changes: Changes): void {
  for (const { reaction, present } of changes.reactions) {
    const { messageId, value, convoId, rev } = reaction
    const sender = accounts.intern(reaction.sender)
    if (present) {
      sql.run(
        'insert into reaction (message, sender, value, convo, rev) values (?, ?, ?, ?, ?)',
        messageId,
        sender,
        value,
        convoId,
        rev,
      )
    } else {
      sql.run(
        'delete from reaction where convo = ? and message = ? and sender = ? and value = ?',
        convoId,
        messageId,
        sender,
        value,
      )
    }
  }
}

function writeLogRow(sql: Statements, accounts: SqliteAccounts, row: LogRow): void {
  sql.run(
    'insert into log (account, rev, type, convo, message, reaction, member) values (?, ?, ?, ?, ?, ?, ?)',
    accounts.intern(row.did),
    row.rev,
    row.type,
    row.convoId,
    row.messageId ?? null,
    row.reaction ? JSON.stringify(row.reaction) : null,
    row.member === undefined ? null : accounts.intern(row.member),
  )
}
