import { setTimeout as sleep } from 'node:timers/promises'

/** Far above what anything here takes: only what is broken meets it. */
const patienceMs = 30_000
const pauseMs = 20

/** Asks again and again until there is an answer. Throws, naming `what`, where none comes in time. */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  waitMs = patienceMs,
): Promise<T> {
  const giveUpAt = performance.now() + waitMs
  while (performance.now() < giveUpAt) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(pauseMs)
  }
  throw new Error(`Waited ${waitMs / 1000} s in vain: ${what}`)
}
