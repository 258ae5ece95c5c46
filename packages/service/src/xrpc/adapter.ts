import type { IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { invalidRequest } from '../errors.ts'
import {
  headersTimeoutMs,
  keepAliveTimeoutMs,
  nsidLengthMax,
  preflightAgeSec,
  requestTimeoutMs,
  shutdownTimeoutMs,
  timeoutCheckIntervalMs,
} from '../limits.ts'
import { type Logger, logFault } from '../logger.ts'
import {
  type ErrorResponse,
  errorResponse,
  notFoundResponse,
  unreadableRequestResponse,
} from './error-response.ts'
import type { Pipeline } from './pipeline.ts'
import { readBody } from './read-body.ts'
import type { Page } from './well-known.ts'

/** The service's front door. This file alone knows which HTTP library stands behind it. */
export interface HttpServer {
  /** Resolves with the port, which is another than the one asked for where that was 0. */
  listen(address: { host: string; port: number }): Promise<number>
  /** Takes no new requests and waits for those in flight, at most `shutdownTimeoutMs`. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  pipeline: Pipeline
  pages: readonly Page[]
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

export function createHttpServer({ pipeline, pages, logger }: HttpServerOptions): HttpServer {
  const app = fastify({
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: timeoutCheckIntervalMs },
    requestTimeout: requestTimeoutMs,
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
    if (request.method === 'OPTIONS') reply.code(204).headers(preflightHeaders).send()
    else done()
  })
  for (const page of pages) {
    app.get(page.path, (_request, reply) => reply.type(page.contentType).send(page.body))
  }
  app.all<{ Params: { nsid: string } }>('/xrpc/:nsid', async (request, reply) => {
    const { raw } = request
    const answer = await pipeline({
      requestId: request.id,
      verb: request.method === 'HEAD' ? 'GET' : request.method,
      nsid: request.params.nsid,
      query: queryOf(request.url),
      authorization: allHeaders(raw, 'authorization'),
      contentType: request.headers['content-type'],
      body: bytesMax => readBody(raw, bytesMax),
    })
    reply.code(answer.status).headers(answer.headers)
    return reply.send(typeof answer.body === 'string' ? answer.body : Readable.from(answer.body))
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, notFoundResponse()))
  app.setErrorHandler((error: { statusCode?: number }, request: FastifyRequest, reply) => {
    const isCallersFault = error.statusCode !== undefined && error.statusCode < 500
    if (!isCallersFault) logFault(logger, request.id, error)
    return refuse(reply, errorResponse(isCallersFault ? invalidRequest('Malformed request headers') : error))
  })
  return { listen: address => listen(app, address), close: () => close(app) }
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
  const { status, body } = unreadableRequestResponse(error.code)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json; charset=utf-8',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
}

function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start + 1)
}

/** Node keeps only the first of several `Authorization` headers; the raw list has them all. */
function allHeaders({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() === name) values.push(rawHeaders[at + 1]!)
  }
  return values
}

async function listen(app: FastifyInstance, address: { host: string; port: number }): Promise<number> {
  // A copy, because the library writes into what it is given.
  await app.listen({ ...address })
  return (app.server.address() as AddressInfo).port
}

async function close(app: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), shutdownTimeoutMs)
  await app.close()
  clearTimeout(deadline)
}
