import { ComAtprotoSyncSubscribeRepos } from '@atcute/atproto'
import { decode, decodeFirst, fromBytes } from '@atcute/cbor'
import type { Did, Handle } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import { readBlocks } from './car.ts'
import { type IndexedCollection, isIndexedCollection } from './indexed-record.ts'

/** A message of `com.atproto.sync.subscribeRepos`, as far as we use it. */
export type HostEvent = CommitEvent | SyncEvent | IdentityEvent | AccountEvent | StreamNotice | UnusedEvent

export interface CommitEvent {
  kind: 'commit'
  seq: number
  did: Did
  rev: string
  /** What the commit did to the collections that we keep. */
  ops: RecordOp[]
  /** Whether the host left out what was done: the repository has to be read. */
  incomplete: boolean
}

export interface RecordOp {
  collection: IndexedCollection
  rkey: string
  /** As the repository holds it, not validated; `undefined` where the record was deleted. */
  value: unknown
}

export interface SyncEvent {
  kind: 'sync'
  seq: number
  did: Did
  rev: string
}

export interface IdentityEvent {
  kind: 'identity'
  seq: number
  did: Did
  handle: Handle | undefined
}

export interface AccountEvent {
  kind: 'account'
  seq: number
  did: Did
  active: boolean
  status: string | undefined
}

/** `OutdatedCursor`, `FutureCursor`, `ConsumerTooSlow` or another word of the host about the stream itself. */
export interface StreamNotice {
  kind: 'notice'
  name: string
}

/** A message of a type that we do not know, or one that is not what its type says. */
export interface UnusedEvent {
  kind: 'unused'
  seq: number | undefined
}

/** Reads one frame of the stream. Never throws. */
export function readEvent(frame: Uint8Array): HostEvent {
  try {
    const [header, rest] = decodeFirst(frame) as [{ op?: unknown; t?: unknown } | null, Uint8Array]
    return readMessage(header?.op === -1 ? 'error' : header?.t, decode(rest))
  } catch {
    return { kind: 'unused', seq: undefined }
  }
}

function readMessage(type: unknown, body: unknown): HostEvent {
  const { commitSchema, syncSchema, identitySchema, accountSchema } = ComAtprotoSyncSubscribeRepos
  if (type === '#commit') {
    const message = safeParse(commitSchema, body)
    if (message.ok) return readCommit(message.value)
  } else if (type === '#sync') {
    const message = safeParse(syncSchema, body)
    if (message.ok)
      return { kind: 'sync', seq: message.value.seq, did: message.value.did, rev: message.value.rev }
  } else if (type === '#identity') {
    const message = safeParse(identitySchema, body)
    if (message.ok) {
      const { seq, did, handle } = message.value
      return { kind: 'identity', seq, did, handle }
    }
  } else if (type === '#account') {
    const message = safeParse(accountSchema, body)
    if (message.ok) {
      const { seq, did, active, status } = message.value
      return { kind: 'account', seq, did, active, status }
    }
  } else if (type === '#info') {
    return { kind: 'notice', name: textField(body, 'name') }
  } else if (type === 'error') {
    return { kind: 'notice', name: textField(body, 'error') }
  }
  const { seq } = (body ?? {}) as { seq?: unknown }
  return { kind: 'unused', seq: Number.isSafeInteger(seq) ? (seq as number) : undefined }
}

function textField(body: unknown, name: string): string {
  return String((body as Record<string, unknown> | null)?.[name]).slice(0, 64)
}

function readCommit(message: ComAtprotoSyncSubscribeRepos.Commit): CommitEvent {
  const { seq, repo, rev, tooBig } = message
  const event: CommitEvent = { kind: 'commit', seq, did: repo, rev, ops: [], incomplete: tooBig }
  // Most commits of a network are posts and likes, and are never unpacked.
  const kept = message.ops.flatMap(op => {
    const [collection, rkey] = op.path.split('/')
    return collection !== undefined && rkey !== undefined && isIndexedCollection(collection)
      ? [{ collection, rkey, cid: op.action === 'delete' ? undefined : op.cid?.$link }]
      : []
  })
  if (kept.length === 0) return event
  const blocks = kept.some(op => op.cid !== undefined) ? blocksOf(message) : new Map<string, Uint8Array>()
  for (const { collection, rkey, cid } of kept) {
    if (cid === undefined) event.ops.push({ collection, rkey, value: undefined })
    else if (!blocks.has(cid)) event.incomplete = true
    else event.ops.push({ collection, rkey, value: decodeRecord(blocks.get(cid)!) })
  }
  return event
}

function blocksOf(message: ComAtprotoSyncSubscribeRepos.Commit): Map<string, Uint8Array> {
  try {
    return readBlocks(fromBytes(message.blocks))
  } catch {
    return new Map()
  }
}

/** `null`, which no lexicon allows, where the bytes are no record. */
function decodeRecord(bytes: Uint8Array): unknown {
  try {
    return decode(bytes)
  } catch {
    return null
  }
}
