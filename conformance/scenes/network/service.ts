import { AtpAgent, XRPCError } from '@atproto/api'
import type { Call, Method } from '../methods.ts'
import { Refusal } from '../refusal.ts'

/** Where the scenes are played. */
export interface Service {
  /** URL of the PDS that the actors have accounts on. */
  pds: string
  /** DID of the chat service. */
  chatDid: string
  /** URL of the chat service, for calls that do not go through the PDS. */
  url: string
  /** All calls go straight to `url`, with tokens that the PDS signs. */
  direct: boolean
}

/** Calls for somebody who is logged in. */
export function callAs(agent: AtpAgent, service: Service): Call {
  if (!service.direct) {
    const chat = agent.withProxy('bsky_chat', service.chatDid)
    return (method, given) => xrpc(chat, method, given)
  }
  const chat = new AtpAgent({ service: service.url })
  return async (method, given) => xrpc(chat, method, given, await tokenFor(agent, service, method.nsid))
}

async function tokenFor(agent: AtpAgent, service: Service, lxm: string) {
  const { data } = await agent.com.atproto.server.getServiceAuth({ aud: service.chatDid, lxm })
  return { authorization: `Bearer ${data.token}` }
}

/** The text of `chat.bsky.actor.exportAccountData`: raw, because it is not the JSON that clients take it for. */
export async function readExport(agent: AtpAgent, service: Service): Promise<string> {
  const nsid = 'chat.bsky.actor.exportAccountData'
  const response = service.direct
    ? await fetch(`${service.url}/xrpc/${nsid}`, { headers: await tokenFor(agent, service, nsid) })
    : await agent.withProxy('bsky_chat', service.chatDid).fetchHandler(`/xrpc/${nsid}`, { method: 'GET' })
  if (!response.ok) throw new Error(`${nsid} answers ${response.status}`)
  return response.text()
}

/** Calls without a login. */
export function callAsNobody(service: Service): Call {
  const chat = new AtpAgent({ service: service.url })
  return (method, given) => xrpc(chat, method, given)
}

/** The client holds the answer to the official lexicon. */
async function xrpc(
  chat: Pick<AtpAgent, 'call'>,
  { nsid, kind, takesInput }: Method,
  given: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const params = kind === 'query' ? given : undefined
  const input = takesInput ? given : undefined
  const encoding = takesInput ? { encoding: 'application/json' } : {}
  try {
    const { data } = await chat.call(nsid, params as Record<string, string>, input, { ...encoding, headers })
    return data
  } catch (error) {
    if (error instanceof XRPCError && isRefusal(error)) throw new Refusal(error.error, error.message)
    throw error
  }
}

/** Not a fault, and not a failure of the network or of the answer, for which the client has low numbers. */
function isRefusal({ status }: XRPCError): boolean {
  return (status >= 400 && status < 500) || status === 501
}
