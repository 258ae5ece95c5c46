import { Alarm } from '../alarm.ts'
import { AppError } from '../errors.ts'
import { modEventsPageMax, modEventsPollMs } from '../limits.ts'
import type { ModEvent } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import type { Tid } from '../tid.ts'

/**
 * Events after a rev, and then each as it happens: `chat.bsky.moderation.subscribeModEvents`. Without a rev only what
 * is still to come. Ends when `signal` says so.
 * @throws FutureCursor for a rev that no event has reached
 */
export async function* followModEvents(
  store: Store,
  from: Tid | undefined,
  signal: AbortSignal,
): AsyncGenerator<ModEvent['event']> {
  const head = await store.forModerators.eventHead()
  if (from !== undefined && from > head) {
    throw new AppError('FutureCursor', 'the cursor is ahead of the newest event')
  }
  using alarm = new Alarm(ring => store.onModEvents(ring), signal)
  let after = from ?? head
  while (!signal.aborted) {
    const events = await store.forModerators.events({ after, limit: modEventsPageMax })
    for (const { rev, event } of events) {
      yield event
      after = rev
    }
    if (events.length < modEventsPageMax) await alarm.next(modEventsPollMs)
  }
}
