/** What is known of limits. Numbers of the chat service itself reach nobody through a PDS: only its refusals do. */
export interface RateLimitView {
  /** How many calls the PDS takes until `resetAt`, as it said last. */
  pds: { limit: number; remaining: number; resetAt: Date } | undefined
  /** Until when the chat service takes no more calls, where it has said so and that has not passed. */
  chatBlockedUntil: Date | undefined
}

/** Remembers what servers say about limits, for all clones of a client. */
export class RateLimits {
  #pds: RateLimitView['pds']
  #blockedUntilMs = 0

  /** A browser shows the headers to nobody, if the server does not let it: then nothing is known. */
  heard(headers: Headers): void {
    const [limit = 0, remaining = 0, reset = 0] = ['limit', 'remaining', 'reset'].map(name =>
      Number(headers.get(`ratelimit-${name}`) ?? Number.NaN),
    )
    if (limit + remaining + reset >= 0) this.#pds = { limit, remaining, resetAt: new Date(reset * 1000) }
  }

  blocked(untilMs: number): void {
    this.#blockedUntilMs = untilMs
  }

  view(nowMs: number): RateLimitView {
    const untilMs = this.#blockedUntilMs
    return { pds: this.#pds, chatBlockedUntil: untilMs > nowMs ? new Date(untilMs) : undefined }
  }
}
