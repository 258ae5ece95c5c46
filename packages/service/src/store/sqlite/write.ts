import { sentKeyKeptMs } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
import type { LogRow, Member } from '../rows.ts'
import type { Accounts } from './accounts.ts'
import type { Statements } from './statements.ts'

/** Writes what a batch changed. */
export function writeChanges(sql: Statements, accounts: Accounts, changes: Changes): void {
  for (const { did, chatDisabled } of changes.accounts) {
    sql.run('update account set chat_disabled = ? where uid = ?', Number(chatDisabled), accounts.intern(did))
  }
  for (const { convo, pair } of changes.convos) {
    sql.run('insert into convo (id, kind) values (?, ?)', convo.id, convo.kind)
    const [low, high] = [accounts.intern(pair[0]), accounts.intern(pair[1])]
    sql.run('insert into direct_convo (low, high, convo) values (?, ?, ?)', low, high, convo.id)
  }
  for (const message of changes.messages) {
    sql.run(
      'insert into message (id, convo, rev, sender, body) values (?, ?, ?, ?, ?)',
      message.id,
      message.convoId,
      message.rev,
      accounts.intern(message.sender),
      JSON.stringify(message.body),
    )
  }
  for (const { messageId, rev } of changes.messageRevs) {
    sql.run('update message set rev = ? where id = ?', rev, messageId)
  }
  for (const member of lastOfEach(changes.members)) writeMember(sql, accounts, member)
  writeReactions(sql, accounts, changes)
  for (const { viewer, messageId } of changes.hidden) {
    const uid = accounts.intern(viewer)
    sql.run('insert or ignore into hidden_message (account, message) values (?, ?)', uid, messageId)
  }
  // In the order of revs, so that the last row of the table has the highest: load.ts begins from it.
  const log = changes.log.toSorted((a, b) => a.rev - b.rev)
  for (const row of log) writeLogRow(sql, accounts, row)
  for (const { did, key, messageId } of changes.sentKeys) {
    const uid = accounts.intern(did)
    sql.run('insert or replace into sent_key (account, key, message) values (?, ?, ?)', uid, key, messageId)
    forgetOldKeys(sql, messageId)
  }
}

/** Every new key takes up to two old ones with it, so that the table shrinks to what is still good. */
function forgetOldKeys(sql: Statements, newest: Tid): void {
  sql.run(
    `delete from sent_key where (account, key) in (
       select account, key from sent_key where message < ? order by message limit 2)`,
    newest - sentKeyKeptMs * 1000,
  )
}

/** A member that several works of a batch changed is written once. */
function lastOfEach(members: readonly Member[]): Iterable<Member> {
  return new Map(members.map(member => [`${member.convoId} ${member.did}`, member])).values()
}

function writeMember(sql: Statements, accounts: Accounts, member: Member): void {
  sql.run(
    `insert into member
       (convo, account, status, rev, listed, muted, visible_from, last_message, read_up_to, unread)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (convo, account) do update set
       status = excluded.status, rev = excluded.rev, listed = excluded.listed, muted = excluded.muted,
       visible_from = excluded.visible_from, last_message = excluded.last_message,
       read_up_to = excluded.read_up_to, unread = excluded.unread`,
    member.convoId,
    accounts.intern(member.did),
    member.status,
    member.rev,
    Number(member.listed),
    Number(member.muted),
    member.visibleFrom,
    member.lastMessage,
    member.readUpTo,
    member.unread,
  )
}

function writeReactions(sql: Statements, accounts: Accounts, changes: Changes): void {
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
      sql.run('delete from reaction where message = ? and sender = ? and value = ?', messageId, sender, value)
    }
  }
}

function writeLogRow(sql: Statements, accounts: Accounts, row: LogRow): void {
  sql.run(
    'insert into log (account, rev, type, convo, message, reaction) values (?, ?, ?, ?, ?, ?)',
    accounts.intern(row.did),
    row.rev,
    row.type,
    row.convoId,
    row.messageId ?? null,
    row.reaction ? JSON.stringify(row.reaction) : null,
  )
}
