import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Tid } from '../../../packages/service/src/tid.ts'

export interface StoredMessage {
  id: Tid
  sender: number
  body: string
}

export interface Draft {
  convo: number
  sender: number
  recipient: number
  body: string
}

interface Waiting extends Draft {
  resolve: (id: Tid) => void
  reject: (error: unknown) => void
}

/** The least a send must write: the message, two log rows, both members' counters. Integers, durable, in groups. */
const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table message (id integer primary key, convo integer not null, sender integer not null, body text not null);
  create index message_in_convo on message (convo, id);
  create table log (seq integer primary key, account integer not null, rev integer not null, message integer not null);
  create index log_of_account on log (account, rev);
  create table member (account integer not null, convo integer not null, last_message integer not null,
    unread integer not null, primary key (account, convo)) without rowid;`

export class FloorStore {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #heads = new Map<number, Tid>()
  readonly #write: (waiting: Draft) => Tid
  #queue: Waiting[] = []
  #last: Tid = 0

  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    this.#db.exec(schema)
    const message = this.#db.prepare('insert into message (id, convo, sender, body) values (?, ?, ?, ?)')
    const log = this.#db.prepare('insert into log (account, rev, message) values (?, ?, ?)')
    const received = this.#db.prepare(
      'update member set last_message = ?, unread = unread + 1 where account = ? and convo = ?',
    )
    const wrote = this.#db.prepare(
      'update member set last_message = ?, unread = 0 where account = ? and convo = ?',
    )
    this.#write = ({ convo, sender, recipient, body }) => {
      const id = Math.max(Date.now() * 1000, this.#last + 1)
      this.#last = id
      message.run(id, convo, sender, body)
      log.run(sender, id, id)
      log.run(recipient, id, id)
      wrote.run(id, sender, convo)
      received.run(id, recipient, convo)
      return id
    }
  }

  /** Before anything is measured, in one transaction. */
  fill(members: readonly (readonly [account: number, convo: number])[], messages: readonly Draft[]) {
    this.#db.exec('begin')
    const member = this.#db.prepare('insert into member values (?, ?, 0, 0)')
    for (const [account, convo] of members) member.run(account, convo)
    for (const one of messages) this.#told(one, this.#write(one))
    this.#db.exec('commit')
  }

  /** Resolves when it is on disk. What arrives in one turn of the event loop shares a commit. */
  send(message: Draft): Promise<Tid> {
    return new Promise((resolve, reject) => {
      if (this.#queue.push({ ...message, resolve, reject }) === 1) setImmediate(() => this.#commit())
    })
  }

  messages(convo: number, { before, limit }: { before: Tid; limit: number }): StoredMessage[] {
    const sql = 'select id, sender, body from message where convo = ? and id < ? order by id desc limit ?'
    return this.#prepared(sql).all(convo, before, limit) as unknown as StoredMessage[]
  }

  log(account: number, after: Tid): (StoredMessage & { convo: number })[] {
    const sql = `select message.id, message.convo, message.sender, message.body from log
      join message on message.id = log.message where log.account = ? and log.rev > ? order by log.rev limit 100`
    return this.#prepared(sql).all(account, after) as unknown as (StoredMessage & { convo: number })[]
  }

  head(account: number): Tid {
    return this.#heads.get(account) ?? 0
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #commit(): void {
    const works = this.#queue
    this.#queue = []
    try {
      this.#db.exec('begin immediate')
      const ids = works.map(this.#write)
      this.#db.exec('commit')
      for (const [index, work] of works.entries()) {
        this.#told(work, ids[index]!)
        work.resolve(ids[index]!)
      }
    } catch (error) {
      for (const { reject } of works) reject(error)
    }
  }

  #told({ sender, recipient }: Pick<Waiting, 'sender' | 'recipient'>, id: Tid): void {
    this.#heads.set(sender, id)
    this.#heads.set(recipient, id)
  }
}
