import type { Did } from '@atcute/lexicons/syntax'
import { createTestKey, mintServiceJwt, type TestKey, type TestToken } from '../../src/auth/test-tokens.ts'
import { type Config, configDefaults } from '../../src/config.ts'
import { Facts } from '../../src/people/testing/facts.ts'
import { type FakeHost, startFakeHost } from '../../src/people/testing/fake-host.ts'
import { createService, type Service } from '../../src/service.ts'
import { type Answer, type Neighbour, startNeighbour } from './neighbour.ts'
import { dial, type Exchange, hearOut } from './wire.ts'

export const serviceDid: Did = 'did:web:chat.example.org'

export const nsids = {
  getLog: 'chat.bsky.convo.getLog',
  getMessages: 'chat.bsky.convo.getMessages',
  sendMessage: 'chat.bsky.convo.sendMessage',
  sendMessageBatch: 'chat.bsky.convo.sendMessageBatch',
  getConvoForMembers: 'chat.bsky.convo.getConvoForMembers',
  listConvos: 'chat.bsky.convo.listConvos',
  subscribeLog: 'chat.parley.convo.subscribeLog',
  subscribeModEvents: 'chat.bsky.moderation.subscribeModEvents',
} as const

export type Name = 'alice' | 'bob' | 'mallory' | 'mona'

/** One request, as far as it is not like every other. */
export interface Call {
  nsid: string
  /** Of alice's for that method unless given; `null` for none. */
  token?: string | null
  /** Of the first line. Default: that of `nsid`, after which `query` comes. */
  path?: string
  query?: string
  /** With one the call is a POST of JSON. */
  body?: string | Uint8Array
  /** More lines of the head. */
  headers?: readonly string[]
}

/**
 * Two real services on sockets and what they ask of the network. Neither may reach private addresses. `open` is as
 * configured by default, with an AppView; `strict` admits a token once and follows a host.
 */
export interface World extends AsyncDisposable {
  open: Service
  strict: Service
  plc: Neighbour
  appView: Neighbour
  host: FakeHost
  /** What is true of the network: accounts made here exist. */
  facts: Facts
  dids: Record<Name, Did>
  keys: Record<Name, TestKey>
  /** Between alice and bob, on both services. */
  convoIds: { open: string; strict: string }
}

export async function openWorld(): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const facts = new Facts()
  // First, so that it sees every account made.
  const host = await startFakeHost(facts)
  opened.defer(() => host.close())
  const people = { alice: facts.create('alice'), bob: facts.create('bob'), mallory: facts.create('mallory') }
  const dids: World['dids'] = { ...people, mona: facts.create('mona') }
  for (const did of Object.values(dids)) facts.declare(did, { allowIncoming: 'all' })
  const keys: World['keys'] = {
    alice: await createTestKey('ES256K'),
    bob: await createTestKey('ES256'),
    mallory: await createTestKey('ES256K'),
    mona: await createTestKey('ES256'),
  }
  const documents = new Map(
    (Object.keys(dids) as Name[]).map(name => [dids[name], didDocument(dids[name], keys[name])]),
  )
  const plc = await startNeighbour(url => {
    const document = documents.get(decodeURIComponent(url.pathname).slice(1) as Did)
    return document ? { body: document } : { status: 404, body: {} }
  })
  opened.defer(() => plc.close())
  const appView = await startNeighbour(url => appViewAnswer(facts, url))
  opened.defer(() => appView.close())
  const config: Config = {
    ...configDefaults,
    did: serviceDid,
    publicUrl: 'https://chat.example.org',
    port: 0,
    httpWorkers: 2,
    database: ':memory:',
    plcUrl: plc.origin,
    people: { kind: 'appview', url: appView.origin },
    moderators: [dids.mona],
    rateLimits: undefined,
    checkOutput: true,
    logLevel: 'silent',
  }
  const open = await createService(config)
  opened.defer(() => open.close())
  const strict = await createService({
    ...config,
    httpWorkers: 0,
    people: { kind: 'firehose', hosts: [host.origin] },
    replayProtection: true,
  })
  opened.defer(() => strict.close())
  const world = { open, strict, plc, appView, host, facts, dids, keys, convoIds: { open: '', strict: '' } }
  world.convoIds.open = await beginConvo(world, open)
  world.convoIds.strict = await beginConvo(world, strict)
  const resources = opened.move()
  return { ...world, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

type Network = Omit<World, typeof Symbol.asyncDispose>

async function beginConvo(world: Network, service: Service): Promise<string> {
  const nsid = nsids.getConvoForMembers
  for (;;) {
    const { answers } = await callOn(world, service, { nsid, query: `members=${world.dids.bob}` })
    // An account is known once the host has been read.
    if (answers[0]!.status === 200) return JSON.parse(answers[0]!.body).convo.id
  }
}

/** A token of `name`'s for `nsid`, good but for what `change` says. */
export function tokenOf(
  world: Pick<World, 'dids' | 'keys'>,
  nsid: string,
  change: Partial<TestToken> & { name?: Name } = {},
): Promise<string> {
  const { name = 'alice', ...rest } = change
  const key = world.keys[name]
  return mintServiceJwt({ iss: world.dids[name], aud: serviceDid, lxm: nsid, key, now: nowSec(), ...rest })
}

export function nowSec(): number {
  return Math.floor(Date.now() / 1000)
}

/** One call on a connection of its own. */
export async function callOn(world: Network, service: Service, call: Call): Promise<Exchange> {
  return hearOut(await dial(service.port), await request(world, call))
}

/** The bytes of one request, after which the connection is to be closed. */
export async function request(world: Network, call: Call): Promise<(string | Uint8Array)[]> {
  const { nsid, query, body, headers = [] } = call
  const token = call.token === undefined ? await tokenOf(world, nsid) : call.token
  const path = call.path ?? `/xrpc/${nsid}${query === undefined ? '' : `?${query}`}`
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    'Host: chat.example.org',
    'Connection: close',
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(headers.some(line => line.startsWith('Content-Type')) ? [] : ['Content-Type: application/json']),
    ...headers,
  ]
  return [`${lines.join('\r\n')}\r\n\r\n`, ...(body === undefined ? [] : [body])]
}

/** A document as a PLC directory shows it, with fields in the place of the usual ones. */
export function didDocument(did: Did, key: TestKey, fields: object = {}): object {
  return {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    verificationMethod: [
      { id: `${did}#atproto`, type: 'Multikey', controller: did, publicKeyMultibase: key.multikey },
    ],
    service: [
      { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: 'https://pds.invalid' },
    ],
    ...fields,
  }
}

/** As far as the service asks. */
function appViewAnswer(facts: Facts, { pathname, searchParams }: URL): Answer {
  if (pathname === '/xrpc/app.bsky.actor.getProfiles') {
    const known = searchParams.getAll('actors').flatMap(did => facts.accounts.get(did as Did) ?? [])
    const associated = { chat: { allowIncoming: 'all' } }
    return { body: { profiles: known.map(({ did, handle }) => ({ did, handle, associated })) } }
  }
  if (pathname === '/xrpc/app.bsky.graph.getRelationships') {
    const $type = 'app.bsky.graph.defs#relationship'
    const relationships = searchParams.getAll('others').map(did => ({ $type, did }))
    return { body: { actor: searchParams.get('actor'), relationships } }
  }
  return { body: { posts: [] } }
}
