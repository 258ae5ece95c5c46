import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Did } from '@atcute/lexicons/syntax'
import type { IndexedCollection, IndexedRecord } from './indexed-record.ts'

/** Raised whenever `tables` changes: an index of another version is thrown away and read anew from the hosts. */
const version = 2

const tables = `
  CREATE TABLE host (
    origin TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE account (
    did TEXT PRIMARY KEY,
    host TEXT NOT NULL,    -- origin of the host whose word counts: the last that called the account active
    pds TEXT,              -- origin that serves its blobs; NULL where the host is a relay
    active INTEGER NOT NULL,
    handle TEXT,
    rev TEXT NOT NULL      -- of the newest commit that is in here; '' where there is none
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX account_by_host ON account (host);
  CREATE TABLE profile (
    did TEXT PRIMARY KEY,
    display_name TEXT,
    avatar TEXT,           -- CID
    created_at TEXT
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE declaration (
    did TEXT PRIMARY KEY,
    allow_incoming TEXT NOT NULL,
    allow_group_invites TEXT
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE edge (
    did TEXT NOT NULL,
    collection TEXT NOT NULL,
    rkey TEXT NOT NULL,
    subject TEXT,          -- DID; NULL in a list, and in a block of one
    list TEXT,             -- URI; NULL in a follow or block of an account
    PRIMARY KEY (did, collection, rkey)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX edge_by_subject ON edge (did, subject);
  CREATE INDEX edge_by_list ON edge (list, collection, subject, did) WHERE list IS NOT NULL;
`

/** Of one account, the newest: all are looked at for every relationship, and nobody needs more. */
const listBlocksMax = 1_000

export interface AccountRow {
  host: string
  active: boolean
  handle: string | undefined
  rev: string
}

export interface PersonRow {
  handle: string | null
  pds: string | null
  displayName: string | null
  avatar: string | null
  createdAt: string | null
  allowIncoming: string | null
  allowGroupInvites: string | null
}

export interface EdgeRow {
  collection: 'app.bsky.graph.follow' | 'app.bsky.graph.block'
  rkey: string
}

type EdgeRecord = Exclude<
  IndexedRecord,
  { collection: 'app.bsky.actor.profile' | 'chat.bsky.actor.declaration' }
>

/** The account and the list that a record is about. */
function edgeEnds(did: Did, rkey: string, record: EdgeRecord): { subject?: string; list?: string } {
  if (record.collection === 'app.bsky.graph.list') return { list: `at://${did}/${record.collection}/${rkey}` }
  const { collection: _, ...ends } = record
  return ends
}

/** The index on disk. Every read is a look-up by key; every method is one statement or few, and synchronous. */
export class IndexDatabase {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** Throws, in words for the operator, where it cannot be opened and written. */
  constructor(path: string) {
    try {
      this.#db = new DatabaseSync(path)
      // All of this can be read again from the network, so a crash may cost the last transactions.
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      this.#prepareTables()
    } catch (cause) {
      throw new Error(
        `Cannot open the index of people ${path}: ${(cause as Error).message}. The file and its folder must be` +
          ' writable; one that is damaged may be deleted, for it is made anew',
        { cause },
      )
    }
  }

  close(): void {
    this.#db.close()
  }

  transact(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      write()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  cursor(origin: string): number | undefined {
    const row = this.#sql('SELECT cursor FROM host WHERE origin = ?').get(origin)
    return row?.cursor as number | undefined
  }

  setCursor(origin: string, cursor: number | undefined): void {
    if (cursor === undefined) this.#sql('DELETE FROM host WHERE origin = ?').run(origin)
    else this.#sql('INSERT OR REPLACE INTO host (origin, cursor) VALUES (?, ?)').run(origin, cursor)
  }

  account(did: Did): AccountRow | undefined {
    const row = this.#sql('SELECT host, active, handle, rev FROM account WHERE did = ?').get(did)
    if (row === undefined) return undefined
    const { host, active, handle, rev } = row as {
      host: string
      active: number
      handle: string | null
      rev: string
    }
    return { host, active: active === 1, handle: handle ?? undefined, rev }
  }

  accountsOf(host: string): Did[] {
    return this.#sql('SELECT did FROM account WHERE host = ?')
      .all(host)
      .map(row => row.did as Did)
  }

  /** Adds the account, or hands it over to `host`; handle and records stay. */
  putAccount(
    did: Did,
    { host, pds, active }: { host: string; pds: string | undefined; active: boolean },
  ): void {
    this.#sql(
      `INSERT INTO account (did, host, pds, active, rev) VALUES (?, ?, ?, ?, '')
       ON CONFLICT (did) DO UPDATE SET host = excluded.host, pds = excluded.pds, active = excluded.active`,
    ).run(did, host, pds ?? null, active ? 1 : 0)
  }

