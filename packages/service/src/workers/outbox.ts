/** The other side, as far as writing to it goes. */
export interface Port<Message> {
  postMessage(messages: Message[]): void
}

/**
 * Posts messages together: waking the other side costs more than what it is told. What is done to a message before
 * this turn of the event loop ends goes with it.
 */
export function createOutbox<Message>(port: Port<Message>): (message: Message) => void {
  let messages: Message[] = []

  function post(): void {
    const out = messages
    messages = []
    port.postMessage(out)
  }

  return message => {
    messages.push(message)
    if (messages.length === 1) setImmediate(post)
  }
}
