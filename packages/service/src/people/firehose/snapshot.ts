import type { Did } from '@atcute/lexicons/syntax'
import { type DidDocuments, staysWith } from './did-documents.ts'
import type { HostClient, ListedRepo, RepoDescription } from './host-client.ts'
import type { IndexDatabase } from './index-database.ts'
import { type IndexedRecord, readRecord } from './indexed-record.ts'

/** Repositories read at one time: enough to hide the way there, too few to be a burden. */
const readersMax = 4

export interface RepoSource {
  client: HostClient
  index: IndexDatabase
}

export interface SnapshotSource extends RepoSource {
  origin: string
  documents: DidDocuments
}

export interface SnapshotCount {
  accounts: number
  /** How many of them the host could not serve. */
  unread: number
}

/** Reads every account of a PDS anew, and forgets those of its accounts that it no longer lists. */
export async function snapshotHost(source: SnapshotSource): Promise<SnapshotCount> {
  const { index, origin, client } = source
  const listed = new Set<Did>()
  let unread = 0
  const repos = client.repos()
  // All readers draw from the one listing.
  const read = async (): Promise<void> => {
    for (let next = await repos.next(); !next.done; next = await repos.next()) {
      listed.add(next.value.did)
      if (!(await snapshotListed(source, next.value))) unread += 1
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: readersMax }, read))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  for (const did of index.accountsOf(origin)) if (!listed.has(did)) index.deleteAccount(did)
  return { accounts: listed.size, unread }
}

async function snapshotListed(source: SnapshotSource, { did, rev, active }: ListedRepo): Promise<boolean> {
  const { index, origin, documents } = source
  const { host = origin } = index.account(did) ?? {}
  if (host !== origin && (!active || (await staysWith(documents, did, host)))) return true
  index.putAccount(did, { host: origin, pds: origin, active })
  // The records of one that is away come with its return; those we have are kept until then.
  return active ? snapshotRepo(source, did, rev) : true
}

/**
 * Replaces what we know of one account by what its repository holds at `rev` or later.
 * Leaves it as it was, and says `false`, where the host does not serve the repository: one that is gone, or made so
 * that it cannot be listed, must not keep us from all others. Throws where the host does not answer at all.
 */
export async function snapshotRepo({ index, client }: RepoSource, did: Did, rev: string): Promise<boolean> {
  const records: { rkey: string; record: IndexedRecord }[] = []
  let description: RepoDescription
  try {
    description = await client.describe(did)
    for (const collection of description.collections) {
      for await (const { rkey, value } of client.records(did, collection)) {
        const record = readRecord(collection, rkey, value)
        if (record !== undefined) records.push({ rkey, record })
      }
    }
  } catch {
    await client.isPds()
    return false
  }
  index.transact(() => {
    index.setHandle(did, description.handle)
    index.raiseRev(did, rev)
    index.deleteRecords(did)
    for (const { rkey, record } of records) index.putRecord(did, rkey, record)
  })
  return true
}
