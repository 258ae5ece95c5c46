import { request } from 'node:http'
import { Agent } from '@atproto/api'
import type { Secp256k1Keypair } from '@atproto/crypto'
import { createServiceJwt } from '@atproto/xrpc-server'
import type { Devnet } from '@parley/devnet'

/** Somebody who calls the chat service itself, with tokens made for each call by the official library. */
export interface DirectCaller {
  net: Devnet
  /** As the token has it: a DID, or a DID and the fragment of a service. */
  iss: string
  key: Secp256k1Keypair
}

/** Its calls; each carries a token for the method that is called. */
export function callDirectly(caller: DirectCaller): Agent {
  return new Agent(async (path, init) => {
    const lxm = /^\/xrpc\/([^?]+)/.exec(path)![1]!
    const headers = new Headers(init.headers)
    headers.set('authorization', await bearer(caller, lxm))
    return fetch(new URL(path, caller.net.chat.url), { ...init, headers })
  })
}

/**
 * The status with which the chat service answers somebody who would read its moderation events; 101 is a yes, and
 * the stream is left at once.
 */
export async function subscribeToModEvents(net: Devnet, authorization?: string): Promise<number> {
  const asking = request(`${net.chat.url}/xrpc/chat.bsky.moderation.subscribeModEvents`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-version': '13',
      ...(authorization !== undefined && { authorization }),
    },
  })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  asking.on('upgrade', ({ statusCode }, socket) => {
    socket.destroy()
    resolve(statusCode!)
  })
  asking.on('response', answer => {
    answer.resume()
    resolve(answer.statusCode!)
  })
  asking.on('error', reject)
  asking.end()
  return promise
}

export async function bearer({ net, iss, key }: DirectCaller, lxm: string): Promise<string> {
  type Params = Parameters<typeof createServiceJwt>[0]
  const claims = { iss, aud: net.chat.did, lxm } as Pick<Params, 'iss' | 'aud' | 'lxm'>
  return `Bearer ${await createServiceJwt({ ...claims, keypair: key })}`
}
