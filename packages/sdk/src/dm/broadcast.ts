import type { Actor } from '../chat/method.ts'
import type { Clock } from '../clock.ts'
import { ChatError } from '../errors.ts'
import type { KeyValueStore } from '../key-value-store.ts'
import type { Content } from './content.ts'
import type { DirectMessages } from './direct-messages.ts'
import type { Message } from './message.ts'

/** How fast a broadcast goes, whom it passes over and when it gives up. */
export interface BroadcastOptions {
  /** How many are written to in a minute. Default 20: services take more for a flood. */
  perMinute?: number
  /** Whether it is asked first if they may be messaged, so that nobody is bothered in vain. Default true. */
  askFirst?: boolean
  /** Whether everything is done but sending. Default false. */
  dryRun?: boolean
  /** After so many refusals for being too fast it is over: each makes the next wait longer. Default 3. */
  rateLimitsMax?: number
  /** Remembers who has been written to: a broadcast that begins anew with the same store goes on. Default nothing. */
  resume?: KeyValueStore
  signal?: AbortSignal
}

/** What became of one of those who were to be written to. */
export type BroadcastResult =
  | { to: Actor; ok: true; message: Message | undefined; skipped: false }
  /** They were written to by an earlier run. */
  | { to: Actor; ok: true; message: undefined; skipped: true }
  | { to: Actor; ok: false; error: ChatError }

/** A send of which an earlier run may not have lived to see what became. */
interface Begun {
  key: string
  atMs: number
}

/** Writes to many, one after another and not too fast. Ends where the account is told to slow down too often. */
export async function* broadcast(
  dm: DirectMessages,
  clock: Clock,
  to: Iterable<Actor> | AsyncIterable<Actor>,
  content: Content | ((to: Actor) => Content),
  options: BroadcastOptions = {},
): AsyncGenerator<BroadcastResult> {
  const { perMinute = 20, askFirst = true, dryRun = false, rateLimitsMax = 3, resume, signal } = options
  const call = signal === undefined ? {} : { signal }
  let rateLimits = 0
  let isFirst = true
  for await (const actor of to) {
    const before = (await resume?.get(keyOf(actor))) as true | Begun | undefined
    if (before === true) {
      yield { to: actor, ok: true, message: undefined, skipped: true }
      continue
    }
    if (!isFirst)
      await clock.sleep(60_000 / perMinute, signal).catch(cause => {
        throw new ChatError('aborted', 'The broadcast was aborted', { cause })
      })
    isFirst = false
    try {
      if (askFirst) await assertAllowed(dm, actor, call)
      const saying = typeof content === 'function' ? content(actor) : content
      const send = async () => {
        const { key, atMs }: Begun = before ?? { key: crypto.randomUUID(), atMs: clock.now() }
        await resume?.set(keyOf(actor), { key, atMs })
        const again = before && { begunAt: new Date(atMs) }
        const sent = await dm
          .send(actor, saying, { ...call, idempotencyKey: key, ...again })
          .catch(async error => {
            if (error instanceof ChatError && error.delivered === 'no') await resume?.delete(keyOf(actor))
            throw error
          })
        await resume?.set(keyOf(actor), true)
        return sent
      }
      const message = dryRun ? undefined : await send()
      yield { to: actor, ok: true, message, skipped: false }
    } catch (error) {
      if (!(error instanceof ChatError) || error.is('aborted')) throw error
      yield { to: actor, ok: false, error }
      if (error.is('rate-limited')) rateLimits += 1
      if (rateLimits >= rateLimitsMax) throw error
    }
  }
}

function keyOf(actor: Actor): string {
  return `written to ${actor}`
}

async function assertAllowed(
  dm: DirectMessages,
  actor: Actor,
  call: { signal?: AbortSignal },
): Promise<void> {
  const may = await dm.canMessage(actor, call)
  if (!may.ok) throw new ChatError(may.reason, `${actor} cannot be messaged`)
}
