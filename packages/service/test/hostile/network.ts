import type { RequestListener } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Did } from '@atcute/lexicons/syntax'
import { createTestKey, testDid } from '../../src/auth/test-tokens.ts'
import type { Attack } from './attack.ts'
import { forge, quoted } from './forge.ts'
import { wordsOf } from './wire.ts'
import { callOn, didDocument, nsids, type World } from './world.ts'

const json = { 'content-type': 'application/json' }
const megabyte = 1024 * 1024
const unreachable = '502 UpstreamFailure'

/** What a host may send before it is cut off: the answer that is read, and what systems hold of a connection. */
const sentMax = 16 * megabyte

interface Row {
  what: string
  answer: string
  protection: string
  bound?: string
  /** What the directory says of the issuer. */
  says: (did: Did, world: World) => RequestListener | Promise<RequestListener>
  lookUpsMax?: number
}

function body(text: string | Uint8Array, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(200, { ...json, ...headers }).end(text)
}

const spaces = Buffer.alloc(megabyte, ' ')
/** 64 MB, made without ever having them. */
const gzipped = Buffer.concat(Array.from({ length: 64 }, () => gzipSync(spaces)))

/** A good document, and the spaces behind it that JSON allows. */
async function bomb(did: Did, world: World): Promise<Buffer> {
  const document = JSON.stringify(didDocument(did, await keyOf(world)))
  return Buffer.concat([gzipSync(document), gzipped])
}
const fetchJson = 'people/bounded-fetch.ts'
const inFull = `${fetchJson}: counted as decompressed`
const cut = 'less than 16 MB are taken'

const answers: readonly Row[] = [
  {
    what: 'a good document, and 64 MB of spaces behind it as gzip',
    answer: unreachable,
    protection: inFull,
    bound: cut,
    says: async (did, world) => body(await bomb(did, world), { 'content-encoding': 'gzip' }),
  },
  {
    what: 'the same as gzip of gzip',
    answer: unreachable,
    protection: inFull,
    bound: cut,
    says: async (did, world) => body(gzipSync(await bomb(did, world)), { 'content-encoding': 'gzip, gzip' }),
  },
  {
    what: 'a good document, and 16 MB of spaces behind it as brotli',
    answer: unreachable,
    protection: inFull,
    bound: cut,
    says: async (did, world) => {
      const document = JSON.stringify(didDocument(did, await keyOf(world)))
      const bytes = brotliCompressSync(document.padEnd(16 * megabyte))
      return body(bytes, { 'content-encoding': 'br' })
    },
  },
  {
    what: 'a body that never ends',
    answer: unreachable,
    protection: `${fetchJson} responseBytesMax`,
    bound: cut,
    says: () => (_request, response) => {
      response.writeHead(200, json)
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pour)
      pour()
    },
  },
  {
    what: 'a body that comes by one byte in a tenth of a second',
    answer: unreachable,
    protection: `${fetchJson} timeoutMs`,
    bound: 'three seconds',
    says: () => (_request, response) => {
      response.writeHead(200, json)
      const timer = setInterval(() => response.write(' '), 100)
      response.on('close', () => clearInterval(timer))
    },
  },
  {
    what: 'a good document of 17 KB',
    answer: unreachable,
    protection: 'people/network-identity.ts documentBytesMax',
    says: good({ padding: 'x'.repeat(17_000) }),
  },
  {
    what: 'a redirect to 169.254.169.254',
    answer: unreachable,
    protection: `${fetchJson} getJson: no redirect is followed`,
    says: () => (_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  },
  {
    what: 'a redirect to a good document',
    answer: unreachable,
    protection: `${fetchJson} getJson: no redirect is followed`,
    says: (did, world) => (_request, response) =>
      response.writeHead(302, { location: `${world.plc.origin}/good/${did.replaceAll(':', '')}` }).end(),
  },
  {
    what: 'sixteen thousand `[`',
    answer: unreachable,
    protection: 'people/network-identity.ts readAnswer',
    says: () => body('['.repeat(16_000)),
  },
  {
    what: 'HTML',
    answer: unreachable,
    protection: 'people/network-identity.ts readAnswer',
    says: did => body(`{"id":"${did}"}`, { 'content-type': 'text/html' }),
  },
  {
    what: 'headers of a megabyte',
    answer: unreachable,
    protection: 'undici, 16 KB',
    says: () => body('{}', { x: 'x'.repeat(megabyte) }),
  },
]

