import type { Attack } from './attack.ts'
import { forge, respelt, twin } from './forge.ts'
import { wordsOf } from './wire.ts'
import { callOn, nsids, tokenOf, type World } from './world.ts'

/** What a token is sent as. */
export const headers: readonly Attack[] = [
  {
    what: 'two Authorization headers, either of which would do',
    answer: '401 BadJwt',
    protection: 'auth/service-jwt.ts bearerToken, xrpc/read-head.ts allHeaders',
    play: async world => withHeaders(world, [await authorization(world)]),
  },
  {
    what: 'two thousand headers before it, beyond which node would forget',
    answer: '431 InvalidRequest',
    protection: 'node:http; xrpc/error-response.ts unreadableRequestResponse',
    play: world =>
      withHeaders(
        world,
        Array.from({ length: 2000 }, () => 'a:b'),
      ),
  },
  {
    what: 'two tokens in one Authorization header',
    answer: '401 AuthMissing',
    protection: 'auth/service-jwt.ts bearerToken',
    play: async world => callWith(world, `${await tokenOf(world, nsids.getLog)}, Bearer x`),
  },
  {
    what: 'a token in the query instead',
    answer: '401 AuthMissing',
    protection: 'xrpc/adapter.ts: nowhere but in the header',
    play: async world => {
      const query = `access_token=${await tokenOf(world, nsids.getLog)}`
      return wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, token: null, query }))
    },
  },
  {
    what: 'a token of 20 KB',
    answer: '431 InvalidRequest',
    protection: 'node:http, 16 KB of headers; xrpc/error-response.ts unreadableRequestResponse',
    play: world => callWith(world, 'x'.repeat(20_000)),
  },
]

function authorization(world: World): Promise<string> {
  return tokenOf(world, nsids.getLog).then(token => `Authorization: Bearer ${token}`)
}

async function withHeaders(world: World, lines: string[]): Promise<string> {
  return wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, headers: lines }))
}

async function callWith(world: World, token: string): Promise<string> {
  return wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, token }))
}

/** On the service that admits a token once. */
export const replays: readonly Attack[] = [
  ...(
    [
      ['as it was', token => token],
      ['with the twin of its signature', token => twin(token, 'ES256K')],
      ['with the unused bits of its signature set', respelt],
    ] as [string, (token: string) => string][]
  ).map(([what, change]) => ({
    what: `a token a second time, ${what}`,
    answer: 'answered, 401 JwtReplayed',
    protection: 'auth/replay.ts admit: by issuer and jti, not by the bytes of the token',
    play: async (world: World) => {
      const token = await forge(world, {})
      return `${await strictly(world, token)}, ${await strictly(world, change(token))}`
    },
  })),
  {
    what: 'a token twenty times at once',
    answer: 'answered once, 401 JwtReplayed',
    protection: 'auth/replay.ts admit: looks and remembers in one step',
    play: async world => {
      const token = await forge(world, {})
      const words = await Promise.all(Array.from({ length: 20 }, () => strictly(world, token)))
      const others = new Set(words.filter(word => word !== 'answered'))
      return `answered ${words.filter(word => word === 'answered').length === 1 ? 'once' : 'often'}, ${[...others]}`
    },
  },
  {
    what: 'no jti',
    answer: '401 BadJwt',
    protection: 'auth/replay.ts admit',
    play: async world => strictly(world, await forge(world, { claims: { jti: undefined } })),
  },
  {
    what: 'jti as a number',
    answer: '401 BadJwt',
    protection: 'auth/service-jwt.ts checkClaimTypes',
    play: async world => strictly(world, await forge(world, { claims: { jti: '7' } })),
  },
  {
    what: 'a jti of 2 KB, twice',
    answer: 'answered, 401 JwtReplayed',
    protection: 'auth/replay.ts admit; a hash is kept (auth/replay.test.ts)',
    play: async world => {
      const token = await forge(world, { claims: { jti: `"${'x'.repeat(2000)}"` } })
      return `${await strictly(world, token)}, ${await strictly(world, token)}`
    },
  },
  {
    what: 'a jti of alice’s, used up beforehand by mallory in her own name and in alice’s',
    answer: 'answered, 401 BadJwtSignature, answered',
    protection: 'auth/replay.ts admit: by issuer; auth/verify-service-jwt.ts verify: after the signature',
    lookUpsMax: 2,
    play: async world => {
      const claims = { jti: '"known beforehand"' }
      const own = await forge(world, { name: 'mallory', claims })
      const forged = await forge(world, { key: world.keys.mallory, claims })
      const good = await forge(world, { claims })
      const words = [await strictly(world, own), await strictly(world, forged), await strictly(world, good)]
      return words.join(', ')
    },
  },
]

async function strictly(world: World, token: string): Promise<string> {
  return wordsOf(await callOn(world, world.strict, { nsid: nsids.getLog, token }))
}
