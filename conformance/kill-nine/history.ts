/** A send that the service answered with 200. `startedAt` and `answeredAt` are places in one order of moments. */
export interface Acknowledged {
  text: string
  sender: string
  id: string
  startedAt: number
  answeredAt: number
}

/** A message of a history, or of a log row. */
export interface Told {
  id: string
  text: string
  sender: string
}

/** A row of a log; `message` where the row tells of a new one. */
export interface LogRow {
  rev: string
  message: Told | undefined
}

/** What one account can read: its history oldest first, its log from the beginning. */
export interface Account {
  name: string
  history: Told[]
  log: LogRow[]
}

/** Where the promise is broken that every acknowledged message is there, once, in order, for everybody. */
export function brokenPromises(
  acknowledged: readonly Acknowledged[],
  accounts: readonly Account[],
): string[] {
  return accounts.flatMap(({ name, history, log }) => [
    ...compare(acknowledged, history).map(flaw => `history of ${name}: ${flaw}`),
    ...notRising(history.map(({ id }) => id)).map(id => `history of ${name}: ${id} is out of order`),
    ...overtaken(acknowledged, history).map(flaw => `history of ${name}: ${flaw}`),
    ...notRising(log.map(({ rev }) => rev)).map(rev => `log of ${name}: ${rev} is out of order`),
    ...differences(history, log, name),
  ])
}

/** Every acknowledged one once and as it was sent, and nothing else. */
function compare(acknowledged: readonly Acknowledged[], history: readonly Told[]): string[] {
  const expected = new Map(acknowledged.map(message => [message.id, message]))
  const flaws = history.flatMap(message => {
    const sent = expected.get(message.id)
    expected.delete(message.id)
    if (!sent) return [`${message.id} was not acknowledged, or is there twice`]
    return sent.text === message.text && sent.sender === message.sender ? [] : [`${message.id} is another`]
  })
  return [...flaws, ...[...expected.keys()].map(id => `${id} is lost`)]
}

function notRising(ids: readonly string[]): string[] {
  return ids.filter((id, place) => place > 0 && id <= ids[place - 1]!)
}

/** Of two sends that did not overlap, the earlier one stands first, whoever sent them. */
function overtaken(acknowledged: readonly Acknowledged[], history: readonly Told[]): string[] {
  const sends = new Map(acknowledged.map(message => [message.id, message]))
  const flaws: string[] = []
  let latestStart = 0
  for (const { id } of history) {
    const send = sends.get(id)
    if (!send) continue
    if (send.answeredAt < latestStart) flaws.push(`${id} stands after one that was sent later`)
    latestStart = Math.max(latestStart, send.startedAt)
  }
  return flaws
}

function differences(history: readonly Told[], log: readonly LogRow[], name: string): string[] {
  const told = log.flatMap(({ message }) => (message ? [message] : []))
  if (told.length !== history.length) {
    return [`log of ${name}: tells of ${told.length} messages, the history of ${history.length}`]
  }
  return history.flatMap(({ id, text, sender }, place) => {
    const row = told[place]!
    return row.id === id && row.text === text && row.sender === sender
      ? []
      : [`log of ${name}: ${row.id} where the history has ${id}`]
  })
}
