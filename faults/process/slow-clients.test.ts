import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { requestText } from '@parley/testing/raw-connection.ts'
import { Scene } from '../scene.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte
const clients = 100

test('two hundred that never finish what they send, or never read what they asked for, cost little, and nobody waits for them', async t => {
  await using scene = await Scene.open()
  const { alice, bob, service, convo } = scene
  const page = Array.from({ length: 100 }, (_, i) => ({
    convoId: convo,
    message: { text: `${i} ${'x'.repeat(900)}` },
  }))
  await scene.must(alice, 'chat.bsky.convo.sendMessageBatch', { input: { items: page } })
  const before = residentBytes(service.pid)
  const sockets: Socket[] = []
  const token = (lxm: string) => alice.token({ aud: service.did, lxm, now: Math.floor(Date.now() / 1000) })
  for (let i = 0; i < clients; i++) {
    sockets.push(endlessSender(service.port, token('chat.bsky.convo.sendMessage'), 128 * kibibyte))
    sockets.push(
      deafReader(service.port, { convoId: convo, limit: '100' }, token('chat.bsky.convo.getMessages')),
    )
  }
  // Who sends too much is told so before the end, which never comes.
  const tooMuch = endlessSender(service.port, token('chat.bsky.convo.sendMessage'), 512 * kibibyte)
  sockets.push(tooMuch)
  const [refusal] = await once(tooMuch, 'data')
  assert.match(String(refusal), /^HTTP\/1\.1 413 [\s\S]*PayloadTooLarge/)
  for (let i = 0; i < 20; i++) {
    assert.equal((await scene.send(bob, `meanwhile ${i}`)).status, 200)
    await pause(20)
  }
  t.diagnostic(`grew by ${Math.round((residentBytes(service.pid) - before) / mebibyte)} MiB`)
  const grown = residentBytes(service.pid) - before
  for (const socket of sockets) socket.destroy()
  assert.ok(grown < 512 * mebibyte, `grew by ${Math.round(grown / mebibyte)} MiB`)
  assert.equal((await scene.send(bob, 'afterwards')).status, 200)
})

/** Sends this much of a body that has no end. */
function endlessSender(port: number, token: string, bytes: number): Socket {
  const head = [
    'POST /xrpc/chat.bsky.convo.sendMessage HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'transfer-encoding: chunked',
  ]
  return open(port, `${head.join('\r\n')}\r\n\r\n${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`)
}

/** Asks for a page twenty times at once and reads nothing. */
function deafReader(port: number, params: Record<string, string>, token: string): Socket {
  const socket = open(port, requestText({ nsid: 'chat.bsky.convo.getMessages', token, params }).repeat(20))
  return socket.pause()
}

function open(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(text)
  return socket
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024
}
