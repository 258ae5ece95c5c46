import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A server of the network that the service asks, with an answer of its own for what names a hostile account. */
export interface Neighbour {
  origin: string
  port: number
  /** The URLs that were asked for, decoded. */
  asked: string[]
  /** Answers by a piece of the URL. */
  traps: Map<string, RequestListener>
  /** Bytes that went out, to all. */
  bytesSent(): number
  close(): Promise<void>
}

export async function startNeighbour(answer: (url: URL) => Answer): Promise<Neighbour> {
  const asked: string[] = []
  const traps: Neighbour['traps'] = new Map()
  const sockets: Socket[] = []
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url!)
    asked.push(url)
    const trap = [...traps].find(([piece]) => url.includes(piece))?.[1]
    if (trap) return trap(request, response)
    sendJson(response, answer(new URL(request.url!, 'http://localhost')))
  })
  server.on('connection', socket => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    traps,
    bytesSent: () => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface Answer {
  status?: number
  body: unknown
}

function sendJson(response: ServerResponse, { status = 200, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
