import { deepEqual } from 'node:assert/strict'
import { poll } from '../poll.ts'

/** How long a change of an account may take to reach who looks at it through the chat service. */
const reachMs = 5_000

/** Looks again and again until it is as expected. Throws, showing what was seen last, where that takes too long. */
export async function seen<T>(look: () => Promise<T>, expected: T): Promise<void> {
  let last: T | undefined
  const looks = async () => {
    last = await look()
    return isEqual(last, expected) ? true : undefined
  }
  await poll('a change reaches who looks', looks, reachMs).catch(() => deepEqual(last, expected))
}

function isEqual(actual: unknown, expected: unknown): boolean {
  try {
    deepEqual(actual, expected)
    return true
  } catch {
    return false
  }
}
