import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import * as v from '@atcute/lexicons/validations'
import { openExports } from '../limits.ts'
import { endpoint } from './endpoint.ts'
import { startTestEdge, type TestEdge } from './test-edge.ts'

const output: v.XRPCBlobBodyParam = { type: 'blob', encoding: ['application/jsonl'] }
const endless = endpoint(v.query('org.example.endless', { params: null, output }), async () => pages())
const short = endpoint(v.query('org.example.short', { params: null, output }), async () => pages(1))

async function* pages(count = Number.POSITIVE_INFINITY): AsyncIterable<string> {
  for (let page = 0; page < count; page += 1) yield 'a'.repeat(64 * 1024)
}

describe('exports that are not read', () => {
  let edge: TestEdge
  before(async () => {
    edge = await startTestEdge({ endpoints: [endless, short] })
  })
  after(() => edge.close())

  it('are few for one account, until it reads them or goes away', { timeout: 30_000 }, async () => {
    const gone = new AbortController()
    try {
      for (let open = 0; open < openExports.perAccountMax; open += 1) {
        const { status } = await edge.call('org.example.endless', { init: { signal: gone.signal } })
        assert.equal(status, 200)
      }
      const refused = await edge.call('org.example.short')
      assert.equal(refused.status, 429)
      assert.match(await refused.text(), /exports at once/)
    } finally {
      gone.abort()
    }
    while ((await (await edge.call('org.example.short')).text()).length < 64 * 1024) await setTimeout(10)
    assert.deepEqual(
      edge.log.filter(line => line.includes('"level":50')),
      [],
    )
  })

  it('count no longer once they are read', { timeout: 30_000 }, async () => {
    for (let call = 0; call <= openExports.perAccountMax; call += 1) {
      const answer = await edge.call('org.example.short')
      assert.equal((await answer.text()).length, 64 * 1024)
    }
  })
})
