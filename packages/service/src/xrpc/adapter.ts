import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { invalidRequest } from '../errors.ts'
import {
  headersTimeoutMs,
  idleConnectionTimeoutMs,
  keepAliveTimeoutMs,
  nsidLengthMax,
  preflightAgeSec,
  requestTimeoutMs,
  shutdownTimeoutMs,
  timeoutCheckIntervalMs,
} from '../limits.ts'
import { type Logger, logFault } from '../logger.ts'
import { boundUnread, enter, itsTurn, leave } from './bound-connection.ts'
import {
  badHeadResponse,
  type ErrorResponse,
  errorResponse,
  notFoundResponse,
  unreadableRequestResponse,
  writtenOut,
} from './error-response.ts'
import { isStream, type Pipeline } from './pipeline.ts'
import { readBody } from './read-body.ts'
import { allHeaders, bodyBytesOf, queryOf } from './read-head.ts'
import type { NextRequestId } from './request-ids.ts'
import type { WebSockets } from './websockets.ts'
import type { Page } from './well-known.ts'

/** The service's front door. This file alone knows which HTTP library stands behind it. */
export interface HttpServer {
  /** Resolves with the port, which is another than the one asked for where that was 0. */
  listen(address: Address): Promise<number>
  /** Takes no new requests and waits for those in flight, at most `shutdownTimeoutMs`. */
  close(): Promise<void>
}

export interface Address {
  host: string
  port: number
  /** Whether others may listen there too, the system sharing out connections among them. Default false. */
  reusePort?: boolean
}

export interface HttpServerOptions {
  pipeline: Pipeline
  webSockets: WebSockets
  pages: readonly Page[]
  nextRequestId: NextRequestId
  logger: Logger
}

/** Browsers call us directly (behaviour.md 1.1); what we answer is private and never to be kept by caches. */
const commonHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

const preflightHeaders = {
  'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
  'access-control-allow-headers':
    'authorization, content-type, atproto-accept-labelers, atproto-proxy, x-bsky-topics',
  'access-control-max-age': String(preflightAgeSec),
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { pipeline, webSockets, pages, nextRequestId, logger } = options
  const app = fastify({
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: timeoutCheckIntervalMs,
      shouldUpgradeCallback: asksForWebSocket,
      // Node would refuse without a word.
      requireHostHeader: false,
    },
    genReqId: nextRequestId,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: idleConnectionTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Queries are read by the method's lexicon; the router need not.
    routerOptions: { maxParamLength: nsidLengthMax, querystringParser: () => ({}) },
    // Requests that are on their way while we shut down are answered like any other.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (_error, _request, reply) =>
      refuse(reply, errorResponse(invalidRequest('Malformed path'))),
  })
  leaveBodiesAlone(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(commonHeaders)
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      refuse(reply, badHeadResponse('Host'))
    else if (request.method === 'OPTIONS') reply.code(204).headers(preflightHeaders).send()
    else done()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    boundUnread(request.raw)
    done(null, payload)
  })
  for (const page of pages) {
    app.get(page.path, (_request, reply) => reply.type(page.contentType).send(page.body))
  }
  app.all<{ Params: { nsid: string } }>('/xrpc/:nsid', async (request, reply) => {
    const { raw } = request
    if (!enter(raw) || !(await itsTurn(raw, reply.raw))) return reply.hijack()
    const answer = await pipeline({
      requestId: request.id,
      verb: request.method === 'HEAD' ? 'GET' : request.method,
      nsid: request.params.nsid,
      query: queryOf(request.url),
      authorization: allHeaders(raw, 'authorization'),
      contentType: request.headers['content-type'],
      bodyBytes: bodyBytesOf(raw),
      body: bytesMax => readBody(raw, bytesMax),
      closed: () => closedSignal(reply.raw),
    })
    leave(raw)
    reply.code(answer.status).headers(answer.headers)
    return reply.send(isStream(answer.body) ? Readable.from(answer.body) : answer.body)
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, notFoundResponse()))
  app.setErrorHandler((error: { statusCode?: number }, request: FastifyRequest, reply) => {
    const isCallersFault = error.statusCode !== undefined && error.statusCode < 500
    if (!isCallersFault) logFault(logger, request.id, error)
    return refuse(reply, errorResponse(isCallersFault ? invalidRequest('Malformed request headers') : error))
  })
  app.server.on('upgrade', webSockets.upgrade)
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { status, body } = badHeadResponse('Expect')
    const text = JSON.stringify(body)
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    })
    response.end(text)
  })
  return { listen: address => listen(app, address), close: () => close(app, webSockets) }
}

function closedSignal(response: ServerResponse): AbortSignal {
  const closed = new AbortController()
  if (response.destroyed) closed.abort()
  else response.once('close', () => closed.abort())
  return closed.signal
}

/** Strangers must not make us parse: bodies wait, unread, until the pipeline asks for them. */
function leaveBodiesAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
}

function refuse(reply: FastifyReply, { status, headers, body }: ErrorResponse): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** Speaks HTTP by hand: what node could not read as a request never becomes one. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  socket.end(writtenOut(unreadableRequestResponse(error.code)))
}

/** Only these become WebSockets; who offers HTTP/2 (`Upgrade: h2c`) is answered in HTTP/1.1. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

async function listen(app: FastifyInstance, address: Address): Promise<number> {
  // A copy, because the library writes into what it is given.
  await app.listen({ ...address })
  return (app.server.address() as AddressInfo).port
}

const idleCheckMs = 100

async function close(app: FastifyInstance, webSockets: WebSockets): Promise<void> {
  const deadline = setTimeout(() => {
    app.server.closeAllConnections()
    webSockets.destroy()
  }, shutdownTimeoutMs)
  // Those that have a request in flight now are idle when it is answered, and would stay for the next.
  const idle = setInterval(() => app.server.closeIdleConnections(), idleCheckMs)
  webSockets.close()
  await app.close()
  clearTimeout(deadline)
  clearInterval(idle)
}
