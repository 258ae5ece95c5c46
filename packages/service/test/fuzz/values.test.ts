import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { jsonToLex, lexicons } from '@atproto/api'
import { Dice } from './dice.ts'
import { type LexiconMethod, officialMethod } from './lexicon.ts'
import { writeQuery } from './query.ts'
import { makeRequest } from './request.ts'
import type { Focus } from './scene.ts'
import { paramsOf } from './second-opinion.ts'
import { valueFor } from './values.ts'

const did: Did = 'did:plc:aliceaaaaaaaaaaaaaaaaaaa'
const focus: Focus = {
  convoId: '3kabcdefghi22',
  messageId: '3kabcdefghj22',
  code: 'OyiHQqB',
  rev: '3kabcdefghk22',
  dids: [did],
  subjects: [],
}
/** All that there is and will be, not only what the service has today. */
const methods = [...lexicons]
  .filter(
    ({ id, defs }) => id.startsWith('chat.bsky.') && ['query', 'procedure'].includes(defs.main?.type ?? ''),
  )
  .map(({ id }) => officialMethod(id))

test('what is made by a lexicon is valid by the lexicon', () => {
  assert.ok(methods.length > 40)
  for (const method of methods) {
    const source = { dice: new Dice(1), focus, wildOneIn: 0 }
    for (let i = 0; i < 300; i++) assert.deepEqual(complaints(method, source), [], method.nsid)
  }
})

test('what is made to break a lexicon often does', () => {
  for (const method of methods.filter(({ input, parameters }) =>
    takesSomething(input?.schema ?? parameters),
  )) {
    const source = { dice: new Dice(1), focus, wildOneIn: 3 }
    const broken = Array.from({ length: 300 }, () => complaints(method, source)).filter(
      list => list.length > 0,
    )
    assert.ok(broken.length > 50, `${method.nsid}: ${broken.length} of 300`)
  }
})

test('a request can be made of every method, the same for the same seed', () => {
  for (const method of methods) {
    const [one, same] = [new Dice(1), new Dice(1)]
    for (let i = 0; i < 100; i++)
      assert.deepEqual(makeRequest(method, 'alice', focus, one), makeRequest(method, 'alice', focus, same))
  }
})

function complaints(
  { nsid, parameters, input }: LexiconMethod,
  source: Parameters<typeof valueFor>[2],
): string[] {
  try {
    if (parameters) {
      const params = valueFor(parameters, '', source) as Record<string, unknown>
      lexicons.assertValidXrpcParams(nsid, paramsOf(writeQuery(params), parameters))
    }
    if (input?.schema)
      lexicons.assertValidXrpcInput(nsid, jsonToLex(valueFor(input.schema, '', source) as never))
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

/** Whether a value can be wrong at all: strings without a bound or format cannot. */
function takesSomething(def: LexiconMethod['parameters']): boolean {
  return (def?.required?.length ?? 0) > 0
}
