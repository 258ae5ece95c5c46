import { createTestKey } from '../../src/auth/test-tokens.ts'
import { jwtBytesMax } from '../../src/limits.ts'
import type { Attack } from './attack.ts'
import { asDer, encode, forge, quoted, type Recipe, signedByHmac, twin, withSignature } from './forge.ts'
import { wordsOf } from './wire.ts'
import { callOn, nowSec, nsids, serviceDid, type World } from './world.ts'

const readingFunctions = /^(bearerToken|parseServiceJwt|isBase64Url|parseObject|checkClaimTypes)/

interface Row {
  what: string
  answer: string
  /** The function that reads or verifies the token, or a file and what protects in it. */
  by: string
  token: (world: World) => Recipe | Promise<string>
  lookUpsMax?: number
}

function fileOf(by: string): string {
  return readingFunctions.test(by) ? 'auth/service-jwt.ts' : 'auth/verify-service-jwt.ts'
}

function attack({ what, answer, by, token, lookUpsMax = 0 }: Row): Attack {
  return {
    what,
    answer,
    protection: by.includes('.ts') ? by : `${fileOf(by)} ${by}`,
    lookUpsMax,
    async play(world) {
      const made = token(world)
      const text = made instanceof Promise ? await made : await forge(world, made)
      return wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, token: text }))
    },
  }
}

/** A key that does not fit may have been rotated: the directory is asked once more, at most. */
const refreshed = 1

const signatures: readonly Row[] = [
  {
    what: 'alg "none" and no signature',
    answer: '401 BadJwt',
    by: 'isBase64Url, checkHeader',
    token: async world => {
      const token = await forge(world, { header: { alg: '"none"' } })
      return token.slice(0, token.lastIndexOf('.') + 1)
    },
  },
  ...['none', 'None', 'es256k', 'ES384', 'constructor', '__proto__', ''].map(alg => ({
    what: `alg "${alg}" over a good signature`,
    answer: '401 BadJwt',
    by: 'checkHeader',
    token: () => ({ header: { alg: quoted(alg) } }),
  })),
  {
    what: 'no alg, but one in the `__proto__` of the header',
    answer: '401 BadJwt',
    by: 'checkHeader',
    token: () => ({ header: { alg: undefined, ['__proto__']: '{"alg":"ES256K"}' } }),
  },
  {
    what: 'alg "HS256", with the public key as the secret',
    answer: '401 BadJwt',
    by: 'checkHeader',
    token: async world => signedByHmac(await forge(world, { header: { alg: '"HS256"' } }), world.keys.alice),
  },
  {
    what: 'alg ES256 over a good signature of an ES256K key',
    answer: '401 BadJwtSignature',
    by: 'checkSignature: the curve is that of the algorithm',
    token: () => ({ header: { alg: '"ES256"' } }),
    lookUpsMax: refreshed,
  },
  {
    what: 'signed by a key that nobody has',
    answer: '401 BadJwtSignature',
    by: 'checkSignature',
    token: async world => forge(world, { key: await createTestKey() }),
    lookUpsMax: refreshed,
  },
  {
    what: 'signed by the key of another account',
    answer: '401 BadJwtSignature',
    by: 'checkSignature',
    token: world => ({ key: world.keys.mallory }),
    lookUpsMax: refreshed,
  },
  {
    what: 'signed for another account, and `iss` changed afterwards',
    answer: '401 BadJwtSignature',
    by: 'checkSignature',
    token: async world => {
      const [header, , signature] = (await forge(world, { name: 'mallory' })).split('.')
      return `${header}.${(await forge(world, {})).split('.')[1]}.${signature}`
    },
    lookUpsMax: refreshed,
  },
  ...([63, 65, 0x40_00, 1] as const).map(length => ({
    what: `a signature of ${length > 1000 ? 'two thousand' : length} ${length === 1 ? 'byte' : 'bytes'}`,
    answer: '401 BadJwtSignature',
    by: 'auth/signature.ts verify: both libraries refuse the length',
    token: async (world: World) =>
      withSignature(await forge(world, {}), signature =>
        length < 64
          ? signature.subarray(0, length)
          : Buffer.concat([signature, Buffer.alloc(Math.min(length - 64, 2000))]),
      ),
    lookUpsMax: refreshed,
  })),
  {
    what: 'a signature in DER',
    answer: '401 BadJwtSignature',
    by: 'auth/signature.ts verify: both libraries refuse the length',
    token: async world => withSignature(await forge(world, {}), asDer),
    lookUpsMax: refreshed,
  },
  {
    what: 'a signature of zeros',
    answer: '401 BadJwtSignature',
    by: 'auth/signature.ts verify: both libraries refuse r and s of 0',
    token: async world => withSignature(await forge(world, {}), signature => signature.fill(0)),
    lookUpsMax: refreshed,
  },
  ...(['alice', 'bob'] as const).map(name => ({
    what: `the twin of a good ${name === 'alice' ? 'ES256K' : 'ES256'} signature (high s): the same caller, by choice`,
    answer: 'answered',
    by: 'auth/signature.ts verify: official verifiers tolerate it too',
    token: async (world: World) => {
      const { alg } = world.keys[name]
      return twin(await forge(world, { name }), alg)
    },
    // Of bob nothing is known before.
    lookUpsMax: 1,
  })),
]

