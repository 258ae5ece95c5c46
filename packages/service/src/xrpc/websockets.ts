import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { AppError, invalidRequest } from '../errors.ts'
import type { SubscriptionLimits } from '../limits.ts'
import { type Logger, logFault } from '../logger.ts'
import { type ErrorResponse, errorResponse, notFoundResponse, writtenOut } from './error-response.ts'
import { errorFrame, type Frame, type Framing } from './frame.ts'
import { allHeaders, queryOf } from './read-head.ts'
import type { NextRequestId } from './request-ids.ts'
import type { EventStream, OpenSubscription } from './subscriptions.ts'

/** Subscriptions over WebSocket. This file alone knows which library speaks it. */
export interface WebSockets {
  /** For a request that asks to become a WebSocket, with the connection that is ours from here on. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void
  /** Opens no more, and asks the other sides to close. */
  close(): void
  /** Ends what is still open. */
  destroy(): void
}

export interface WebSocketsOptions {
  open: OpenSubscription
  limits: SubscriptionLimits
  nextRequestId: NextRequestId
  logger: Logger
}

/** Close codes of RFC 6455. */
const closeCodes = { finished: 1000, goingAway: 1001, refused: 1008 }

/** What a client may name among its subprotocols. To one that insists on another framing, the handshake offers none. */
const subprotocols: Record<Framing, string> = { cbor: 'xrpc.v0.cbor', json: 'xrpc.v0.json' }

/** Browsers can send no header of their own with a handshake, so they name their token here. */
const tokenSubprotocol = /^bearer\.(?=.)/

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { open, limits, nextRequestId, logger } = options
  const connections = new Set<Duplex>()
  let isClosing = false
  const servers = { cbor: createServer('cbor'), json: createServer('json') }

  function createServer(framing: Framing): WebSocketServer {
    const subprotocol = subprotocols[framing]
    const settings = {
      noServer: true,
      maxPayload: limits.receivedBytesMax,
      closeTimeout: limits.closeTimeoutMs,
      handleProtocols: (offered: Set<string>) => offered.has(subprotocol) && subprotocol,
    }
    return new WebSocketServer(settings).on('wsClientError', (_error, connection) => {
      const refusal = errorResponse(invalidRequest('Malformed WebSocket handshake'))
      refuse(connection, refusal, limits.closeTimeoutMs)
    })
  }

  async function upgrade(
    requestId: string,
    request: IncomingMessage,
    connection: Duplex,
    head: Buffer,
  ): Promise<void> {
    const closed = follow(connection)
    const nsid = /^\/xrpc\/([^/?]+)(?:\?|$)/.exec(request.url!)?.[1]
    if (nsid === undefined) return refuse(connection, notFoundResponse(), limits.closeTimeoutMs)
    const opening = await open({
      requestId,
      nsid,
      query: queryOf(request.url!),
      authorization: credentialsOf(request),
      closed,
    })
    if ('refusal' in opening) return refuse(connection, opening.refusal, limits.closeTimeoutMs)
    const { stream } = opening
    if (isClosing) {
      const refusal = errorResponse(new AppError('ServiceUnavailable', 'Shutting down; try again later'))
      refuse(connection, refusal, limits.closeTimeoutMs)
      return stream.ended(refusal.body.error)
    }
    const socket = shakeHands(servers[stream.framing], { request, connection, head })
    stream.ended(socket === undefined ? 'InvalidRequest' : await serve(socket, stream, limits))
  }

  /** Aborted when the connection has closed. Whoever fails to hear its errors ends the process. */
  function follow(connection: Duplex): AbortSignal {
    const closed = new AbortController()
    connections.add(connection)
    connection.on('error', () => {})
    connection.once('close', () => {
      connections.delete(connection)
      closed.abort()
    })
    return closed.signal
  }

  return {
    upgrade(request, connection, head) {
      const requestId = nextRequestId()
      upgrade(requestId, request, connection, head).catch(cause => {
        logFault(logger, requestId, cause)
        connection.destroy()
      })
    },
    close() {
      isClosing = true
      for (const { clients } of Object.values(servers))
        for (const socket of clients) socket.close(closeCodes.goingAway, 'Shutting down')
    },
    destroy() {
      for (const connection of connections) connection.destroy()
    },
  }
}

interface Handshake {
  request: IncomingMessage
  connection: Duplex
  head: Buffer
}

/** `undefined` where the handshake was none, which has been answered then. */
function shakeHands(
  server: WebSocketServer,
  { request, connection, head }: Handshake,
): WebSocket | undefined {
  let opened: WebSocket | undefined
  server.handleUpgrade(request, connection, head, socket => {
    opened = socket
  })
  return opened
}

function credentialsOf(request: IncomingMessage): string[] {
  const offered = allHeaders(request, 'sec-websocket-protocol').flatMap(header => header.split(','))
  const tokens = offered.map(one => one.trim()).filter(one => tokenSubprotocol.test(one))
  return [
    ...allHeaders(request, 'authorization'),
    ...tokens.map(token => token.replace(tokenSubprotocol, 'Bearer ')),
  ]
}

/** One frame at a time, so that no more than one waits here. Resolves with the name of the error that ended it. */
async function serve(
  socket: WebSocket,
  { frames, framing }: EventStream,
  limits: SubscriptionLimits,
): Promise<string | undefined> {
  // What the other side breaks off or gets wrong closes the connection; there is nothing to add.
  socket.on('error', () => {})
  hangUpOnTheDead(socket, limits.pingIntervalMs)
  hangUpOnTheTalkative(socket, limits.receivedMessagesMax)
  for await (const { data, error } of frames) {
    const inTime = await send(socket, data, limits.frameTimeoutMs)
    if (!inTime) return sayTooSlow(socket, framing)
    if (socket.readyState !== WebSocket.OPEN) return undefined
    if (error !== undefined) {
      socket.close(closeCodes.refused, error)
      return error
    }
  }
  socket.close(closeCodes.finished)
  return undefined
}

/** Whether the system took all of `data` from us, or the connection ended, within the time for it. */
function send(socket: WebSocket, data: Frame['data'], timeoutMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), timeoutMs)
    socket.send(data, () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

function hangUpOnTheDead(socket: WebSocket, pingIntervalMs: number): void {
  let isAlive = true
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, pingIntervalMs)
  socket.on('pong', () => {
    isAlive = true
  })
  socket.once('close', () => clearInterval(timer))
}

/** Each message costs us its reading, though nobody wants it. */
function hangUpOnTheTalkative(socket: WebSocket, messagesMax: number): void {
  let messages = 0
  socket.on('message', () => {
    messages += 1
    if (messages <= messagesMax) return
    socket.close(closeCodes.refused, 'Nothing is read here')
    socket.pause()
  })
}

function sayTooSlow(socket: WebSocket, framing: Framing): string {
  const refusal = new AppError('ConsumerTooSlow', 'Frames were not taken in time: read faster, or open fewer')
  const { body } = errorResponse(refusal)
  socket.send(errorFrame(body, framing).data)
  socket.close(closeCodes.refused, body.error)
  return body.error
}

/** Ends the connection even where the other side would keep it open, or reads nothing. */
function refuse(connection: Duplex, refusal: ErrorResponse, timeoutMs: number): void {
  const timer = setTimeout(() => connection.destroy(), timeoutMs)
  connection.once('finish', () => connection.destroy())
  connection.once('close', () => clearTimeout(timer))
  connection.end(writtenOut(refusal))
}
