import type { Did, Handle } from '@atcute/lexicons/syntax'

export interface AccountFacts {
  did: Did
  handle: Handle
  active: boolean
  /** By `collection/rkey`. */
  records: Map<string, unknown>
}

/** Something that happened to an account, as its host tells it. */
export type Change =
  | { kind: 'record'; did: Did; path: string; value: unknown }
  | { kind: 'identity'; did: Did; handle: Handle | undefined }
  | { kind: 'account'; did: Did; active: boolean; status?: 'deleted' | 'deactivated' }

/** What is true of a small network. Tests state it here; a fake host or AppView serves it. */
export class Facts {
  readonly accounts = new Map<Did, AccountFacts>()
  readonly #listeners: ((change: Change) => void)[] = []
  #count = 0

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener)
  }

  create(name: string): Did {
    this.#count += 1
    const did: Did = `did:plc:${this.#count.toString(2).replaceAll('0', 'a').replaceAll('1', 'b').padStart(24, 'a')}`
    const handle: Handle = `${name}.test`
    this.accounts.set(did, { did, handle, active: true, records: new Map() })
    this.#tell({ kind: 'identity', did, handle })
    this.#tell({ kind: 'account', did, active: true })
    return did
  }

  put(did: Did, path: string, value: unknown): void {
    this.accounts.get(did)!.records.set(path, value)
    this.#tell({ kind: 'record', did, path, value })
  }

  remove(did: Did, path: string): void {
    this.accounts.get(did)!.records.delete(path)
    this.#tell({ kind: 'record', did, path, value: undefined })
  }

  profile(did: Did, fields: object): void {
    this.put(did, 'app.bsky.actor.profile/self', { $type: 'app.bsky.actor.profile', ...fields })
  }

  declare(did: Did, fields: object): void {
    this.put(did, 'chat.bsky.actor.declaration/self', { $type: 'chat.bsky.actor.declaration', ...fields })
  }

  /** The path of the new record. */
  follow(did: Did, subject: string): string {
    return this.#relate(did, 'app.bsky.graph.follow', subject)
  }

  /** The path of the new record. */
  block(did: Did, subject: string): string {
    return this.#relate(did, 'app.bsky.graph.block', subject)
  }

  rename(did: Did, handle: Handle): void {
    this.accounts.get(did)!.handle = handle
    this.#tell({ kind: 'identity', did, handle })
  }

  setActive(did: Did, active: boolean): void {
    this.accounts.get(did)!.active = active
    this.#tell({ kind: 'account', did, active, ...(active ? {} : { status: 'deactivated' }) })
  }

  delete(did: Did): void {
    this.accounts.delete(did)
    this.#tell({ kind: 'account', did, active: false, status: 'deleted' })
  }

  /** The URI of a record in `collection` of `did` about `subject`. */
  about(did: Did, collection: string, subject: Did): string | undefined {
    for (const [path, value] of this.accounts.get(did)?.records ?? []) {
      if (path.startsWith(collection) && Object(value).subject === subject) return `at://${did}/${path}`
    }
    return undefined
  }

  #relate(did: Did, collection: string, subject: string): string {
    const path = `${collection}/${tid()}`
    this.put(did, path, { $type: collection, subject, createdAt: '2026-01-01T00:00:00.000Z' })
    return path
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change)
  }
}

let tids = 0

/** Later calls give greater ones. */
export function tid(): string {
  const alphabet = '234567abcdefghijklmnopqrstuvwxyz'
  tids += 1
  const digits = [15, 10, 5, 0].map(shift => alphabet[(tids >> shift) & 31])
  return `3aaaaaaaa${digits.join('')}`
}
