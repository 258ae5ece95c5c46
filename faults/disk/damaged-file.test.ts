import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { pageBytes } from '../../packages/service/src/store/sqlite/open-database.ts'
import { Scene } from '../scene.ts'

const frameBytes = 24 + pageBytes

/** Twenty messages, then the end of the service; the texts, newest first, with that of the scene. */
async function filled(end: 'SIGKILL' | 'SIGTERM'): Promise<{ scene: Scene; texts: string[] }> {
  const scene = await Scene.open()
  for (let i = 0; i < 20; i++) await scene.send(scene.alice, `text ${i}`)
  const texts = await scene.texts(scene.bob)
  assert.equal(texts.length, 21)
  await scene.service.kill(end)
  return { scene, texts }
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 0x40
  writeFileSync(path, bytes)
}

test('a log whose last transaction is torn is one that was never acknowledged: the rest is there', async () => {
  const { scene, texts } = await filled('SIGKILL')
  await using _ = scene
  const wal = `${scene.database}-wal`
  truncateSync(wal, statSync(wal).size - 100)
  await scene.service.start()
  assert.deepEqual(await scene.texts(scene.bob), texts.slice(1))
  assert.equal((await scene.send(scene.alice, 'and on')).status, 200)
  // Nothing of the torn one comes back.
  await scene.service.kill()
  await scene.service.start()
  assert.deepEqual(await scene.texts(scene.bob), ['and on', ...texts.slice(1)])
})

test('a log that is damaged in the middle is refused in plain words and left as it is', async () => {
  const { scene, texts } = await filled('SIGKILL')
  await using _ = scene
  const wal = `${scene.database}-wal`
  copyFileSync(wal, `${wal}.whole`)
  const frames = Math.floor((statSync(wal).size - 32) / frameBytes)
  const middle = 32 + Math.floor(frames / 2) * frameBytes
  // A page, a checksum, a salt, and the first frame.
  for (const at of [middle + 1000, middle + 17, middle + 9, 32 + 30]) {
    copyFileSync(`${wal}.whole`, wal)
    flip(wal, at)
    const damaged = readFileSync(wal)
    await assert.rejects(scene.service.start(), /chat\.sqlite-wal is damaged: .* backup/)
    assert.ok(readFileSync(wal).equals(damaged), 'the log was touched')
  }
  copyFileSync(`${wal}.whole`, wal)
  await scene.service.start()
  assert.deepEqual(await scene.texts(scene.bob), texts)
})

test('a log whose header is damaged is refused too', async () => {
  const { scene } = await filled('SIGKILL')
  await using _ = scene
  for (const at of [1, 10, 18, 26]) {
    flip(`${scene.database}-wal`, at)
    await assert.rejects(scene.service.start(), /chat\.sqlite-wal is damaged/)
    flip(`${scene.database}-wal`, at)
  }
  await scene.service.start()
})

test('a database of which half is missing, or that is another file, is not opened', async () => {
  const { scene } = await filled('SIGTERM')
  await using _ = scene
  const whole = readFileSync(scene.database)
  truncateSync(scene.database, Math.floor(whole.length / pageBytes / 2) * pageBytes)
  await assert.rejects(scene.service.start(), /chat\.sqlite: it is damaged; put a backup in its place/)
  writeFileSync(scene.database, 'no database at all\n'.repeat(500))
  await assert.rejects(scene.service.start(), /chat\.sqlite: it is no database/)
  writeFileSync(scene.database, whole)
  await scene.service.start()
  assert.equal((await scene.texts(scene.bob)).length, 21)
})

test('wherever a page of the database is damaged, answers are right or refused by name', async () => {
  const { scene, texts } = await filled('SIGTERM')
  await using _ = scene
  const whole = readFileSync(scene.database)
  const pages = whole.length / pageBytes
  const seen = new Set<string>()
  // Every one of them at once takes a start; three lots are enough to meet tables and indexes.
  for (const lot of [1, 2, 3]) {
    const bytes = Buffer.from(whole)
    for (let page = lot; page < pages; page += 3) bytes.fill(0xff, page * pageBytes, page * pageBytes + 100)
    writeFileSync(scene.database, bytes)
    if (!(await starts(scene))) continue
    for (const [nsid, params] of reads(scene.convo)) {
      const { status, body } = await scene.call(scene.bob, nsid, { params })
      seen.add(`${status} ${body.error ?? 'answered'}`)
      if (status === 200 && nsid.endsWith('getMessages'))
        assert.deepEqual(
          (body.messages as { text: string }[]).map(({ text }) => text),
          texts,
        )
    }
    const { status, body } = await scene.send(scene.alice, 'again')
    seen.add(`${status} ${body.error ?? 'answered'}`)
    await scene.service.kill()
    writeFileSync(`${scene.database}-wal`, '')
  }
  assert.ok(seen.size > 0, 'no lot of damage was one to start with')
  seen.delete('200 answered')
  assert.deepEqual([...seen], ['503 ServiceUnavailable'])
})

/** Or refuses in plain words to. */
async function starts({ service }: Scene): Promise<boolean> {
  try {
    await service.start()
    return true
  } catch (error) {
    assert.match((error as Error).message, /it is damaged; put a backup in its place/)
    return false
  }
}

function reads(convoId: string): [nsid: string, params: Record<string, string>][] {
  return [
    ['chat.bsky.convo.getMessages', { convoId, limit: '100' }],
    ['chat.bsky.convo.getConvo', { convoId }],
    ['chat.bsky.convo.listConvos', {}],
    ['chat.bsky.convo.getLog', { cursor: '2222222222222' }],
  ]
}
