/**
 * Events are done with in any order; what is kept is how far all of them are: behind the last one before which none is
 * left.
 */
export class Acknowledger {
  readonly #save: (rev: string) => Promise<void>
  readonly #open: { rev: string; isDone: boolean }[] = []
  #saving: Promise<void> = Promise.resolve()
  #behind: string | undefined

  constructor(save: (rev: string) => Promise<void>) {
    this.#save = save
  }

  /** Takes an event up. Returns what says that it is done with. */
  take(rev: string): () => void {
    const entry = { rev, isDone: false }
    this.#open.push(entry)
    return () => {
      entry.isDone = true
      this.#advance()
    }
  }

  /** Resolves when what is done with is kept. Rejects where that failed. */
  kept(): Promise<void> {
    return this.#saving
  }

  #advance(): void {
    while (this.#open[0]?.isDone) this.#behind = this.#open.shift()!.rev
    const rev = this.#behind
    if (rev === undefined) return
    this.#behind = undefined
    this.#saving = this.#saving.then(() => this.#save(rev))
  }
}
