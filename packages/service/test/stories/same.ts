import assert from 'node:assert/strict'

/** A promise that a story broke. `what` is the same for every story that breaks it alike; the rest says how. */
export class Broken extends Error {
  readonly what: string

  constructor(what: string, details: string) {
    super(`${what}\n${details}`)
    this.name = 'Broken'
    this.what = what
  }
}

export function same(actual: unknown, expected: unknown, what: string): void {
  try {
    assert.deepEqual(actual, expected)
  } catch (error) {
    throw new Broken(what, (error as Error).message)
  }
}