const claims: readonly Row[] = [
  ...[
    'did:web:elsewhere.example.org',
    `${serviceDid}#atproto_labeler`,
    `${serviceDid}.`,
    serviceDid.toUpperCase(),
    '',
  ].map(aud => ({
    what: `aud ${aud === '' ? 'empty' : aud}`,
    answer: '401 BadJwtAudience',
    by: 'verify: audiences',
    token: () => ({ claims: { aud: quoted(aud) } }),
  })),
  {
    what: 'aud as a list with ours in it',
    answer: '401 BadJwt',
    by: 'checkClaimTypes',
    token: () => ({ claims: { aud: `[${quoted(serviceDid)}]` } }),
  },
  ...[nsids.getMessages, 'chat.bsky.convo.getlog', `${nsids.getLog}\u0000`, '*', ''].map(lxm => ({
    what: `lxm ${JSON.stringify(lxm)} for getLog`,
    answer: '401 BadJwtLexiconMethod',
    by: 'checkMethod',
    token: () => ({ claims: { lxm: quoted(lxm) } }),
  })),
  {
    what: 'no lxm',
    answer: '401 BadJwtLexiconMethod',
    by: 'checkMethod',
    token: () => ({ claims: { lxm: undefined } }),
  },
  {
    what: 'lxm as a list with the method in it',
    answer: '401 BadJwt',
    by: 'checkClaimTypes',
    token: () => ({ claims: { lxm: `[${quoted(nsids.getLog)}]` } }),
  },
  ...[
    ['no exp', undefined],
    ['exp as a text', `"${nowSec() + 60}"`],
    ['exp 1e400, which JSON.parse reads as Infinity', '1e400'],
    ['exp -1e400', '-1e400'],
    ['exp NaN', 'NaN'],
    ['exp null', 'null'],
  ].map(([what, exp]) => ({
    what: what!,
    answer: '401 BadJwt',
    by: what === 'exp NaN' ? 'parseObject' : 'checkClaimTypes',
    token: () => ({ claims: { exp } }),
  })),
  {
    what: 'exp 1e308',
    answer: '401 BadJwt',
    by: 'checkTimes',
    token: () => ({ claims: { exp: '1e308' } }),
  },
  {
    what: 'exp in two hours',
    answer: '401 BadJwt',
    by: 'checkTimes',
    token: () => ({ claims: { exp: String(nowSec() + 7200) } }),
  },
  {
    what: 'exp a minute ago',
    answer: '401 JwtExpired',
    by: 'checkTimes',
    token: () => ({ claims: { exp: String(nowSec() - 60) } }),
  },
  ...['nbf', 'iat'].map(claim => ({
    what: `${claim} in two minutes`,
    answer: '401 BadJwt',
    by: 'checkTimes',
    token: () => ({ claims: { [claim]: String(nowSec() + 120) } }),
  })),
  {
    what: 'typ "at+jwt", an access token',
    answer: '401 BadJwtType',
    by: 'checkHeader',
    token: () => ({ header: { typ: '"at+jwt"' } }),
  },
  {
    what: 'crit',
    answer: '401 BadJwt',
    by: 'checkHeader',
    token: () => ({ header: { crit: '["exp"]' } }),
  },
  {
    what: 'all claims in `__proto__`',
    answer: '401 BadJwt',
    by: 'checkClaimTypes',
    token: () => ({ written: claims => `{"__proto__":${claims}}` }),
  },
  {
    what: 'lxm twice, the right one first: the last counts, as with any JSON.parse',
    answer: '401 BadJwtLexiconMethod',
    by: 'checkMethod',
    token: () => ({ last: '"lxm":"chat.bsky.convo.getMessages"' }),
  },
  {
    what: 'claims in Unicode escapes, which mean the same',
    answer: 'answered',
    by: 'parseObject: compares what was meant',
    token: () => ({ claims: { lxm: '"\\u0063hat.bsky.convo.getLo\\u0067"' } }),
  },
  ...(
    [
      [
        'claims of which one is not UTF-8',
        claims => Buffer.from(claims.replace('{', '{"\u00ff":1,'), 'latin1'),
      ],
      ['claims after a byte order mark', claims => `\ufeff${claims}`],
      ['claims of fourteen hundred `[`', () => '['.repeat(1400)],
      ['claims that are `null`', () => 'null'],
      ['claims in a list', claims => `[${claims}]`],
    ] as [string, Recipe['written']][]
  ).map(([what, written]) => ({
    what,
    answer: '401 BadJwt',
    by: 'parseObject',
    token: () => ({ written: written! }),
  })),
  {
    what: 'a claim nested a thousand deep, which nobody reads',
    answer: 'answered',
    by: 'parseObject',
    token: () => ({ last: `"deep":${'['.repeat(1000)}${']'.repeat(1000)}` }),
  },
]

