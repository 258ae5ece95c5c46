import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What a service answered, as it stood on the wire. */
export interface Answer {
  verb: string
  /** Without the query. */
  path: string
  status: number
  contentType: string | undefined
  body: string
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  socket: Socket
}

/**
 * Listens in on the HTTP server of this process at this address; the list grows while the server answers. It hears
 * what the service says rather than what a PDS makes of it on the way to the client, and neither of them knows.
 */
export function overhear(url: string): readonly Answer[] {
  const port = Number(new URL(url).port)
  const answers: Answer[] = []
  subscribe('http.server.request.start', message => {
    const { request, response, socket } = message as Exchange
    if (socket.localPort === port) collect(request, response, answer => answers.push(answer))
  })
  return answers
}

function collect(request: IncomingMessage, response: ServerResponse, heard: (answer: Answer) => void): void {
  const parts: Buffer[] = []
  const keep = (part: unknown) => {
    if (typeof part === 'string') parts.push(Buffer.from(part))
    else if (part instanceof Uint8Array) parts.push(Buffer.from(part))
  }
  const { write, end } = response
  response.write = function (this: ServerResponse, ...args: unknown[]) {
    keep(args[0])
    return Reflect.apply(write, this, args)
  } as typeof write
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    keep(args[0])
    heard({
      verb: request.method ?? '',
      path: (request.url ?? '').split('?')[0]!,
      status: response.statusCode,
      contentType: contentTypeOf(response),
      body: Buffer.concat(parts).toString(),
    })
    return Reflect.apply(end, this, args)
  } as typeof end
}

/** A framework may write its headers in one go, past `setHeader`: then only the head that was sent knows them. */
function contentTypeOf(response: ServerResponse): string | undefined {
  const named = response.getHeader('content-type')
  if (named !== undefined) return String(named)
  return /^content-type: *(.+?)\r?$/im.exec((response as { _header?: string })._header ?? '')?.[1]
}
