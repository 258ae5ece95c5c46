import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Reply, Scene } from '../scene.ts'
import { assertComplaints } from './complaints.ts'
import { mountSmallDisk } from './small-disk.ts'

const mebibyte = 1024 * 1024

/** Long messages until one is refused; the texts of those that were taken, and the refusal. */
async function sendUntilRefused(scene: Scene): Promise<{ taken: string[]; refusal: Reply }> {
  const taken: string[] = []
  for (let i = 0; i < 10_000; i++) {
    const text = `${i} ${'x'.repeat(900)}`
    const reply = await scene.send(scene.alice, text, { idempotencyKey: `key ${i}` })
    if (reply.status !== 200) return { taken, refusal: reply }
    taken.push(text)
  }
  throw new Error('the disk was not full after 10 000 messages')
}

/** The beginnings of the convo's messages are enough to tell them apart. */
async function assertTold(scene: Scene, sent: readonly string[]): Promise<void> {
  const heads = (texts: readonly string[]) => texts.slice(0, 100).map(text => text.slice(0, 10))
  assert.deepEqual(heads(await scene.texts(scene.bob)), heads(['first', ...sent].reverse()))
}

/** While nothing can be written, and after it can be again, by one and the same process. */
async function assertGoesOn(scene: Scene, makeRoom: () => void): Promise<void> {
  const { taken, refusal } = await sendUntilRefused(scene)
  assert.equal(refusal.status, 503)
  assert.equal(refusal.body.error, 'ServiceUnavailable')
  const again = await scene.send(scene.alice, 'still no room for it '.repeat(40))
  assert.deepEqual([again.status, again.body.error], [503, 'ServiceUnavailable'])
  await assertTold(scene, taken)

  makeRoom()
  const text = `${taken.length} ${'x'.repeat(900)}`
  const { status } = await scene.send(scene.alice, text, { idempotencyKey: `key ${taken.length}` })
  assert.equal(status, 200)
  await assertTold(scene, [...taken, text])
  // What was acknowledged and what was refused stand so on the disk too.
  await scene.service.kill()
  await scene.service.start()
  await assertTold(scene, [...taken, text])
}

test('on a full disk sends are refused by name, reads go on, and with room again all goes on', async () => {
  await using disk = await mountSmallDisk(6 * mebibyte)
  const { within } = disk
  await using scene = await Scene.open({ database: join(disk.folder, 'chat.sqlite'), within })
  await assertGoesOn(scene, () => {
    assertComplaints(scene.service, /The database: the disk is full; make room/)
    disk.resize(64 * mebibyte)
  })
})

test('a file that may not grow any more is a full disk', async () => {
  await using scene = await Scene.open()
  const limit = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(scene.service.pid), `--fsize=${bytes}`], { stdio: 'pipe' })
  limit(`${statSync(`${scene.database}-wal`).size + 200_000}:`)
  await assertGoesOn(scene, () => limit('unlimited:'))
})
