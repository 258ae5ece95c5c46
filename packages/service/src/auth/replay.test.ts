import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createReplayGuard } from './replay.ts'

test('a token is remembered in as much space however long its id', () => {
  const guard = createReplayGuard()
  const before = heapUsed()
  const padding = 'x'.repeat(3000)
  for (let i = 0; i < 20_000; i += 1) {
    const jti = Buffer.from(`${i}${padding}`).toString('latin1')
    guard.admit({ issuer: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', jti })
  }
  // 60 MB as they came.
  assert.ok(heapUsed() - before < 20_000_000)
  assert.throws(() => guard.admit({ issuer: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', jti: `7${padding}` }), {
    name: 'JwtReplayed',
  })
})

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
