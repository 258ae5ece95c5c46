import type { Did } from '@atcute/lexicons/syntax'
import type { AccountEvent, CommitEvent, HostEvent, IdentityEvent } from './event.ts'
import type { IndexDatabase } from './index-database.ts'
import { readRecord } from './indexed-record.ts'

export interface EventSource {
  /** Whose word this is. */
  origin: string
  /** Where the host keeps the repositories of its accounts; `undefined` for a relay. */
  pds: string | undefined
}

/** A repository that has to be read, since the event told only that it changed. */
export interface Unread {
  did: Did
  rev: string
}

/**
 * Brings `event` into the index. What a host says of an account that is another host's does not count: where an
 * account has moved, the old host's last word is that it is gone.
 */
export function applyEvent(index: IndexDatabase, source: EventSource, event: HostEvent): Unread | undefined {
  if (event.kind === 'account') return applyAccount(index, source, event)
  if (event.kind === 'identity') return applyIdentity(index, source, event)
  if (event.kind === 'commit') return applyCommit(index, source, event)
  if (event.kind === 'sync') {
    const account = accountFrom(index, source, event.did)
    return account !== undefined && event.rev > account.rev ? { did: event.did, rev: event.rev } : undefined
  }
  return undefined
}

function applyAccount(index: IndexDatabase, source: EventSource, event: AccountEvent): Unread | undefined {
  const { did, active, status } = event
  const before = index.account(did)
  if (before !== undefined && before.host !== source.origin) return undefined
  if (active) {
    index.putAccount(did, { host: source.origin, pds: source.pds, active })
    // What it did before we first saw it is not in here.
    return before !== undefined && !before.active && before.rev === '' ? { did, rev: before.rev } : undefined
  }
  if (status === 'deleted') index.deleteAccount(did)
  else index.putAccount(did, { host: source.origin, pds: source.pds, active })
  return undefined
}

function applyIdentity(index: IndexDatabase, source: EventSource, event: IdentityEvent): Unread | undefined {
  const account = accountFrom(index, source, event.did)
  if (account === undefined) return undefined
  if (event.handle === undefined) return { did: event.did, rev: account.rev }
  index.setHandle(event.did, event.handle)
  return undefined
}

function applyCommit(index: IndexDatabase, source: EventSource, event: CommitEvent): Unread | undefined {
  const { did, rev } = event
  const account = accountFrom(index, source, did)
  // A host repeats itself after a snapshot or a reconnection.
  if (account === undefined || rev <= account.rev) return undefined
  if (event.incomplete && source.pds !== undefined) return { did, rev }
  for (const { collection, rkey, value } of event.ops) {
    const record = value === undefined ? undefined : readRecord(collection, rkey, value)
    // A record replaced by one that is not valid is no longer what we knew.
    if (record === undefined) index.deleteRecord(did, collection, rkey)
    else index.putRecord(did, rkey, record)
  }
  index.raiseRev(did, rev)
  return undefined
}

/** The account as we know it, new accounts included; `undefined` where it is another host's. */
function accountFrom(index: IndexDatabase, source: EventSource, did: Did) {
  if (index.account(did) === undefined) {
    index.putAccount(did, { host: source.origin, pds: source.pds, active: true })
  }
  const account = index.account(did)
  return account?.host === source.origin ? account : undefined
}
