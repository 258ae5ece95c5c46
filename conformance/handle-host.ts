import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface HandleHostOptions {
  pdsUrl: string
  /** For the names of the handles, PEM. */
  certificate: { cert: string; key: string }
}

export interface HandleHost extends AsyncDisposable {
  /** For HTTPS_PROXY. */
  proxyUrl: string
  /** Hosts that were asked for, in order. */
  asked: readonly string[]
}

/**
 * The web servers of all handles under `.test`, for programs that resolve handles as on the open network: a CONNECT
 * proxy behind which every https://<handle>.test leads to the PDS, by TLS and under its own name, as a PDS's wildcard
 * host does. It leads nowhere else.
 */
export async function startHandleHost({ pdsUrl, certificate }: HandleHostOptions): Promise<HandleHost> {
  const web = createHttpsServer(certificate, (asking, answering) => passOn(pdsUrl, asking, answering))
  const asked: string[] = []
  const proxy = createHttpServer((_asking, answering) => answering.writeHead(403).end())
  proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    const handle = /^([a-z0-9-]+\.test):443$/.exec(url)?.[1]
    if (handle === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    asked.push(handle)
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    socket.unshift(head)
    web.emit('connection', socket)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      web.closeAllConnections()
      proxy.closeAllConnections()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

function passOn(pdsUrl: string, { method, url, headers }: IncomingMessage, answering: ServerResponse): void {
  // The PDS tells accounts apart by the host that was asked for.
  const onward = request(pdsUrl, { method, path: url, headers: { host: headers.host } })
  onward.on('response', answer => {
    answering.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(answering)
  })
  onward.on('error', () => answering.writeHead(502).end())
  onward.end()
}
