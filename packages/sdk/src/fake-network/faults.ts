/** Something that goes wrong on purpose. */
export interface Fault {
  /** The NSID that it hits. Default: any of `chat.bsky.*`. */
  method?: string
  /** Answers with this status. Default 502, unless one of the next two is asked for. */
  status?: number
  /** The error's name in that answer. */
  error?: string
  /** Breaks the connection instead of answering. */
  cut?: boolean
  /** Never answers. */
  hang?: boolean
  /** `after`: what was asked for has happened by then. Default `before`. */
  when?: 'before' | 'after'
  /** How often. Default 1. */
  times?: number
  /** How probable it is at each call, 0 to 1. Default 1. */
  chance?: number
}

/** The faults that are still to come. */
export class Faults {
  readonly #random: () => number
  #left: (Fault & { times: number })[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  add(fault: Fault): void {
    this.#left.push({ ...fault, times: fault.times ?? 1 })
  }

  clear(): void {
    this.#left = []
  }

  /** The one that hits this call, used up by that. */
  take(method: string): Fault | undefined {
    const fault = this.#left.find(
      one =>
        one.times > 0 &&
        (one.method === undefined ? method.startsWith('chat.bsky.') : one.method === method) &&
        this.#random() < (one.chance ?? 1),
    )
    if (fault) fault.times -= 1
    return fault
  }
}
