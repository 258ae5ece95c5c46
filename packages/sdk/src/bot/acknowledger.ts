/** Who keeps how far a bot has come, and hears where that fails: the next time it is tried with what has come since. */
export interface AcknowledgerParts {
  save(rev: string): Promise<void>
  /** Must not throw. */
  failed(error: unknown): Promise<void>
}

/**
 * Events are done with in any order; what is kept is how far all of them are: behind the last one before which none is
 * left.
 */
export class Acknowledger {
  readonly #parts: AcknowledgerParts
  readonly #open: { rev: string; isDone: boolean }[] = []
  #saving: Promise<void> | undefined
  #behind: string | undefined

  constructor(parts: AcknowledgerParts) {
    this.#parts = parts
  }

  /** Takes an event up. Returns what says that it is done with. */
  take(rev: string): () => void {
    const entry = { rev, isDone: false }
    this.#open.push(entry)
    return () => {
      entry.isDone = true
      while (this.#open[0]?.isDone) this.#behind = this.#open.shift()!.rev
      this.#saving ??= this.#keep().finally(() => {
        this.#saving = undefined
      })
    }
  }

  /** Resolves when what is done with is kept, or could not be. */
  async kept(): Promise<void> {
    await this.#saving
  }

  /** One after another, each time as far as it has come by then. */
  async #keep(): Promise<void> {
    const { save, failed } = this.#parts
    while (this.#behind !== undefined) {
      const rev = this.#behind
      this.#behind = undefined
      await save(rev).catch(failed)
    }
  }
}
