import assert from 'node:assert/strict'

/** What a service says instead of an answer. */
export class Refusal extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** Expects a refusal by its name, and by its text where clients match the text. */
export async function refused(call: Promise<unknown>, name: string, text?: string): Promise<void> {
  const outcome = await call.then(
    () => new assert.AssertionError({ message: `answered, where ${name} was expected` }),
    (error: unknown) => error,
  )
  if (!(outcome instanceof Refusal)) throw outcome
  assert.equal(outcome.name, name, `refused with ${outcome.name} (${outcome.message}) instead of ${name}`)
  if (text !== undefined) assert.equal(outcome.message, text)
}
