import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status?: number
  body: unknown
}

export interface JsonServer {
  origin: string
  server: Server
  close(): Promise<void>
}

/** A server on a free port of this machine that answers XRPC queries with JSON. */
export async function startJsonServer(
  answer: (nsid: string, params: URLSearchParams) => Answer,
): Promise<JsonServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    const { status = 200, body } = answer(url.pathname.replace('/xrpc/', ''), url.searchParams)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