const issuers: readonly Row[] = [
  ...[
    ['alice’s DID with a fragment', (did: string) => `${did}#atproto`],
    ['alice’s DID as a labeler, where labelers may not call', (did: string) => `${did}#atproto_labeler`],
    ['alice’s DID percent-encoded', (did: string) => did.replace('plc:a', 'plc:%61')],
    ['alice’s DID in capitals', (did: string) => did.toUpperCase()],
    ['alice’s DID and a space', (did: string) => `${did} `],
    ['alice’s DID and a NUL', (did: string) => `${did}\u0000`],
    ['alice’s DID twice, with a comma', (did: string) => `${did},${did}`],
    ['a did:web with a path', () => 'did:web:example.org:..:..:etc'],
    ['a did:web with a user', () => 'did:web:alice@example.org'],
    ['a did:web of an IPv6 address', () => 'did:web:%5B%3A%3A1%5D'],
    ['a did:key', () => 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
    ['a handle', () => 'alice.test'],
  ].map(([what, iss]) => ({
    what: `iss ${what}`,
    answer: '401 BadJwtIss',
    by: 'issuerOf',
    token: (world: World) => ({
      claims: { iss: quoted((iss as (did: string) => string)(world.dids.alice)) },
    }),
  })),
]

const shapes: readonly Row[] = [
  {
    what: 'a token of more than 4 KB, well signed',
    answer: '401 BadJwt',
    by: 'parseServiceJwt',
    token: () => ({ claims: { padding: quoted('x'.repeat(jwtBytesMax)) } }),
  },
  {
    what: 'a fourth part',
    answer: '401 BadJwt',
    by: 'parseServiceJwt',
    token: async world => `${await forge(world, {})}.${encode('{}')}`,
  },
  {
    what: 'base64 with padding',
    answer: '401 BadJwt',
    by: 'isBase64Url',
    token: async world => `${await forge(world, {})}==`,
  },
  {
    what: 'characters in the signature that are not base64url, which a decoder skips',
    answer: '401 BadJwt',
    by: 'isBase64Url',
    token: async world => (await forge(world, {})).replace(/(.{9})$/, '*!$1'),
  },
]

export const tokens: readonly Attack[] = [...signatures, ...claims, ...issuers, ...shapes].map(attack)
