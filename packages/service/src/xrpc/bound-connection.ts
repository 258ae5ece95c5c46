import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { hangUpMs, requestsPerConnectionMax, unreadBodyBytesMax } from '../limits.ts'

const workedOn = new WeakMap<Socket, number>()

/**
 * Whether one more request of this connection may be worked on; then `leave` follows. Node begins with each as it
 * arrives, before the answers to those ahead. Whoever sends too many is hung up on: answers go out in order, so
 * none of those behind could be refused before the others are done.
 */
export function enter({ socket }: IncomingMessage): boolean {
  const others = workedOn.get(socket) ?? 0
  if (others >= requestsPerConnectionMax) {
    socket.destroy()
    return false
  }
  workedOn.set(socket, others + 1)
  return true
}

export function leave({ socket }: IncomingMessage): void {
  workedOn.set(socket, workedOn.get(socket)! - 1)
}

const lastAnswers = new WeakMap<Socket, ServerResponse>()

/**
 * Whether the connection is still there when the answers ahead of this one are out. Waits for them: else whoever asks for
 * much and reads nothing would have all of it made and kept. Once for each request, in the order of their arrival.
 */
export async function itsTurn({ socket }: IncomingMessage, answer: ServerResponse): Promise<boolean> {
  const ahead = lastAnswers.get(socket)
  lastAnswers.set(socket, answer)
  if (ahead !== undefined && !ahead.closed) await new Promise(resolve => ahead.once('close', resolve))
  return !socket.destroyed
}

/** When the answer goes out: node reads on to the end of the body, for the next request; we do not read for ever. */
export function boundUnread(request: IncomingMessage): void {
  if (request.complete) return
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > unreadBodyBytesMax) hangUp(request)
  })
}

/** Later: a connection that is broken off while more arrives takes the answer with it, which the other side has not read. */
function hangUp(request: IncomingMessage): void {
  const { socket } = request
  request.removeAllListeners('data')
  request.pause()
  socket.end()
  const timer = setTimeout(() => socket.destroy(), hangUpMs)
  socket.once('close', () => clearTimeout(timer))
}
