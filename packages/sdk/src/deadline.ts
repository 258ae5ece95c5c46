import { ChatError } from './errors.ts'

/** Why work was cut short: its time was up, or its caller gave up. */
export class Interrupted extends Error {
  readonly by: 'timeout' | 'caller'

  constructor(by: 'timeout' | 'caller', options?: ErrorOptions) {
    super(by === 'timeout' ? 'the time limit was reached' : 'the caller gave up', options)
    this.by = by
  }
}

export interface Limits {
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/**
 * Runs `work` until it ends, `timeoutMs` pass or the caller's signal aborts, whichever is first.
 * It ends in time even when `work` ignores the signal it is given: a fetch of the caller's making may.
 */
export async function withDeadline<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutMs, signal } = limits
  const controller = new AbortController()
  let cleanUp = () => {}
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = (by: 'timeout' | 'caller') => {
      const reason = new Interrupted(by, { cause: signal?.reason })
      reject(reason)
      controller.abort(reason)
    }
    const giveUp = () => interrupt('caller')
    if (signal?.aborted) return giveUp()
    const timer = setTimeout(() => interrupt('timeout'), timeoutMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    cleanUp = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
    }
  })
  interrupted.catch(() => {}) // it may lose the race, and nobody else listens
  try {
    if (controller.signal.aborted) return await interrupted
    return await Promise.race([work(controller.signal), interrupted])
  } finally {
    cleanUp()
  }
}

/**
 * Waits for work that others wait for too: the caller's signal ends the waiting, with the ChatError `aborted`, and never
 * the work.
 */
export async function waitFor<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared
  let cleanUp = () => {}
  const left = new Promise<never>((_, reject) => {
    const giveUp = () =>
      reject(new ChatError('aborted', 'The caller gave up waiting', { cause: signal.reason }))
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    cleanUp = () => signal.removeEventListener('abort', giveUp)
  })
  try {
    return await Promise.race([left, shared])
  } finally {
    cleanUp()
  }
}