const documents: readonly Row[] = [
  {
    what: 'a document about somebody else, with a key that fits',
    answer: '401 BadJwtSignature',
    protection: 'people/network-identity.ts readAnswer',
    says: async (_did, world) => body(JSON.stringify(didDocument(world.dids.mallory, await keyOf(world)))),
  },
  {
    what: 'a key under the name of another DID',
    answer: '401 BadJwtSignature',
    protection: 'people/did-facts.ts isOwn',
    says: async (did, world) => {
      const id = `${world.dids.mallory}#atproto`
      const key = await keyOf(world)
      const method = { id, type: 'Multikey', controller: did, publicKeyMultibase: key.multikey }
      return body(JSON.stringify(didDocument(did, key, { verificationMethod: [method] })))
    },
  },
  {
    what: 'a good document nested six thousand deep where nobody looks',
    answer: 'answered',
    protection: 'people/did-facts.ts: reads what it searches for',
    says: async (did, world) => {
      const text = JSON.stringify(didDocument(did, await keyOf(world), { alsoKnownAs: 'HERE' }))
      return body(text.replace('"HERE"', '['.repeat(6000) + ']'.repeat(6000)))
    },
  },
  {
    what: 'a good document with five hundred names for itself',
    answer: 'answered',
    protection: 'people/did-facts.ts: no name is looked up',
    says: good({ alsoKnownAs: Array.from({ length: 500 }, (_, i) => `at://h${i}.test`) }),
  },
  {
    what: '`__proto__` with a key that fits',
    answer: '401 BadJwtSignature',
    protection: 'people/did-facts.ts readDidDocument',
    says: async (did, world) => {
      const { verificationMethod } = didDocument(did, await keyOf(world)) as { verificationMethod: unknown }
      return body(`{"id":"${did}","__proto__":{"verificationMethod":${JSON.stringify(verificationMethod)}}}`)
    },
  },
]

function good(fields: object): Row['says'] {
  return async (did, world) => body(JSON.stringify(didDocument(did, await keyOf(world), fields)))
}

const keys = new WeakMap<World, ReturnType<typeof createTestKey>>()

/** That of all issuers here. */
function keyOf(world: World): ReturnType<typeof createTestKey> {
  const key = keys.get(world) ?? createTestKey()
  keys.set(world, key)
  return key
}

let issuers = 0

async function play(world: World, row: Row): Promise<string> {
  issuers += 1
  const did = testDid(`issuer${[...String(issuers)].map(digit => 'abcdefghij'[Number(digit)]).join('')}`)
  world.plc.traps.set(did, await row.says(did, world))
  const target = body(JSON.stringify(didDocument(did, await keyOf(world))))
  world.plc.traps.set(`/good/${did.replaceAll(':', '')}`, target)
  const sentBefore = world.plc.bytesSent()
  const token = await forge(world, { key: await keyOf(world), claims: { iss: quoted(did) } })
  const words = wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, token }))
  const sent = world.plc.bytesSent() - sentBefore
  return sent < sentMax ? words : `${words}, having taken ${sent} bytes`
}

export const directory: readonly Attack[] = [...answers, ...documents].map(row => ({
  what: row.what,
  answer: row.answer,
  protection: row.protection,
  ...(row.bound && { bound: row.bound }),
  // A key that does not fit is asked for once more after five seconds, at the earliest.
  lookUpsMax: row.lookUpsMax ?? 1,
  play: world => play(world, row),
}))
