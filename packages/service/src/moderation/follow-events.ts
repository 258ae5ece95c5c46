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
  using alarm = new Alarm(store, signal)
  let after = from ?? head
  while (!signal.aborted) {
    const events = await store.forModerators.events({ after, limit: modEventsPageMax })
    for (const { rev, event } of events) {
      yield event
      after = rev
    }
    if (events.length < modEventsPageMax) await alarm.next()
  }
}

/** Rings when events were stored here, and now and then for those that another process has stored. */
class Alarm implements Disposable {
  #ring = Promise.withResolvers<void>()
  readonly #stop: () => void

  constructor(store: Store, signal: AbortSignal) {
    const ring = () => this.#ring.resolve()
    const stopListening = store.onModEvents(ring)
    const timer = setInterval(ring, modEventsPollMs)
    signal.addEventListener('abort', ring, { once: true })
    this.#stop = () => {
      stopListening()
      clearInterval(timer)
      signal.removeEventListener('abort', ring)
    }
  }

  /** Resolves at once where it rang since the last time. */
  async next(): Promise<void> {
    await this.#ring.promise
    this.#ring = Promise.withResolvers()
  }

  [Symbol.dispose](): void {
    this.#stop()
  }
}
