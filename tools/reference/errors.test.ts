import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sdkReference } from './reference.ts'

test('docs/sdk/errors.md has a row for each code of a ChatError, and for no other', () => {
  const { entries } = sdkReference()
  const { signature } = entries[0]!.items.find(({ name }) => name === 'ChatErrorCode')!
  const codes = [...signature.matchAll(/'([^']+)'/g)].map(([, code]) => code!)
  const page = readFileSync(new URL('../../docs/sdk/errors.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split('## All of them')
  const rows = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code!)
  assert.ok(codes.length > 30)
  assert.deepEqual(rows.sort(), codes.sort())
})
