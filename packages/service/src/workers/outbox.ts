/** The other side, as far as writing to it goes. */
export interface Port<Message> {
  postMessage(messages: Message[], moved: ArrayBuffer[]): void
}

/** `moved` is memory of the message that is handed over instead of copied. */
export type Post<Message> = (message: Message, moved?: ArrayBuffer) => void

/**
 * Posts messages together: waking the other side costs more than what it is told. What is done to a message before
 * this turn of the event loop ends goes with it.
 */
export function createOutbox<Message>(port: Port<Message>): Post<Message> {
  let messages: Message[] = []
  let moved: ArrayBuffer[] = []

  function postAll(): void {
    const out = messages
    const movedOut = moved
    messages = []
    moved = []
    port.postMessage(out, movedOut)
  }

  return (message, bytes) => {
    messages.push(message)
    if (bytes !== undefined) moved.push(bytes)
    if (messages.length === 1) setImmediate(postAll)
  }
}
