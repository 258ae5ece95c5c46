import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'

/** What a bot does from time to time, whoever writes to it. */
export interface Job {
  everyMs: number
  run: (client: Client) => unknown
}

/** Runs a job again and again, with a pause before each time, until `signal` aborts. `onError` must not throw. */
export async function repeat(
  { everyMs, run }: Job,
  { client, clock, signal }: { client: Client; clock: Clock; signal: AbortSignal },
  onError: (error: unknown) => Promise<void>,
): Promise<void> {
  for (;;) {
    await clock.sleep(everyMs, signal).catch(() => {})
    if (signal.aborted) return
    try {
      await run(client)
    } catch (error) {
      await onError(error)
    }
  }
}
