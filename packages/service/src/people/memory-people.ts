import type { Did, Handle, ResourceUri } from '@atcute/lexicons/syntax'
import { type Allow, associatedChat, type Declaration, resolveAllows } from './allow.ts'
import type { People, Person, Relationship, Shown } from './people.ts'
import { showExactly } from './show-exactly.ts'

export interface MemoryFacts {
  handle: string
  displayName?: string
  /** ISO 8601. */
  createdAt?: string
  /** Either of the two makes a declaration. */
  allowIncoming?: Allow
  allowGroupInvites?: Allow
}

/** People that are told what to know, for networks that exist only in memory. */
export class MemoryPeople implements People {
  readonly #people = new Map<Did, Person>()
  readonly #follows = new Set<string>()
  readonly #blocks = new Set<string>()

  /** Adds an account or replaces what was known of it. */
  add(did: Did, facts: MemoryFacts): void {
    const { handle, displayName, createdAt } = facts
    const declaration = declarationOf(facts)
    this.#people.set(did, {
      did,
      handle: handle as Handle,
      labels: [],
      ...resolveAllows(declaration),
      ...(displayName !== undefined && { displayName }),
      ...(createdAt !== undefined && { createdAt }),
      ...(declaration && { associated: { chat: associatedChat(declaration) } }),
    })
  }

  remove(did: Did): void {
    this.#people.delete(did)
  }

  follow(from: Did, to: Did): void {
    this.#follows.add(edge(from, to))
  }

  unfollow(from: Did, to: Did): void {
    this.#follows.delete(edge(from, to))
  }

  block(from: Did, to: Did): void {
    this.#blocks.add(edge(from, to))
  }

  unblock(from: Did, to: Did): void {
    this.#blocks.delete(edge(from, to))
  }

  async profiles(dids: readonly Did[]): Promise<Map<Did, Person>> {
    return new Map(dids.flatMap(did => (this.#people.has(did) ? [[did, this.#people.get(did)!]] : [])))
  }

  async relationships(actor: Did, others: readonly Did[]): Promise<Map<Did, Relationship>> {
    return new Map(others.map(other => [other, this.#relationship(actor, other)]))
  }

  async show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>> {
    return showExactly(this, viewer, dids)
  }

  async close(): Promise<void> {}

  #relationship(actor: Did, other: Did): Relationship {
    const [out, back] = [edge(actor, other), edge(other, actor)]
    return {
      ...(this.#follows.has(out) && { following: recordUri(actor, 'follow') }),
      ...(this.#follows.has(back) && { followedBy: recordUri(other, 'follow') }),
      ...(this.#blocks.has(out) && { blocking: recordUri(actor, 'block') }),
      ...(this.#blocks.has(back) && { blockedBy: recordUri(other, 'block') }),
    }
  }
}

function declarationOf({ allowIncoming, allowGroupInvites }: MemoryFacts): Declaration | undefined {
  if (allowIncoming === undefined && allowGroupInvites === undefined) return undefined
  return { allowIncoming: allowIncoming ?? 'following', ...(allowGroupInvites && { allowGroupInvites }) }
}

function edge(from: Did, to: Did): string {
  return `${from} ${to}`
}

function recordUri(did: Did, kind: 'follow' | 'block'): ResourceUri {
  return `at://${did}/app.bsky.graph.${kind}/self`
}
