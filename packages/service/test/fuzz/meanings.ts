import type { Dice } from './dice.ts'
import type { Focus } from './scene.ts'
import { canary } from './texts.ts'

/** Makes a string: one that means something most of the time, and odd ones beside it. */
export type StringMaker = (dice: Dice, focus: Focus) => string

/** Revs, ids and cursors as nobody should write them. */
const oddTids = [
  '2222222222222',
  'jzzzzzzzzzzzz',
  'zzzzzzzzzzzzz',
  '3kabcdefghi2z',
  '3kabcdefghi22 ',
  '3KABCDEFGHI22',
  '3kabcdefghi2',
  '3kabcdefghi222',
  '1111111111111',
  '٣kabcdefghi22',
  '0',
  '-1',
  '1e400',
  '9007199254740993',
  'null',
  '[object Object]',
  '__proto__',
  'eyJhIjoxfQ==',
  '3kabcdefghi22::3kabcdefghi22',
  '../../etc/passwd',
  `${canary}'"--`,
  `\u0000${canary}`,
  'é'.repeat(13),
  canary.repeat(300),
]

const emoji = ['👍', '❤️', '😆', '👀', '😢', '🎉', '🇦🇹', '1️⃣', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']
/** One grapheme all the same: more are what bounds are for. */
const noEmoji = ['a', '1', ' ', '\u200d', '\ufe0f', '🇦', '©', '\u0000', 'Z\u0351\u036b\u0343', '\u{e0061}']

const oddCodes = ['aaaaaaa', canary, '\u0000', 'a'.repeat(2000)]

/** The post that is there to be embedded: see population.ts. */
export const knownPost = {
  uri: 'at://did:plc:postpostpostpostpostpost/app.bsky.feed.post/3kposted',
  cid: 'bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a',
} as const

/** Which string means what, by the name of its field: the only thing here that no lexicon says. */
export const meanings: Readonly<Record<string, StringMaker>> = {
  convoId: mostly((_, focus) => focus.convoId, oddTids),
  convoIds: mostly((_, focus) => focus.convoId, oddTids),
  messageId: mostly((_, focus) => focus.messageId, oddTids),
  code: mostly((_, focus) => focus.code, oddCodes),
  codes: mostly((_, focus) => focus.code, oddCodes),
  cursor: (dice, focus) => (dice.oneIn(3) ? dice.pick(oddTids) : focus.rev),
  value: mostly(dice => dice.pick(emoji), noEmoji),
}

/** Values of each format that the lexicon language has, and values that only look like them. */
export const formats: Readonly<Record<string, { within: StringMaker; outside: readonly string[] }>> = {
  did: {
    within: mostly(
      (dice, focus) => dice.pick(focus.subjects.length > 0 && !dice.oneIn(10) ? focus.subjects : focus.dids),
      [
        'did:plc:nobodynobodynobodynobody',
        'did:web:nobody.example.com',
        'did:web:localhost%3A3000',
        'did:example:a.b-c_d:e%20f',
        `did:example:${'a'.repeat(2000)}`,
      ],
    ),
    outside: [
      '',
      'did:',
      'did:plc:',
      'DID:plc:aliceaaaaaaaaaaaaaaaaaaa',
      'did:plc:with space',
      `did:plc:${canary}%`,
      'did:plc:a\u0000',
      'alice.test',
      `did:example:${'a'.repeat(2050)}`,
    ],
  },
  'at-uri': {
    within: mostly(
      () => knownPost.uri,
      [
        'at://did:plc:nobodynobodynobodynobody/app.bsky.feed.post/3kabcdefghi22',
        'at://did:web:nobody.example.com/app.bsky.graph.list/self',
        'at://alice.test/app.bsky.feed.post/3kabcdefghi22',
        'at://did:plc:nobodynobodynobodynobody',
      ],
    ),
    outside: [
      '',
      'at://',
      'https://example.com',
      'at://did:plc:a b',
      `at://${canary}`,
      'at://did:plc:a/../b',
      `at://did:plc:${'a'.repeat(9000)}`,
    ],
  },
  cid: { within: () => knownPost.cid, outside: ['', canary, 'bafy', 'z'.repeat(500), '\u0000'] },
  datetime: {
    within: dice =>
      dice.pick(['2026-11-22T00:00:00.000Z', '1985-04-12T23:20:50.123Z', '2024-02-29T12:00:00+01:00']),
    outside: ['', '2026-11-22', 'now', '2026-13-45T99:99:99Z', '2026-11-22T00:00:00', `${canary}Z`],
  },
  uri: {
    within: dice =>
      dice.pick([
        'https://example.com/',
        `https://example.com/${canary}?a=b#c`,
        'dns:example.com',
        'at://did:plc:abc',
      ]),
    outside: ['', 'no uri', 'https://', `://${canary}`, `https://${'a'.repeat(9000)}`],
  },
  handle: {
    within: () => 'alice.test',
    outside: ['', '@alice', 'a b', canary, '-.test', `${'a'.repeat(260)}.test`],
  },
  nsid: { within: () => 'app.bsky.feed.post', outside: ['', 'a', canary, 'a..b', '1.2.3'] },
  tid: { within: (_, focus) => focus.rev, outside: ['', '2', canary, 'zzzzzzzzzzzzz'] },
  'record-key': { within: () => 'self', outside: ['', '.', '..', 'a/b', canary.repeat(100)] },
  language: { within: dice => dice.pick(['en', 'de-AT']), outside: ['', '1', '\u0000', canary] },
  'at-identifier': {
    within: (dice, focus) => (dice.oneIn(4) ? 'alice.test' : dice.pick(focus.dids)),
    outside: ['', canary, 'did:', '@alice'],
  },
}

/** Names that a stranger may put beside those of the lexicon. Our own extension is among them. */
export const extraNames: readonly string[] = [
  'idempotencyKey',
  'idempotencyKey',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  canary,
  'convoId',
  'did',
  'viewer',
]

function mostly(usual: StringMaker, odd: readonly string[]): StringMaker {
  return (dice, focus) => (dice.oneIn(8) ? dice.pick(odd) : usual(dice, focus))
}
