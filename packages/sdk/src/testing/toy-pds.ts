import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a PDS of these tests received it. */
export interface Received {
  method: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

/** What to answer with, unless its fate is to hang or to lose the line. */
export interface Reply {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
  fate?: 'hang' | 'hang-after-headers' | 'cut' | 'cut-after-headers'
}

export type Handler = (request: Received) => Reply | Promise<Reply>

/** A small HTTP server on loopback that plays a PDS and the chat service behind it. */
export interface ToyPds extends AsyncDisposable {
  url: string
  /** Everything it was asked, in order. */
  received: Received[]
  /** How often a method was asked for. */
  count(method: string): number
  /** Answers a method from now on. */
  on(method: string, handler: Handler): void
}

export const ALICE = 'did:plc:alicealicealicealicealice'
export const BOB = 'did:plc:bobbobbobbobbobbobbobbob'

export interface TokenClaims {
  scope?: string
  issuedAtMs?: number
  lifetimeMs?: number
}

let tokens = 0

/** A token that looks like a PDS's. Nobody here checks signatures. */
export function token(claims: TokenClaims = {}): string {
  const { scope = 'com.atproto.appPassPrivileged', issuedAtMs = Date.now(), lifetimeMs = 7_200_000 } = claims
  const iat = Math.floor(issuedAtMs / 1000)
  const payload = { scope, sub: ALICE, iat, exp: iat + lifetimeMs / 1000, jti: tokens++ }
  return ['{"alg":"none"}', JSON.stringify(payload), 'signature']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')
}

export function sessionAnswer(claims: TokenClaims = {}, pds?: string) {
  const service = { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: pds }
  return {
    did: ALICE,
    handle: 'alice.test',
    accessJwt: token(claims),
    refreshJwt: token({ scope: 'com.atproto.refresh' }),
    ...(pds === undefined ? {} : { didDoc: { id: ALICE, service: [service] } }),
  }
}

export function refusal(status: number, error: string, message: string, headers = {}): Reply {
  return { status, headers, json: { error, message } }
}

export const convo = {
  id: 'convo1',
  rev: '3kaaaaaaaaaa2',
  members: [
    { did: ALICE, handle: 'alice.test', displayName: 'Alice' },
    { did: BOB, handle: 'bob.test' },
  ],
  muted: false,
  unreadCount: 0,
}

export const message = {
  $type: 'chat.bsky.convo.defs#messageView',
  id: 'message1',
  rev: '3kaaaaaaaaaa3',
  text: 'hello',
  sender: { did: ALICE },
  sentAt: '2026-11-22T10:00:00.000Z',
}

/** Starts one on which alice.test can log in, look up bob.test, and list and send. */
export async function startPds(): Promise<ToyPds> {
  const received: Received[] = []
  const handlers = new Map<string, Handler>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const method = url.pathname.replace('/xrpc/', '')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const body = text === '' ? {} : JSON.parse(text)
    const seen = { method, query: url.searchParams, headers: request.headers, body }
    received.push(seen)
    const handler = handlers.get(method)
    answer(
      response,
      handler ? await handler(seen) : refusal(501, 'MethodNotImplemented', 'Method Not Implemented'),
    )
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const on: ToyPds['on'] = (method, handler) => handlers.set(method, handler)
  on('com.atproto.server.createSession', () => ({ json: sessionAnswer({}, url) }))
  on('com.atproto.server.refreshSession', () => ({ json: sessionAnswer({}, url) }))
  on('com.atproto.server.deleteSession', () => ({}))
  on('com.atproto.identity.resolveHandle', ({ query }) =>
    query.get('handle') === 'bob.test'
      ? { json: { did: BOB } }
      : refusal(400, 'InvalidRequest', 'Unable to resolve handle'),
  )
  on('chat.bsky.convo.listConvos', () => ({ json: { convos: [convo] } }))
  on('chat.bsky.convo.getConvoForMembers', () => ({ json: { convo } }))
  on('chat.bsky.convo.sendMessage', () => ({ json: message }))
  return {
    url,
    received,
    count: method => received.filter(request => request.method === method).length,
    on,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}

function answer(response: ServerResponse, reply: Reply): void {
  const {
    status = 200,
    headers = {},
    json,
    text = json === undefined ? '' : JSON.stringify(json),
    fate,
  } = reply
  if (fate === 'hang') return
  if (fate === 'cut') return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  if (fate === 'hang-after-headers') return void response.write('{"id":')
  if (fate === 'cut-after-headers') return void response.write('{"id":', () => response.destroy())
  response.end(text)
}
