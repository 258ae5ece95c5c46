import { type Did, isDid } from '@atcute/lexicons/syntax'
import { fieldsOf } from './body.ts'
import { ChatError } from './errors.ts'
import { normalizeHandle } from './handle-lookup.ts'
import { notify } from './hooks.ts'
import { type Args, argsSchema, checkArgs, flawOf, type MethodSchema, resolveActors } from './lexicon.ts'
import type { Destination, Login } from './login.ts'
import type { Lookup } from './lookup.ts'
import { exchange, type Patience, type WireRequest } from './transport.ts'

/** What a look-up needs. */
export interface LookupContext {
  login: Login
  handles: Lookup
  patience: Patience
}

/** What one call needs beside its arguments. */
export interface CallContext extends LookupContext {
  /** `did#id` of the service that the PDS shall pass the call on to. */
  proxy: string | undefined
  /** DIDs of those whose labels are wanted. */
  labelers: readonly string[]
  checkAnswers: boolean
}

/** Makes a call of any lexicon as the account that is logged in. */
export async function callMethod(context: CallContext, method: MethodSchema, given: Args): Promise<unknown> {
  const { login, patience, checkAnswers } = context
  const { transport } = login
  const args = await resolveActors(method, given, handle => resolveHandle(context, handle))
  checkArgs(method, args)
  const { body } = await login.authorized(method.nsid, patience, to =>
    exchange(transport, wireRequest(method, args, to, context), patience),
  )
  const flaw = checkAnswers ? flawOf(method, body) : undefined
  if (method.type === 'xrpc_query') {
    if (flaw === undefined) return body
    throw new ChatError('invalid-response', `${method.nsid} answered with ${flaw}`, { method: method.nsid })
  }
  // It happened. To throw now would look like a failure and invite a second send.
  if (flaw !== undefined)
    notify(transport.hooks, 'onWarning', { method: method.nsid, message: `answered with ${flaw}` })
  return body ?? {}
}

function wireRequest(
  method: MethodSchema,
  args: Args,
  { pds, accessJwt }: Destination,
  { proxy, labelers }: CallContext,
): WireRequest {
  const { nsid } = method
  const headers: Record<string, string> = {}
  if (accessJwt !== undefined) headers.authorization = `Bearer ${accessJwt}`
  if (proxy !== undefined) headers['atproto-proxy'] = proxy
  if (labelers.length > 0) headers['atproto-accept-labelers'] = labelers.join(', ')
  const url = `${pds}/xrpc/${nsid}`
  const answer = method.output?.type === 'blob' ? 'blob' : 'json'
  if (method.type === 'xrpc_query') {
    return { method: nsid, url: url + queryString(args), verb: 'GET', headers, answer }
  }
  if (!argsSchema(method)) return { method: nsid, url, verb: 'POST', headers, answer }
  headers['content-type'] = 'application/json'
  return { method: nsid, url, verb: 'POST', headers, body: JSON.stringify(args), answer }
}

function queryString(args: Args): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(args)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) query.append(name, String(one))
  }
  const text = query.toString()
  return text && `?${text}`
}

const HANDLE_TTL_MS = 10 * 60_000
const UNKNOWN_HANDLE_TTL_MS = 60_000

/** The DID of an actor. Asks the account's own PDS, which is trusted with everything else already. */
export async function findActor(context: LookupContext, actor: string): Promise<Did> {
  return isDid(actor) ? actor : resolveHandle(context, actor)
}

async function resolveHandle(context: LookupContext, written: string): Promise<Did> {
  const { login, handles, patience } = context
  const method = 'com.atproto.identity.resolveHandle'
  const handle = normalizeHandle(written)
  if (handle === undefined)
    throw new ChatError(
      'invalid-input',
      `Neither a DID nor a handle: ${JSON.stringify(written.slice(0, 80))}`,
      { method },
    )
  const ask = async () => {
    const { signal, ...shared } = patience
    try {
      const { body } = await login.authorized(method, shared, ({ pds }) => {
        const url = `${pds}/xrpc/${method}?handle=${encodeURIComponent(handle)}`
        return exchange(login.transport, { method, url, verb: 'GET', headers: {}, answer: 'json' }, shared)
      })
      const { did } = fieldsOf(body)
      return { value: isDid(did) ? did : undefined, ttlMs: HANDLE_TTL_MS }
    } catch (error) {
      if (!(error instanceof ChatError && error.status === 400)) throw error
      return { value: undefined, ttlMs: UNKNOWN_HANDLE_TTL_MS }
    }
  }
  const did = await handles.find(handle, { signal: patience.signal }, ask)
  if (did !== undefined) return did
  throw new ChatError('identity/unresolved', `${handle} points to no account`, { method })
}
