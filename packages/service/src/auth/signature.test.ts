import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { createSignatureVerifier } from './signature.ts'
import { createTestKey } from './test-tokens.ts'

const { verify } = createSignatureVerifier()

describe('ES256', async () => {
  const key = await createTestKey('ES256')
  const sign = (text: string) => key.sign(Buffer.from(text))

  it('takes every signature that its key has made, whatever r and s begin with', async () => {
    // One r in 256 begins with a zero, one in two with a bit that a signed number would take for a minus.
    const signatures = await Promise.all(Array.from({ length: 4000 }, (_, index) => sign(`text ${index}`)))
    assert.ok(signatures.some(signature => signature[0] === 0))
    assert.ok(signatures.some(signature => signature[32] === 0))
    const refused = signatures.filter((signature, index) => !verify(key.public, `text ${index}`, signature))
    assert.deepEqual(refused, [])
  })

  it('takes none in which one bit is another', async () => {
    const signature = await sign('text')
    const taken = Array.from({ length: 512 }, (_, bit) => {
      const changed = Uint8Array.from(signature)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      return verify(key.public, 'text', changed)
    })
    assert.ok(!taken.includes(true))
  })

  it('takes nothing that is no signature', async () => {
    const numbers = [Buffer.alloc(32), Buffer.from(`${'00'.repeat(31)}01`, 'hex'), Buffer.alloc(32, 0xff)]
    const signature = await sign('text')
    const others = [
      ...numbers.flatMap(r => numbers.map(s => Buffer.concat([r, s]))),
      ...[0, 1, 31, 32, 63].map(length => signature.subarray(0, length)),
      ...[1, 64].map(more => Buffer.concat([signature, randomBytes(more)])),
    ]
    for (const other of others) assert.equal(verify(key.public, 'text', other), false)
  })
})
