import { setTimeout as sleep } from 'node:timers/promises'
import type {} from '@atcute/atproto'
import { Client, simpleFetchHandler } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'
import { FirehosePeople, type People } from '@parley/service'
import { IndexBehindError } from './errors.ts'

/** Far above the fraction of a second that it takes: only a broken network meets it. */
const patienceMs = 30_000

/**
 * Resolves once `people` knows the repositories of `dids` as the PDS holds them now, so that nobody meets an account
 * that the chat service has not heard of. Throws IndexBehindError.
 */
export async function waitForIndex(options: { people: People; pdsUrl: string; dids: Did[] }): Promise<void> {
  const { people, pdsUrl, dids } = options
  // People from elsewhere do not learn of this network in time, or at all.
  if (!(people instanceof FirehosePeople)) return
  const giveUp = new AbortController()
  try {
    await Promise.race([
      catchUp(people, pdsUrl, dids),
      sleep(patienceMs, undefined, giveUp).then(() => Promise.reject(new IndexBehindError())),
    ])
  } finally {
    giveUp.abort()
  }
}

async function catchUp(people: FirehosePeople, pdsUrl: string, dids: Did[]): Promise<void> {
  await people.following()
  const pds = new Client({ handler: simpleFetchHandler({ service: pdsUrl }) })
  for (const did of dids) {
    const answer = await pds.get('com.atproto.sync.getLatestCommit', { params: { did } })
    // A deactivated account of a kept folder tells nothing.
    if (answer.ok) await people.reached(did, answer.data.rev)
  }
}
