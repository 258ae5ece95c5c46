import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { RawConnection, requestText } from '@parley/testing/raw-connection.ts'
import { Scene } from '../scene.ts'

test('a service out of file descriptors goes on with whom it has, and takes new ones when some are free', async () => {
  await using scene = await Scene.open()
  const { alice, service, convo } = scene
  const open = () => readdirSync(`/proc/${service.pid}/fd`).length
  const known = await RawConnection.open(service.port)
  const nsid = 'chat.bsky.convo.sendMessage'
  const send = (text: string) => {
    const token = alice.token({ aud: service.did, lxm: nsid, now: Math.floor(Date.now() / 1000) })
    return known.send(requestText({ nsid, token, input: { convoId: convo, message: { text } } }))
  }
  assert.equal((await send('before')).status, 200)
  execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${open() + 20}:`], { stdio: 'pipe' })
  const flood: Socket[] = []
  for (let i = 0; i < 100; i++) {
    const socket = connect(service.port, '127.0.0.1')
    socket.on('error', () => {})
    flood.push(socket)
  }
  const before = open()
  for (let waits = 0; waits < 20 && open() <= before + 10; waits++) await pause(20)
  for (let i = 0; i < 20; i++) assert.equal((await send(`meanwhile ${i}`)).status, 200)
  assert.equal(
    scene.service.said.filter(line => /Error|exception/i.test(line)).length,
    0,
    scene.service.said.join(),
  )
  for (const socket of flood) socket.destroy()
  assert.equal((await scene.texts(scene.bob)).length, 22)
  known.close()
})