  setHandle(did: Did, handle: string): void {
    this.#sql('UPDATE account SET handle = ? WHERE did = ?').run(handle, did)
  }

  raiseRev(did: Did, rev: string): void {
    this.#sql('UPDATE account SET rev = max(rev, ?) WHERE did = ?').run(rev, did)
  }

  deleteAccount(did: Did): void {
    this.deleteRecords(did)
    this.#sql('DELETE FROM account WHERE did = ?').run(did)
  }

  putRecord(did: Did, rkey: string, record: IndexedRecord): void {
    if (record.collection === 'app.bsky.actor.profile') {
      const { displayName, avatar, createdAt } = record.profile
      this.#sql(
        'INSERT OR REPLACE INTO profile (did, display_name, avatar, created_at) VALUES (?, ?, ?, ?)',
      ).run(did, displayName ?? null, avatar ?? null, createdAt ?? null)
    } else if (record.collection === 'chat.bsky.actor.declaration') {
      const { allowIncoming, allowGroupInvites } = record.declaration
      this.#sql(
        'INSERT OR REPLACE INTO declaration (did, allow_incoming, allow_group_invites) VALUES (?, ?, ?)',
      ).run(did, allowIncoming, allowGroupInvites ?? null)
    } else {
      const { subject, list } = edgeEnds(did, rkey, record)
      this.#sql(
        'INSERT OR REPLACE INTO edge (did, collection, rkey, subject, list) VALUES (?, ?, ?, ?, ?)',
      ).run(did, record.collection, rkey, subject ?? null, list ?? null)
    }
  }

  deleteRecord(did: Did, collection: IndexedCollection, rkey: string): void {
    if (collection === 'app.bsky.actor.profile' || collection === 'chat.bsky.actor.declaration') {
      if (rkey !== 'self') return
      const table = collection === 'app.bsky.actor.profile' ? 'profile' : 'declaration'
      this.#sql(`DELETE FROM ${table} WHERE did = ?`).run(did)
    } else {
      this.#sql('DELETE FROM edge WHERE did = ? AND collection = ? AND rkey = ?').run(did, collection, rkey)
    }
  }

  deleteRecords(did: Did): void {
    for (const table of ['profile', 'declaration', 'edge']) {
      this.#sql(`DELETE FROM ${table} WHERE did = ?`).run(did)
    }
  }

  /** `undefined` where the account is unknown or not active. */
  person(did: Did): PersonRow | undefined {
    const row = this.#sql(
      `SELECT handle, pds, display_name AS displayName, avatar, created_at AS createdAt,
              allow_incoming AS allowIncoming, allow_group_invites AS allowGroupInvites
         FROM account LEFT JOIN profile USING (did) LEFT JOIN declaration USING (did)
        WHERE did = ? AND active = 1`,
    ).get(did)
    return row as PersonRow | undefined
  }

  /** The follow and block records of `did` about `subject`. */
  edges(did: Did, subject: Did): EdgeRow[] {
    const rows = this.#sql(
      `SELECT collection, rkey FROM edge
        WHERE did = ? AND subject = ? AND collection IN ('app.bsky.graph.follow', 'app.bsky.graph.block')`,
    ).all(did, subject)
    return rows as unknown as EdgeRow[]
  }

  /** The record key of a block by `did` of a list with `subject` on it. Who is on a list, only its owner says. */
  listBlock(did: Did, subject: Did): string | undefined {
    // From the few lists that one blocks to who is on them: the other way may begin at thousands of lists.
    const row = this.#sql(
      `SELECT block.rkey AS rkey
         FROM (SELECT rkey, list FROM edge WHERE did = ? AND collection = 'app.bsky.graph.listblock'
                ORDER BY rkey DESC LIMIT ?) AS block
        CROSS JOIN edge AS list ON list.list = block.list AND list.collection = 'app.bsky.graph.list'
        CROSS JOIN edge AS item ON item.list = block.list AND item.collection = 'app.bsky.graph.listitem'
                               AND item.subject = ? AND item.did = list.did
        LIMIT 1`,
    ).get(did, listBlocksMax, subject)
    return row?.rkey as string | undefined
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.#db.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }

  #prepareTables(): void {
    const { user_version: found } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number }
    this.transact(() => {
      // Written in any case: SQLite opens for reading what it may not write, and says so at the first change.
      this.#db.exec(`PRAGMA user_version = ${version}`)
      if (found === version) return
      for (const table of ['host', 'account', 'profile', 'declaration', 'edge']) {
        this.#db.exec(`DROP TABLE IF EXISTS ${table}`)
      }
      this.#db.exec(tables)
    })
  }
}
