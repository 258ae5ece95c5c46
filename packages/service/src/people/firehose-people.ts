import type { Did, GenericUri, Handle, ResourceUri } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { type Allow, associatedChat, type Declaration, resolveAllows } from './allow.ts'
import type { DidDocuments } from './firehose/did-documents.ts'
import { FollowedHost } from './firehose/follow-host.ts'
import { IndexDatabase, type PersonRow } from './firehose/index-database.ts'
import type { People, Person, Relationship, Shown } from './people.ts'
import { showExactly } from './show-exactly.ts'

export interface FirehosePeopleOptions {
  /** Origins of the PDSes and relays to follow. Their word is taken for every account they serve. */
  hosts: readonly string[]
  /** The index's SQLite file, or `:memory:`. It may be deleted at any time while the service is down. */
  path: string
  /** Says which of two hosts has an account, and hears of the changes that hosts tell of. */
  documents: DidDocuments
  clock: Clock
  log: Logger
}

/**
 * People from an index of our own, kept in step with PDSes or relays: for networks that have no AppView.
 * It never refuses: what the hosts have not told yet is not known. Nothing is labelled or verified, and of a list
 * counts what the accounts of these hosts say. A relay tells only what happens from the first contact on, and has no
 * pictures.
 */
export class FirehosePeople implements People {
  readonly #index: IndexDatabase
  readonly #hosts: FollowedHost[]
  readonly #running: Promise<unknown>
  readonly #closing = new AbortController()
  #waiting: PromiseWithResolvers<void> = Promise.withResolvers()

  static open(options: FirehosePeopleOptions): FirehosePeople {
    return new FirehosePeople(options)
  }

  private constructor({ hosts, path, documents, clock, log }: FirehosePeopleOptions) {
    this.#index = new IndexDatabase(path)
    this.#hosts = hosts.map(
      host =>
        new FollowedHost({
          origin: new URL(host).origin,
          index: this.#index,
          documents,
          clock,
          log,
          signal: this.#closing.signal,
          onProgress: () => this.#progress(),
        }),
    )
    this.#running = Promise.all(this.#hosts.map(host => host.run()))
  }

  async profiles(dids: readonly Did[]): Promise<Map<Did, Person>> {
    const people = new Map<Did, Person>()
    for (const did of dids) {
      const row = this.#index.person(did)
      if (row !== undefined) people.set(did, personOf(did, row))
    }
    return people
  }

  async relationships(actor: Did, others: readonly Did[]): Promise<Map<Did, Relationship>> {
    const ours = (other: Did) => this.#edges(actor, other)
    const theirs = (other: Did) => this.#edges(other, actor)
    return new Map(others.map(other => [other, relationshipOf(ours(other), theirs(other))]))
  }

  async show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>> {
    return showExactly(this, viewer, dids)
  }

  /** Resolves once all that the hosts had at first contact is in the index and their streams are open. */
  async following(): Promise<void> {
    while (!this.#hosts.every(host => host.following)) await this.progress()
  }

  /**
   * Resolves once the repository of `did` is in the index as of commit `rev` or later: what a write to a PDS answers
   * as `commit.rev`.
   */
  async reached(did: Did, rev: string): Promise<void> {
    while ((this.#index.account(did)?.rev ?? '') < rev) await this.progress()
  }

  /** Resolves when the index has taken in something more. Rejects when it is closed. */
  progress(): Promise<void> {
    return this.#waiting.promise
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    // Nobody may be waiting.
    this.#waiting.promise.catch(() => {})
    this.#waiting.reject(new Error('the index of people was closed'))
    await this.#running
    this.#index.close()
  }

  #progress(): void {
    const { resolve } = this.#waiting
    this.#waiting = Promise.withResolvers()
    resolve()
  }

  #edges(did: Did, subject: Did): Edges {
    const edges: Edges = {}
    for (const { collection, rkey } of this.#index.edges(did, subject)) {
      const uri: ResourceUri = `at://${did}/${collection}/${rkey}`
      if (collection === 'app.bsky.graph.follow') edges.follow = uri
      else edges.block = uri
    }
    const listBlock = this.#index.listBlock(did, subject)
    if (listBlock !== undefined) edges.listBlock = `at://${did}/app.bsky.graph.listblock/${listBlock}`
    return edges
  }
}

/** The records of one account about another. */
interface Edges {
  follow?: ResourceUri
  block?: ResourceUri
  listBlock?: ResourceUri
}

function relationshipOf(ours: Edges, theirs: Edges): Relationship {
  return {
    ...(ours.follow && { following: ours.follow }),
    ...(theirs.follow && { followedBy: theirs.follow }),
    ...(ours.block && { blocking: ours.block }),
    ...(theirs.block && { blockedBy: theirs.block }),
    ...(ours.listBlock && { blockingByList: ours.listBlock }),
    ...(theirs.listBlock && { blockedByList: theirs.listBlock }),
  }
}

function personOf(did: Did, row: PersonRow): Person {
  const declaration = declarationOf(row)
  const avatar = avatarUrl(did, row)
  return {
    did,
    handle: (row.handle ?? 'handle.invalid') as Handle,
    ...(row.displayName !== null && { displayName: row.displayName }),
    ...(avatar !== undefined && { avatar }),
    ...(row.createdAt !== null && { createdAt: row.createdAt }),
    labels: [],
    ...(declaration && { associated: { chat: associatedChat(declaration) } }),
    ...resolveAllows(declaration),
  }
}

function declarationOf(row: PersonRow): Declaration | undefined {
  if (row.allowIncoming === null) return undefined
  const allowIncoming = row.allowIncoming as Allow
  if (row.allowGroupInvites === null) return { allowIncoming }
  return { allowIncoming, allowGroupInvites: row.allowGroupInvites as Allow }
}

/** Every view of a person carries it, so one that a stranger made long is left out. */
const avatarUrlCharsMax = 1024

function avatarUrl(did: Did, { pds, avatar }: PersonRow): GenericUri | undefined {
  if (avatar === null || pds === null) return undefined
  const url = new URL('/xrpc/com.atproto.sync.getBlob', pds)
  url.searchParams.set('did', did)
  url.searchParams.set('cid', avatar)
  return url.href.length > avatarUrlCharsMax ? undefined : (url.href as GenericUri)
}
