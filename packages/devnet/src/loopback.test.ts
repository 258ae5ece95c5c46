import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { listenOnLoopback, namesThisMachine } from './loopback.ts'

test('an application that names no host is bound to the loopback address', async t => {
  const app = { listen: (...args: number[]) => createServer().listen(...args) }
  listenOnLoopback(app)
  const server = app.listen(0)
  t.after(() => server.close())
  await once(server, 'listening')
  assert.equal((server.address() as AddressInfo).address, '127.0.0.1')
})

test('only requests that name this machine are its own', () => {
  for (const host of ['localhost', 'localhost:2584', '127.0.0.1:2584'])
    assert.ok(namesThisMachine(host), host)
  for (const host of [
    undefined,
    '',
    'evil.example:2584',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
  ]) {
    assert.ok(!namesThisMachine(host), host)
  }
})
