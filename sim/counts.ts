/** How often everything happened that a run is to have had. */
export class Counts {
  readonly #counts = new Map<string, number>()

  add(what: string, times = 1): void {
    this.#counts.set(what, this.of(what) + times)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  addAll(others: Counts): void {
    for (const [what, times] of others.entries()) this.add(what, times)
  }

  entries(): [what: string, times: number][] {
    return [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1))
  }
}
