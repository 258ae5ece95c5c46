import { batchBodyBytesMax, jsonDepthMax, jsonValuesMax } from '../../src/limits.ts'
import type { Attack } from './attack.ts'
import { wordsOf } from './wire.ts'
import { callOn, nsids, type World } from './world.ts'

const reader = 'xrpc/input.ts'

interface Row {
  what: string
  answer?: string
  /** The function in the reader of bodies, or a file. */
  by: string
  /** Fields of the body beside `convoId`, or all of it. */
  fields?: string
  body?: (convoId: string) => string | Uint8Array
  nsid?: string
  headers?: readonly string[]
}

const good = '"message":{"text":"x"}'
const text = (json: string) => `"message":{"text":${json}}`

const shapes: readonly Row[] = [
  { what: 'a hundred thousand `[`', by: 'parseJson', body: () => '['.repeat(100_000) },
  {
    what: 'a hundred thousand levels, closed again, in a field that nobody knows',
    by: 'checkJson',
    fields: `${good},"deep":${nested(70_000)}`,
  },
  { what: '33 levels', by: 'checkJson', fields: `${good},"deep":${nested(jsonDepthMax)}` },
  {
    what: '10 MB of `[`',
    answer: '413 PayloadTooLarge',
    by: 'xrpc/read-body.ts',
    nsid: nsids.sendMessageBatch,
    body: () => '['.repeat(10 * 1024 * 1024),
  },
  {
    what: '2 MB of `[`, which a batch may measure',
    by: 'parseJson',
    nsid: nsids.sendMessageBatch,
    body: () => '['.repeat(batchBodyBytesMax),
  },
  {
    what: 'more than 50 000 values',
    by: 'checkJson',
    fields: `${good},"many":[${'0,'.repeat(jsonValuesMax)}0]`,
  },
  ...['__proto__', '\\u005f_proto__', 'constructor'].map(name => ({
    what: `a field \`${name}\``,
    by: 'checkFields',
    fields: `${good},"${name}":{"text":"x"}`,
  })),
  {
    what: 'a field `__proto__` within the message, with the text in it',
    by: 'checkFields',
    fields: '"message":{"__proto__":{"text":"x"}}',
  },
  {
    what: 'a field twice: the last counts, as with any JSON.parse',
    answer: '400 InvalidConvo',
    by: 'parseJson',
    fields: `${good},"convoId":"2222222222222"`,
  },
  { what: 'text as 1e400', by: 'xrpc/validate.ts', fields: text('1e400') },
  { what: 'text as a list of letters', by: 'xrpc/validate.ts', fields: text('["x"]') },
  {
    what: 'text as an object with `length` and `toString`',
    by: 'xrpc/validate.ts',
    fields: text('{"length":1,"toString":"x"}'),
  },
  ...[
    ['two bodies', '{}{}'],
    ['a NUL after the end', '{}\u0000'],
    ['nothing but spaces', '   '],
    ['a comment', '{}//'],
    ['NaN', '{"a":NaN}'],
  ].map(([what, body]) => ({ what: `JSON with ${what}`, by: 'parseJson', body: () => body! })),
]

const bytes = (before: string, raw: number[], after: string) =>
  Buffer.concat([Buffer.from(before), Buffer.from(raw), Buffer.from(after)])

const texts: readonly Row[] = [
  { what: 'a byte order mark', by: 'parseJson', body: convoId => `\ufeff{"convoId":"${convoId}",${good}}` },
  {
    what: 'UTF-16',
    by: 'readJson: isUtf8, parseJson',
    body: convoId => Buffer.from(`{"convoId":"${convoId}",${good}}`, 'utf16le'),
  },
  ...(
    [
      ['0xff', [0xff]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['an overlong NUL', [0xc0, 0x80]],
      ['half a surrogate pair as bytes', [0xed, 0xa0, 0x80]],
      ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
      ['a character cut off', [0xe2, 0x82]],
    ] as [string, number[]][]
  ).map(([what, raw]) => ({
    what: `text with ${what}, which is no UTF-8`,
    by: 'readJson: isUtf8',
    body: (convoId: string) => bytes(`{"convoId":"${convoId}","message":{"text":"a`, raw, '"}}'),
  })),
  ...['\\ud800', '\\udc00', '\\udc00\\ud800', '\\ud800\\u0041'].map(escaped => ({
    what: `text with ${escaped}, half a surrogate pair`,
    by: 'checkText',
    fields: text(`"a${escaped}b"`),
  })),
  { what: 'a field name with \\ud800', by: 'checkFields: checkText', fields: `${good},"\\ud800":1` },
  ...['\\u0000', '\\uffff', '\\ufdd0', '\\u202e', '\\ud83d\\udc4b'].map(escaped => ({
    what: `text with ${escaped}, which is a character like any other: it comes back as it went`,
    answer: 'answered',
    by: 'store: texts are kept as they are',
    fields: text(`"a${escaped}b"`),
  })),
]

const types: readonly Row[] = [
  'text/plain',
  'application/json-patch+json',
  'application/jsonx',
  'multipart/form-data',
].map(type => ({
  what: `Content-Type ${type}`,
  by: 'readJson',
  fields: good,
  headers: [`Content-Type: ${type}`],
}))

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}

export const bodies: readonly Attack[] = [...shapes, ...texts, ...types].map(row => ({
  what: row.what,
  answer: row.answer ?? '400 InvalidRequest',
  protection: row.by.includes('/') || row.by.startsWith('store') ? row.by : `${reader} ${row.by}`,
  play: world => play(world, row),
}))

async function play(world: World, row: Row): Promise<string> {
  const { nsid = nsids.sendMessage, headers = [], fields } = row
  const convoId = world.convoIds.open
  const body = row.body?.(convoId) ?? `{"convoId":"${convoId}",${fields}}`
  const exchange = await callOn(world, world.open, { nsid, body, headers })
  const words = wordsOf(exchange)
  if (words !== 'answered') return words
  const sent = JSON.parse(String(body)).message.text
  const query = `convoId=${convoId}&limit=1`
  const [page] = (await callOn(world, world.open, { nsid: nsids.getMessages, query })).answers
  return JSON.parse(page!.body).messages[0].text === sent ? words : 'answered, and changed'
}
