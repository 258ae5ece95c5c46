import { DatabaseSync } from 'node:sqlite'
import { formatTid, tidTime } from '../../../packages/service/src/tid.ts'

export interface MessageRow {
  id: string
  convoId: string
  sender: string
  text: string
  sentAt: string
}

/** As one would write it down: text keys, an index for each question, write-ahead log, a sync for each commit. */
const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table convo (id text primary key, rev text not null) without rowid;
  create table member (
    did text not null, convoId text not null references convo (id), lastMessage text, unread integer not null default 0,
    primary key (did, convoId)) without rowid;
  create index memberOfConvo on member (convoId);
  create table message (
    id text primary key, convoId text not null references convo (id), sender text not null, text text not null,
    sentAt text not null);
  create index messageInConvo on message (convoId, id);
  create table log (
    did text not null, rev text not null, type text not null, convoId text not null, messageId text not null,
    primary key (did, rev)) without rowid;`

export class ReferenceStore {
  readonly #db: DatabaseSync
  readonly #sql
  #lastTid = 0

  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    this.#db.exec(schema)
    const db = this.#db
    this.#sql = {
      convo: db.prepare('insert into convo values (?, ?)'),
      member: db.prepare('insert into member (did, convoId) values (?, ?)'),
      members: db.prepare('select did from member where convoId = ?'),
      message: db.prepare('insert into message values (?, ?, ?, ?, ?)'),
      raiseConvo: db.prepare('update convo set rev = ? where id = ?'),
      deliver: db.prepare(
        'update member set lastMessage = ?, unread = case did when ? then 0 else unread + 1 end where did = ? and convoId = ?',
      ),
      log: db.prepare("insert into log values (?, ?, 'createMessage', ?, ?)"),
      page: db.prepare('select * from message where convoId = ? and id < ? order by id desc limit ?'),
      logPage: db.prepare(
        `select log.rev, message.* from log join message on message.id = log.messageId
         where log.did = ? and log.rev > ? order by log.rev limit 100`,
      ),
      convos: db.prepare(
        `select convo.rev, member.unread, message.* from member
         join convo on convo.id = member.convoId join message on message.id = member.lastMessage
         where member.did = ? order by convo.rev desc limit ?`,
      ),
      unread: db.prepare('select count(*) as count from member where did = ? and unread > 0'),
      head: db.prepare('select max(rev) as rev from log where did = ?'),
    }
  }

  createConvo(dids: readonly string[]): string {
    const id = this.#nextTid()
    this.#sql.convo.run(id, id)
    for (const did of dids) this.#sql.member.run(did, id)
    return id
  }

  isMember(did: string, convoId: string): boolean {
    return this.#members(convoId).includes(did)
  }

  /** Durable when it returns. */
  send(message: Pick<MessageRow, 'convoId' | 'sender' | 'text'>): MessageRow {
    return this.transact(() => this.write(message))
  }

  transact<T>(work: () => T): T {
    this.#db.exec('begin immediate')
    try {
      const result = work()
      this.#db.exec('commit')
      return result
    } catch (error) {
      this.#db.exec('rollback')
      throw error
    }
  }

  write({ convoId, sender, text }: Pick<MessageRow, 'convoId' | 'sender' | 'text'>): MessageRow {
    const id = this.#nextTid()
    const sentAt = tidTime(this.#lastTid)
    this.#sql.message.run(id, convoId, sender, text, sentAt)
    this.#sql.raiseConvo.run(id, convoId)
    for (const did of this.#members(convoId)) {
      this.#sql.deliver.run(id, sender, did, convoId)
      this.#sql.log.run(did, id, convoId, id)
    }
    return { id, convoId, sender, text, sentAt }
  }

  page(convoId: string, { before, limit }: { before: string; limit: number }): MessageRow[] {
    return this.#sql.page.all(convoId, before, limit) as unknown as MessageRow[]
  }

  log(did: string, after: string): (MessageRow & { rev: string })[] {
    return this.#sql.logPage.all(did, after) as unknown as (MessageRow & { rev: string })[]
  }

  /** Newest first, each with its last message. */
  convos(did: string, limit: number): (MessageRow & { rev: string; unread: number; members: string[] })[] {
    const rows = this.#sql.convos.all(did, limit) as unknown as (MessageRow & {
      rev: string
      unread: number
    })[]
    return rows.map(row => ({ ...row, members: this.#members(row.convoId) }))
  }

  unreadCount(did: string): number {
    return this.#sql.unread.get(did)!.count as number
  }

  head(did: string): string {
    return (this.#sql.head.get(did) as { rev: string | null }).rev ?? formatTid(0)
  }

  #members(convoId: string): string[] {
    return this.#sql.members.all(convoId).map(row => row.did as string)
  }

  #nextTid(): string {
    this.#lastTid = Math.max(Date.now() * 1000, this.#lastTid + 1)
    return formatTid(this.#lastTid)
  }
}
