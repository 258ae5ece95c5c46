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

const createdAt = '2026-01-01T00:00:00.000Z'

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

  /** The URI of a new list of `did`. */
  list(did: Did, purpose: 'modlist' | 'curatelist'): string {
    const path = `app.bsky.graph.list/${tid()}`
    const fields = { purpose: `app.bsky.graph.defs#${purpose}`, name: 'A list' }
    this.put(did, path, { $type: 'app.bsky.graph.list', ...fields, createdAt })
    return `at://${did}/${path}`
  }

  /** The path of the new record. */
  listItem(did: Did, list: string, subject: Did): string {
    return this.#relate(did, 'app.bsky.graph.listitem', subject, { list })
  }

  /** The path of the new record. */
  blockList(did: Did, list: string): string {
    return this.#relate(did, 'app.bsky.graph.listblock', list)
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
      if (path.startsWith(`${collection}/`) && Object(value).subject === subject) return `at://${did}/${path}`
    }
    return undefined
  }

  /** The URI of a block by `did` of a list with `subject` on it. */
  aboutByList(did: Did, subject: Did): string | undefined {
    for (const [path, value] of this.accounts.get(did)?.records ?? []) {
      if (path.startsWith('app.bsky.graph.listblock/') && this.#isOn(Object(value).subject, subject))
        return `at://${did}/${path}`
    }
    return undefined
  }

  #isOn(list: string, subject: Did): boolean {
    const [owner, ...path] = list.slice('at://'.length).split('/')
    const { records } = this.accounts.get(owner as Did) ?? {}
    const { purpose } = Object(records?.get(path.join('/')))
    const isItem = (value: unknown) => Object(value).list === list && Object(value).subject === subject
    return purpose === 'app.bsky.graph.defs#modlist' && [...records!.values()].some(isItem)
  }

  #relate(did: Did, collection: string, subject: string, fields: object = {}): string {
    const path = `${collection}/${tid()}`
    this.put(did, path, { $type: collection, subject, ...fields, createdAt })
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
