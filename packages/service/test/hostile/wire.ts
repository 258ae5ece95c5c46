import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number
  /** Names in small letters. */
  headers: Map<string, string>
  body: string
}

/** All that came back on one connection. */
export interface Exchange {
  answers: WireAnswer[]
  /** Bytes that the system took from us before the connection ended. */
  bytesTaken: number
}

/** One that never ends is a failure of the test, however slow the machine. */
const deadlineMs = 60_000

/** Sends bytes as they are and waits until the other side has closed the connection. */
export async function say(port: number, ...pieces: (string | Uint8Array)[]): Promise<Exchange> {
  return hearOut(await dial(port), pieces)
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends `pieces`, as fast as the other side takes them, and collects until it has closed. */
export async function hearOut(socket: Socket, pieces: Iterable<string | Uint8Array>): Promise<Exchange> {
  const received: Buffer[] = []
  const ended = Promise.withResolvers<void>()
  socket.on('data', (data: Buffer) => received.push(data))
  socket.once('end', () => ended.resolve())
  socket.once('close', () => ended.resolve())
  const timer = setTimeout(() => ended.reject(new Error('the connection stays open')), deadlineMs)
  try {
    await Promise.race([ended.promise, send(socket, pieces)])
    await ended.promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
  return {
    answers: readAnswers(Buffer.concat(received)),
    bytesTaken: socket.bytesWritten - socket.writableLength,
  }
}

async function send(socket: Socket, pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.readableEnded) return
    if (socket.write(piece)) continue
    const drained = Promise.withResolvers<void>()
    const wake = () => drained.resolve()
    for (const event of ['drain', 'close', 'end']) socket.once(event, wake)
    await drained.promise
    for (const event of ['drain', 'close', 'end']) socket.off(event, wake)
  }
}

/** Every answer of ours says its length, but those without a body. */
function readAnswers(bytes: Buffer): WireAnswer[] {
  const answers: WireAnswer[] = []
  let rest = bytes.toString('latin1')
  while (rest.startsWith('HTTP/1.1 ')) {
    const headEnd = rest.indexOf('\r\n\r\n')
    if (headEnd === -1) break
    const [statusLine, ...lines] = rest.slice(0, headEnd).split('\r\n')
    const headers = new Map(lines.map(line => pair(line)))
    const length = Number(headers.get('content-length') ?? 0)
    const body = rest.slice(headEnd + 4, headEnd + 4 + length)
    const status = Number(statusLine!.split(' ')[1])
    if (status >= 200) answers.push({ status, headers, body: Buffer.from(body, 'latin1').toString() })
    rest = rest.slice(headEnd + 4 + length)
  }
  return answers
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** The answers in a word or two each: `answered`, or the status and the name of the error. */
export function wordsOf({ answers }: Exchange): string {
  return answers.length === 0 ? 'closed' : answers.map(answer => wordOf(answer)).join(', ')
}

export function wordOf({ status, body }: Pick<WireAnswer, 'status' | 'body'>): string {
  if (status < 400) return 'answered'
  return `${status} ${errorName(body)}`
}

/** The name, where the body is a refusal in the form that all of ours have. */
function errorName(body: string): string {
  try {
    const refusal = JSON.parse(body)
    const isRefusal = Object.keys(refusal).join() === 'error,message' && refusal.message.length > 0
    return isRefusal ? refusal.error : 'of another form'
  } catch {
    return 'without a name'
  }
}
