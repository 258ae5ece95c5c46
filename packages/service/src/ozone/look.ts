import type { Logger } from '../logger.ts'
import type { ProgressFile } from './progress-file.ts'
import type { SetAccess } from './set-access.ts'
import type { TaggedAccounts } from './tagged-accounts.ts'

/**
 * Ozone keeps "Disable DMs" as a tag on the account and tells nobody. So it is asked which accounts had that tag put on
 * or taken away, and the chat service is told how each stands **now**: nothing depends on the order of events, and
 * to be told twice does no harm.
 */
export interface AccessOptions {
  ozone: TaggedAccounts
  setAccess: SetAccess
  progress: ProgressFile
  logger: Logger
}

/** One look at Ozone; throws where not everything could be carried out, which the next look then does. */
export type Look = (signal: AbortSignal) => Promise<void>

/**
 * Events bear the time at which they were made and are seen when their transaction has committed: so every look goes
 * back by this, far longer than any transaction of Ozone.
 */
const overlapMs = 5 * 60 * 1000

export async function createLook({ ozone, setAccess, progress, logger }: AccessOptions): Promise<Look> {
  let lookedAtMs = await progress.read()
  /** Events that need no second look, as far as the next one will find them. */
  let carriedOut = new Set<number>()

  return async signal => {
    const sinceMs = lookedAtMs === undefined ? undefined : lookedAtMs - overlapMs
    const { events, askedAtMs } = await ozone.eventsSince(sinceMs, signal)
    carriedOut = carriedOut.intersection(new Set(events.map(event => event.id)))
    const left = events.filter(event => !carriedOut.has(event.id))
    const failures: unknown[] = []
    for (const [actor, its] of Map.groupBy(left, event => event.did)) {
      const ids = its.map(event => event.id)
      try {
        const allowAccess = !(await ozone.isTagged(actor, signal))
        await setAccess({ actor, allowAccess, ref: String(Math.max(...ids)) }, signal)
        for (const id of ids) carriedOut.add(id)
        logger.info({ did: actor, allowAccess }, 'access set')
      } catch (failure) {
        // One account must not hold up the others.
        signal.throwIfAborted()
        failures.push(failure)
      }
    }
    if (failures.length > 0) throw failures[0]
    await progress.write(askedAtMs)
    lookedAtMs = askedAtMs
  }
}
