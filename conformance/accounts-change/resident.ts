import type {} from '@atcute/atproto'
import type {} from '@atcute/bluesky'
import { Client, ok, simpleFetchHandler } from '@atcute/client'
import type { Did, Handle, Nsid, RecordKey } from '@atcute/lexicons/syntax'
import { PasswordSession } from '@atcute/password-session'
import { type LoggedIn, wellKnownChat } from '../account.ts'

export const password = 'a password of nobody'

/** A new account on a PDS, logged in. */
export async function join(service: string, name: string): Promise<LoggedIn> {
  const rpc = new Client({ handler: simpleFetchHandler({ service }) })
  const input = { handle: `${name}.test` as Handle, password, email: `${name}@example.com` }
  const { did } = await ok(rpc.post('com.atproto.server.createAccount', { input }))
  return logInAt(service, did)
}

export async function logInAt(service: string, did: Did): Promise<LoggedIn> {
  const session = await PasswordSession.login({ service, identifier: did, password })
  const pds = new Client({ handler: session })
  return { did, handle: session.session.handle, pds, chat: pds.clone({ proxy: wellKnownChat }) }
}

/** A record in the place of the one that there may be; the answer is its URI. */
export async function putSelf({ pds, did }: LoggedIn, collection: Nsid, fields: object): Promise<string> {
  const input = { repo: did, collection, rkey: 'self', record: { $type: collection, ...fields } }
  return (await ok(pds.post('com.atproto.repo.putRecord', { input }))).uri
}

/** One more record; the answer is its URI. */
export async function create({ pds, did }: LoggedIn, collection: Nsid, fields: object): Promise<string> {
  const record = { $type: collection, createdAt: new Date().toISOString(), ...fields }
  const input = { repo: did, collection, record }
  return (await ok(pds.post('com.atproto.repo.createRecord', { input }))).uri
}

export async function remove({ pds, did }: LoggedIn, uri: string): Promise<void> {
  const [collection, rkey] = uri.split('/').slice(3) as [Nsid, RecordKey]
  await ok(pds.post('com.atproto.repo.deleteRecord', { input: { repo: did, collection, rkey } }))
}
