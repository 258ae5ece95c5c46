/** A server whose process is killed while messages are on their way. */
export interface Victim extends AsyncDisposable {
  name: string
  /** Sends, one at a time from each of the senders, until the process is killed after `ms`. Answers the promised. */
  sendUntilKilled(ms: number): Promise<Promised[]>
  /** Starts it again on what it left. */
  startAgain(): Promise<void>
  /** Ids of all messages that one receiver finds, with repetitions. */
  found(pair: number): Promise<string[]>
}

/** A message that its receiver or its sender was told is stored. */
export interface Promised {
  pair: number
  id: string
}

/** Closed loops, each with one message on its way. */
export const senders = 16

export interface Outcome {
  promised: number
  lost: number
  twice: number
}

export async function killAndCount(victim: Victim, ms: number): Promise<Outcome> {
  const promised = await victim.sendUntilKilled(ms)
  await victim.startAgain()
  const byPair = Map.groupBy(promised, ({ pair }) => pair)
  const outcome = { promised: promised.length, lost: 0, twice: 0 }
  for (const [pair, messages] of byPair) {
    const found = await victim.found(pair)
    const once = new Set(found)
    outcome.lost += messages.filter(({ id }) => !once.has(id)).length
    outcome.twice += found.length - once.size
  }
  return outcome
}
