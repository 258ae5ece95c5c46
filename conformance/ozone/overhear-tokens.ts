import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** What a service token says; its signature is left where it was. */
export interface TokenClaims {
  iss: string
  aud: string
  lxm: string
  iat: number
  exp: number
  jti: string
}

/** Listens in on the tokens with which the HTTP server of this process at this address is called. */
export function overhearTokens(url: string): readonly TokenClaims[] {
  const port = Number(new URL(url).port)
  const tokens: TokenClaims[] = []
  subscribe('http.server.request.start', message => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket }
    const claims = request.headers.authorization?.split('.')[1]
    if (socket.localPort !== port || claims === undefined) return
    tokens.push(JSON.parse(Buffer.from(claims, 'base64url').toString()))
  })
  return tokens
}
