/** The other side, as far as writing to it goes. */
export interface Port<Message> {
  postMessage(messages: Message[], moved: ArrayBuffer[]): void
}

/** `moved` is memory of the message that is handed over instead of copied. */
export type Post<Message> = (message: Message, moved?: ArrayBuffer) => void

/** With more, the other side waits idly for work that is there; with fewer, waking it costs more than what it is told. */
export const postedTogetherMax = 8

/**
 * Posts messages together, at the latest when this turn of the event loop ends. What is done to a message until the
 * next one is posted goes with it.
 */
export function createOutbox<Message>(port: Port<Message>): Post<Message> {
  let messages: Message[] = []
  let moved: ArrayBuffer[] = []
  let isRestDue = false

  function postAll(): void {
    const out = messages
    const movedOut = moved
    messages = []
    moved = []
    port.postMessage(out, movedOut)
  }

  function postRest(): void {
    isRestDue = false
    postAll()
  }

  return (message, bytes) => {
    if (messages.length === postedTogetherMax) postAll()
    messages.push(message)
    if (bytes !== undefined) moved.push(bytes)
    if (isRestDue) return
    isRestDue = true
    setImmediate(postRest)
  }
}
