import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Duplex, Readable } from 'node:stream'
import type { InMemoryService } from '@parley/service/in-memory'

/** A network as it listens on this machine. */
export interface Listening extends AsyncDisposable {
  /** What other programs give as the address of their PDS. */
  url: string
}

/** What stands behind the port. */
export interface Answering {
  fetch: typeof globalThis.fetch
  /** Of live streams. */
  upgrade: InMemoryService['upgrade']
}

/** Answers over HTTP what `fetch` answers, on loopback only. */
export async function listen({ fetch, upgrade }: Answering, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    if (request.method === 'OPTIONS') return allow(request, response)
    answer(fetch, request, response).catch(() => response.destroy())
  })
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, connection, head) => {
    upgraded.add(connection)
    connection.once('close', () => upgraded.delete(connection))
    upgrade(request, connection, head)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      for (const connection of upgraded) connection.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Pages of any origin may ask, as of a real PDS; and as there, they see no headers of the answers. */
function allow({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': '86400',
  })
  response.end()
}

async function answer(
  fetch: typeof globalThis.fetch,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  const { method = 'GET', headers, url = '/' } = request
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const answered = await fetch(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
    signal: closed.signal,
    ...(hasBody && { body: Readable.toWeb(request) as ReadableStream<Uint8Array>, duplex: 'half' as const }),
  })
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.end(Buffer.from(await answered.arrayBuffer()))
}
