import type { Outcome } from './exit-codes.ts'

/** What the program refuses by itself, before anybody on the network is asked. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** Decides the exit code. */
  readonly outcome: Outcome
  /** What to do next. */
  readonly hint: string | undefined

  constructor(outcome: Outcome, message: string, hint?: string) {
    super(message)
    this.outcome = outcome
    this.hint = hint
  }
}
