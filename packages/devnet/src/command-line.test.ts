import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine, UsageError } from './command-line.ts'

test('people get the documented ports, programs get free ones', () => {
  assert.deepEqual(parseCommandLine([]).ports, { plc: 2582, pds: 2583, web: 2584, chat: 2590 })
  assert.deepEqual(parseCommandLine(['--json']).ports, {})
})

test('a chosen port replaces only its own default', () => {
  assert.deepEqual(parseCommandLine(['--ports', 'pds=3000']).ports, {
    plc: 2582,
    pds: 3000,
    web: 2584,
    chat: 2590,
  })
  assert.deepEqual(parseCommandLine(['--json', '--ports', 'pds=3000,chat=3001']).ports, {
    pds: 3000,
    chat: 3001,
  })
  assert.deepEqual(parseCommandLine(['--ports', 'free']).ports, {})
})

test('an argument that makes no sense is refused by name', () => {
  for (const args of [
    ['--port'],
    ['--ports', 'http=1'],
    ['--ports', 'pds=70000'],
    ['--ports', 'pds'],
    ['extra'],
  ]) {
    assert.throws(() => parseCommandLine(args), UsageError, args.join(' '))
  }
})
