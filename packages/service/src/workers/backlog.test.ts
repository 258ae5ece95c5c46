import assert from 'node:assert/strict'
import { it } from 'node:test'
import { countHeard, haveHeard, unheard } from './backlog.ts'
import type { FromWorker } from './messages.ts'

const request = { type: 'request', id: 1 } as FromWorker
const upgrade = { type: 'upgrade', id: 2 } as FromWorker

it('counts what asks for something, and not how many connections have closed', () => {
  const heard = countHeard()
  haveHeard(heard, [request, { type: 'closed', id: 1 }, { type: 'next', id: 2 }, upgrade])
  assert.equal(unheard(heard, 5), 3)
  haveHeard(heard, [request, request, upgrade])
  assert.equal(unheard(heard, 5), 0)
})

it('goes on where the count begins anew', () => {
  const heard = countHeard()
  heard[0] = 0x7fffffff
  haveHeard(heard, [request, request])
  assert.equal(unheard(heard, 0x80000002), 1)
})
