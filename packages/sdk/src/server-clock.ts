/** How far the servers' clock is ahead of ours, by the `Date` of their answers: to the second, as far as it is known. */
export class ServerClock {
  #aheadMs = 0

  get aheadMs(): number {
    return this.#aheadMs
  }

  /** A browser shows the header to nobody, if the server does not let it: then nothing is known. */
  heard(date: string | null, nowMs: number): void {
    const saidMs = Date.parse(date ?? '')
    if (!Number.isNaN(saidMs)) this.#aheadMs = saidMs - nowMs
  }
}
