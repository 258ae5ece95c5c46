import { Client, ok, simpleFetchHandler } from '@atcute/client'
import type { Handle } from '@atcute/lexicons/syntax'
import type { LoggedIn } from '../account.ts'
import type { Operator } from './operator.ts'
import { logInAt, password } from './resident.ts'

/** Moves the account as its owner would: account, records, identity, and only then from the one to the other. */
export async function move(
  account: LoggedIn,
  { from, to }: { from: Operator; to: string },
): Promise<LoggedIn> {
  const { pds: old, did } = account
  await createAccount(account, to)
  const moved = await logInAt(to, did)

  const repo = await ok(old.get('com.atproto.sync.getRepo', { params: { did }, as: 'bytes' }))
  const input = new Blob([repo as Uint8Array<ArrayBuffer>], { type: 'application/vnd.ipld.car' })
  await ok(moved.pds.post('com.atproto.repo.importRepo', { input, as: null }))

  const credentials = await ok(
    moved.pds.get('com.atproto.identity.getRecommendedDidCredentials', { params: {} }),
  )
  await ok(old.post('com.atproto.identity.requestPlcOperationSignature', { as: null }))
  const signed = { ...credentials, token: from.mailedCode(did, 'plc_operation') }
  const { operation } = await ok(old.post('com.atproto.identity.signPlcOperation', { input: signed }))
  await ok(moved.pds.post('com.atproto.identity.submitPlcOperation', { input: { operation }, as: null }))

  await ok(moved.pds.post('com.atproto.server.activateAccount', { as: null }))
  await ok(old.post('com.atproto.server.deactivateAccount', { input: {}, as: null }))
  return moved
}

/** Not active yet, under the DID that there is. */
async function createAccount({ pds, did, handle }: LoggedIn, service: string): Promise<void> {
  const rpc = new Client({ handler: simpleFetchHandler({ service }) })
  const { did: aud } = await ok(rpc.get('com.atproto.server.describeServer', {}))
  const params = { aud, lxm: 'com.atproto.server.createAccount' } as const
  const { token } = await ok(pds.get('com.atproto.server.getServiceAuth', { params }))
  const headers = { authorization: `Bearer ${token}` }
  const input = { did, handle: handle as Handle, password, email: `${handle}@example.com` }
  await ok(rpc.post('com.atproto.server.createAccount', { headers, input }))
}
