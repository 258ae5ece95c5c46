import { createHook } from 'node:async_hooks'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { createTestKey } from '../../src/auth/test-tokens.ts'
import type { Attack } from './attack.ts'
import { forge, quoted } from './forge.ts'
import { wordsOf } from './wire.ts'
import { callOn, didDocument, nsids, tokenOf, type World } from './world.ts'

/** A connection that something of this process began, wherever it led. */
interface Connecting {
  address?: string
  port?: number
}

/** Which addresses were connected to during `work`, but for those of this machine that are known. */
async function strangeAddresses(world: World, work: () => Promise<unknown>): Promise<string[]> {
  const begun: Connecting[] = []
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TCPCONNECTWRAP') begun.push(resource as Connecting)
    },
  })
  hook.enable()
  await work()
  hook.disable()
  const known = [world.open.port, world.strict.port, world.plc.port, world.appView.port]
  known.push(Number(new URL(world.host.origin).port))
  return begun.filter(({ port }) => !known.includes(port!)).map(({ address, port }) => `${address}:${port}`)
}

/** Names lead to these addresses while `work` goes on, and to `later` when they are asked for once more. */
async function withNames(
  addresses: readonly string[],
  work: () => Promise<string>,
  later = addresses,
): Promise<string> {
  const { lookup } = dns
  let asked = 0
  const fake = (_name: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) => {
    asked += 1
    const answer = (asked === 1 ? addresses : later).map(address => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    if (options.all) done(null, answer)
    else done(null, answer[0]!.address, answer[0]!.family)
  }
  Object.assign(dns, { lookup: fake })
  syncBuiltinESMExports()
  try {
    return await work()
  } finally {
    Object.assign(dns, { lookup })
    syncBuiltinESMExports()
  }
}

async function callAs(world: World, iss: string): Promise<string> {
  let words = ''
  const addresses = await strangeAddresses(world, async () => {
    const token = await forge(world, { key: await createTestKey(), claims: { iss: quoted(iss) } })
    words = wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, token }))
  })
  return addresses.length === 0 ? words : `${words}, having reached ${addresses}`
}

const issuers = [
  ['127.0.0.1', '401 BadJwtSignature', 'people/network-identity.ts isAtprotoDid: no addresses'],
  ['0x7f.1', '401 BadJwtSignature', 'people/network-identity.ts isAtprotoDid: no addresses'],
  ['2130706433', '401 BadJwtSignature', 'people/network-identity.ts isAtprotoDid: no addresses'],
  ['169.254.169.254', '401 BadJwtSignature', 'people/network-identity.ts isAtprotoDid: no addresses'],
  ['localhost', '401 BadJwtSignature', 'people/network-identity.ts documentUrl: no http'],
  ['localhost%3A2590', '401 BadJwtSignature', 'people/network-identity.ts documentUrl: no http'],
] as const

const named = [
  ['localhost.', ['127.0.0.1']],
  ['a.localhost', ['127.0.0.1']],
  ['printer.local', ['192.168.0.9']],
  ['loop.hostile.dev', ['127.0.0.1']],
  ['cloud.hostile.dev', ['169.254.169.254']],
  ['ten.hostile.dev', ['10.0.0.1']],
  ['carrier.hostile.dev', ['100.64.0.1']],
  ['zero.hostile.dev', ['0.0.0.0']],
  ['six.hostile.dev', ['::1']],
  ['mapped.hostile.dev', ['::ffff:127.0.0.1']],
  ['nat.hostile.dev', ['64:ff9b::7f00:1']],
  ['sixtofour.hostile.dev', ['2002:7f00:1::1']],
  ['unique.hostile.dev', ['fd00::1']],
  ['link.hostile.dev', ['fe80::1']],
  ['both.hostile.dev', ['4000::1', '127.0.0.1']],
] as const

/** Of a post's author, whose PDS is asked for the post. */
const endpoints = [
  'https://169.254.169.254',
  'http://169.254.169.254',
  'https://127.0.0.1',
  'https://0x7f.1',
  'https://2130706433',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[64:ff9b::7f00:1]',
  'https://localhost.',
  'https://pds.hostile.dev:8443',
  'http://pds.hostile.dev',
  'https://user:secret@127.0.0.1',
  'https://pds.hostile.dev/path',
  'file:///etc/passwd',
  'data:application/json,{}',
  'gopher://127.0.0.1:70',
]

export const addresses: readonly Attack[] = [
  ...issuers.map(
    ([host, answer, protection]): Attack => ({
      what: `a token of did:web:${host}`,
      answer,
      protection,
      play: world => callAs(world, `did:web:${host}`),
    }),
  ),
  {
    what: 'a token of a did:web with a port',
    answer: '401 BadJwtSignature',
    protection: 'people/network-identity.ts isAtprotoDid: no ports',
    play: world => withNames(['4000::1'], () => callAs(world, 'did:web:port.hostile.dev%3A8443')),
  },
  ...named.map(
    ([host, names]): Attack => ({
      what: `a token of did:web:${host}, a name of ${names.join(' and ')}`,
      answer: host === 'localhost.' ? '401 BadJwtSignature' : '502 UpstreamFailure',
      protection: 'people/bounded-fetch.ts: public addresses, looked at where the connection is made',
      play: world => withNames(names, () => callAs(world, `did:web:${host}`)),
    }),
  ),
  {
    what: 'a name of a public address, which is that of this machine when it is asked for once more',
    // Nobody has that address; it shows that connections are seen here at all.
    answer: '502 UpstreamFailure, having reached 4000::1:443',
    protection: 'people/bounded-fetch.ts: the address that was looked at is connected to',
    play: world =>
      withNames(['4000::1'], () => callAs(world, 'did:web:rebinding.hostile.dev'), ['127.0.0.1']),
  },
  ...endpoints.map(
    (serviceEndpoint): Attack => ({
      what: `a post whose author’s PDS is ${serviceEndpoint}`,
      answer: 'answered, and the post is not found',
      protection: 'embeds/pds-records.ts, people/bounded-fetch.ts, people/did-facts.ts readPds',
      lookUpsMax: 1,
      play: world => withNames(['127.0.0.1'], () => readPost(world, serviceEndpoint)),
    }),
  ),
]

let authors = 0

/** How the post of somebody with this PDS is shown to alice, on the service that asks PDSes. */
async function readPost(world: World, serviceEndpoint: string): Promise<string> {
  authors += 1
  const did = world.facts.create(`author${authors}`)
  const service = [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint }]
  const document = JSON.stringify(didDocument(did, world.keys.mallory, { service }))
  world.plc.traps.set(did, (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(document),
  )
  while ((await world.strict.people.profiles([did])).size === 0) await new Promise(setImmediate)
  const uri = `at://${did}/app.bsky.feed.post/3kaaaaaaaaa22`
  const cid = 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
  const embed = { $type: 'app.bsky.embed.record', record: { uri, cid } }
  const convoId = world.convoIds.strict
  const message = { text: 'look', embed }
  let shown: unknown
  const reached = await strangeAddresses(world, async () => {
    const token = await tokenOf(world, nsids.sendMessage)
    const body = JSON.stringify({ convoId, message })
    const sent = await callOn(world, world.strict, { nsid: nsids.sendMessage, token, body })
    shown = JSON.parse(sent.answers[0]!.body).embed?.record
  })
  if (reached.length > 0) return `reached ${reached}`
  return (shown as { notFound?: boolean } | undefined)?.notFound
    ? 'answered, and the post is not found'
    : JSON.stringify(shown)
}
