import { ok } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'
import type { LoggedIn } from '../account.ts'
import type { Operator } from './operator.ts'

const method = 'chat.bsky.convo.listConvos'

/** A token for one method of the chat service, good for most of an hour. */
export async function serviceToken({ pds }: LoggedIn, chatDid: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 50 * 60
  const params = { aud: chatDid as Did, lxm: method, exp } as const
  return (await ok(pds.get('com.atproto.server.getServiceAuth', { params }))).token
}

/** How the chat service, called directly, answers who shows this token: `ok` or the name of the refusal. */
export async function callWith(chatUrl: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${chatUrl}/xrpc/${method}`, { headers })
  const { error } = (await answer.json()) as { error?: string }
  return answer.ok ? 'ok' : String(error)
}

/** As PDSes rotate keys: the new one first, then the DID document. */
export async function rotateKey({ pds, did }: LoggedIn, operator: Operator): Promise<void> {
  await operator.replaceKey(did)
  const { verificationMethods } = await ok(
    pds.get('com.atproto.identity.getRecommendedDidCredentials', { params: {} }),
  )
  await ok(pds.post('com.atproto.identity.requestPlcOperationSignature', { as: null }))
  const input = { token: operator.mailedCode(did, 'plc_operation'), verificationMethods }
  const { operation } = await ok(pds.post('com.atproto.identity.signPlcOperation', { input }))
  await ok(pds.post('com.atproto.identity.submitPlcOperation', { input: { operation }, as: null }))
}
