import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { Scene } from '../scene.ts'

/** As `sqlite3 parley.sqlite ".backup copy.sqlite"` does. */
async function copyWhileInUse(database: string, copy: string): Promise<void> {
  using db = new DatabaseSync(database, { readOnly: true })
  await backup(db, copy)
}

test('a copy made under load holds what was acknowledged before, and a service goes on from it', async () => {
  await using scene = await Scene.open()
  const { service, database, alice, bob } = scene
  const before = Array.from({ length: 20 }, (_, i) => `before ${i}`)
  for (const text of before) assert.equal((await scene.send(alice, text)).status, 200)
  let isDone = false
  const meanwhile = (async () => {
    for (let i = 0; !isDone; i++) await scene.send(alice, `meanwhile ${i}`)
  })()
  await copyWhileInUse(database, `${database}.copy`)
  isDone = true
  await meanwhile
  const last = await scene.send(alice, 'after')

  await service.kill('SIGTERM')
  rmSync(database)
  copyFileSync(`${database}.copy`, database)
  await service.start()
  const texts = (await scene.texts(bob)).reverse()
  assert.deepEqual(texts.slice(0, 21), ['first', ...before])
  assert.ok(!texts.includes('after'))
  // Whoever was told of more follows on: what comes now is above it.
  const next = await scene.send(alice, 'from the copy on')
  assert.ok((next.body.rev as string) > (last.body.rev as string))
  const params = { cursor: last.body.rev as string }
  const { logs } = await scene.must(bob, 'chat.bsky.convo.getLog', { params })
  assert.deepEqual(
    (logs as { message: { text: string } }[]).map(({ message }) => message.text),
    ['from the copy on'],
  )
})

test('whoever has no copy goes on with what of a damaged log can be read', async () => {
  await using scene = await Scene.open()
  const { service, database, alice, bob } = scene
  for (let i = 0; i < 20; i++) await scene.send(alice, `${i}`)
  const all = (await scene.texts(bob)).reverse()
  await service.kill()
  const wal = readFileSync(`${database}-wal`)
  wal[Math.floor(wal.length / 2)]! ^= 1
  writeFileSync(`${database}-wal`, wal)
  await assert.rejects(service.start(), /is damaged/)
  // sqlite3 parley.sqlite "pragma wal_checkpoint(truncate)"
  const db = new DatabaseSync(database)
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
  await service.start()
  const left = (await scene.texts(bob)).reverse()
  assert.ok(left.length > 0 && left.length < all.length)
  assert.deepEqual(left, all.slice(0, left.length))
})
