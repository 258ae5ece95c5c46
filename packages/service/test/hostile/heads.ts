import type { Attack } from './attack.ts'
import { say, wordsOf } from './wire.ts'
import { callOn, nsids, tokenOf, type World } from './world.ts'

const head = `GET /xrpc/${nsids.getLog} HTTP/1.1\r\n`

interface Path {
  what: string
  path: string
  answer: string
  protection: string
}

/** Each with a good token of alice's for `getLog`. */
const paths: readonly Path[] = [
  {
    what: 'the NSID with another case than `lxm` has',
    path: `/xrpc/${nsids.getLog.replace('getLog', 'getlog')}`,
    answer: '501 MethodNotImplemented',
    protection: 'xrpc/pipeline.ts route: names are compared as they are',
  },
  {
    what: 'the NSID percent-encoded, which names the same method to everybody',
    path: `/xrpc/%63hat.bsky.convo.get%4Cog`,
    answer: 'answered',
    protection: 'xrpc/pipeline.ts: the route and `lxm` are compared with the same, decoded name',
  },
  {
    what: 'another method’s NSID percent-encoded',
    path: '/xrpc/%63hat.bsky.convo.listConvos',
    answer: '401 BadJwtLexiconMethod',
    protection: 'auth/verify-service-jwt.ts checkMethod',
  },
  ...[
    ['`//xrpc`', `//xrpc/${nsids.getLog}`],
    ['`/xrpc//`', `/xrpc//${nsids.getLog}`],
    ['a slash at the end', `/xrpc/${nsids.getLog}/`],
    ['`..` in it', `/x/../xrpc/${nsids.getLog}`],
    ['`/XRPC/`', `/XRPC/${nsids.getLog}`],
  ].map(([what, path]) => ({
    what: `a path with ${what}`,
    path: path!,
    answer: '404 NotFound',
    protection: 'xrpc/adapter.ts: one spelling of the path',
  })),
  {
    what: 'a path of backslashes',
    path: `\\xrpc\\${nsids.getLog}`,
    answer: '400 InvalidRequest',
    protection: 'node:http',
  },
  ...[
    ['an encoded slash', '/xrpc/x%2Fchat.bsky.convo.getLog'],
    ['an encoded NUL', `/xrpc/${nsids.getLog}%00`],
    ['an encoded `..`', '/xrpc/%2e%2e%2fchat.bsky.convo.getLog'],
    ['`__proto__`', '/xrpc/__proto__'],
    ['`constructor`', '/xrpc/constructor'],
  ].map(([what, path]) => ({
    what: `a method with ${what}`,
    path: path!,
    answer: '400 InvalidRequest',
    protection: 'xrpc/pipeline.ts route: a Map, and isNsid',
  })),
  ...[
    ['half an escape', '/xrpc/%zz'],
    ['escapes that are not UTF-8', '/xrpc/%ff%fe'],
    ['12 KB', `/xrpc/${'a.'.repeat(6000)}`],
  ].map(([what, path]) => ({
    what: `a path with ${what}`,
    path: path!,
    answer: '400 InvalidRequest',
    protection: 'xrpc/adapter.ts frameworkErrors, limits.ts nsidLengthMax',
  })),
]

/** Of `getMessages` in alice's convo, unless the table says otherwise. */
const queries: readonly {
  what: string
  query: string
  nsid?: string
  answer?: string
  protection?: string
}[] = [
  ...[
    'limit=1&limit=2',
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e1',
    'limit=0x10',
    'limit=%D9%A1',
    'limit=9007199254740993',
    'limit=1%00',
    'convoId=other',
  ].map(query => ({ what: `\`${query}\``, query })),
  ...[
    ['of 13 characters that no cursor has', 'zzzzzzzzzzzzz'],
    ['that is negative', '-222222222222'],
    ['with a letter of another script', '222222222222%D0%B0'],
    ['with a NUL', '222222222222%00'],
    ['of 10 KB', '2'.repeat(10_000)],
    ['with a quote and a comment of SQL', '22222222222%27--'],
  ].map(([what, cursor]) => ({
    what: `a cursor ${what}`,
    query: `cursor=${cursor}`,
    protection: 'tid.ts parseCursor, endpoints/cursor.ts',
  })),
  ...['jzzzzzzzzzzzz', '2222222222222'].map(cursor => ({
    what: `the cursor ${cursor}, before or after everything`,
    query: `cursor=${cursor}`,
    answer: 'answered',
    protection: 'tid.ts parseCursor: any rev is a cursor, and shows nothing that is not one’s own',
  })),
  {
    what: 'two hundred `members`',
    nsid: nsids.getConvoForMembers,
    query: Array.from({ length: 200 }, () => 'members=did:plc:aaaaaaaaaaaaaaaaaaaaaaab').join('&'),
  },
  {
    what: 'a handle where a DID belongs: none is ever looked up',
    nsid: nsids.getConvoForMembers,
    query: 'members=localhost.evil.test',
  },
  {
    what: '`__proto__` and `constructor`, which no method knows',
    query: '__proto__=1&constructor=2&limit=5',
    answer: 'answered',
    protection: 'xrpc/params.ts: a Map of what the lexicon names',
  },
]

export const heads: readonly Attack[] = [
  {
    what: 'no Host',
    answer: '400 InvalidRequest',
    protection: 'xrpc/adapter.ts onRequest, badHeadResponse',
    play: async world => wordsOf(await say(world.open.port, `${head}Connection: close\r\n\r\n`)),
  },
  {
    what: 'an Expect that is not 100-continue',
    answer: '417 InvalidRequest',
    protection: 'xrpc/adapter.ts checkExpectation',
    play: async world => wordsOf(await say(world.open.port, `${head}Host: x\r\nExpect: 200-ok\r\n\r\n`)),
  },
  ...paths.map(
    ({ what, path, answer, protection }): Attack => ({
      what,
      answer,
      protection,
      play: async world => wordsOf(await callOn(world, world.open, { nsid: nsids.getLog, path })),
    }),
  ),
  ...queries.map(
    ({ what, query, nsid = nsids.getMessages, answer = '400 InvalidRequest', protection }): Attack => ({
      what,
      answer,
      protection: protection ?? 'xrpc/params.ts',
      play: async world => {
        const convo = nsid === nsids.getMessages ? `convoId=${world.convoIds.open}&` : ''
        return wordsOf(await callOn(world, world.open, { nsid, query: convo + query }))
      },
    }),
  ),
  {
    what: 'mallory with alice’s newest rev as a cursor, in her own log and in alice’s convo',
    answer: 'answered, 400 InvalidConvo',
    protection: 'store: every read starts from the viewer’s own rows',
    lookUpsMax: 1,
    play: async world => forgedCursor(world),
  },
]

async function forgedCursor(world: World): Promise<string> {
  const [log] = (await callOn(world, world.open, { nsid: nsids.getLog })).answers
  const { cursor } = JSON.parse(log!.body)
  const token = (nsid: string) => tokenOf(world, nsid, { name: 'mallory' })
  const calls = [
    { nsid: nsids.getLog, token: await token(nsids.getLog), query: `cursor=2222222222222` },
    {
      nsid: nsids.getMessages,
      token: await token(nsids.getMessages),
      query: `convoId=${world.convoIds.open}&cursor=${cursor}`,
    },
  ]
  const words: string[] = []
  for (const call of calls) {
    const exchange = await callOn(world, world.open, call)
    const tells = exchange.answers[0]!.body.includes(world.convoIds.open)
    words.push(wordsOf(exchange) + (tells ? ' with what is not hers' : ''))
  }
  return words.join(', ')
}
