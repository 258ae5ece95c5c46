/** A message as an answer shows it. */
export interface SeenMessage {
  id: string
  text: string
  /** In an export it is the DID alone. */
  sender: { did: string } | string
}

/** A convo as an answer shows it. */
export interface SeenConvo {
  id: string
  rev: string
  unreadCount: number
  members: unknown[]
}

export interface Sight {
  messages: SeenMessage[]
  convos: SeenConvo[]
}

/** Everything in an answer that is a message or a convo, however deep. */
export function lookThrough(answer: unknown): Sight {
  const sight: Sight = { messages: [], convos: [] }
  walk(answer, sight)
  return sight
}

function walk(value: unknown, sight: Sight): void {
  if (typeof value !== 'object' || value === null) return
  if (isMessage(value)) sight.messages.push(value)
  if (isConvo(value)) sight.convos.push(value)
  for (const inner of Object.values(value)) walk(inner, sight)
}

function isMessage(value: object): value is SeenMessage {
  return 'text' in value && 'id' in value && 'sender' in value
}

function isConvo(value: object): value is SeenConvo {
  return 'unreadCount' in value && 'rev' in value && 'members' in value
}
