import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Scene } from '../scene.ts'
import { mountSmallDisk } from './small-disk.ts'

test('a service whose disk is read-only does not start, and says in a sentence why', async t => {
  using disk = mountSmallDisk(16 * 1024 * 1024)
  if (!disk) return t.skip('this process may not mount a disk')
  await using scene = await Scene.open({ database: join(disk.folder, 'chat.sqlite') })
  await scene.service.kill('SIGTERM')
  disk.makeReadOnly()
  await assert.rejects(
    scene.service.start(),
    /ended with code 1 .*Cannot open the database .*chat\.sqlite: its folder must exist and be writable/,
  )
  assert.equal(scene.service.said.length, 1, scene.service.said.join('\n'))
})

test('one that was killed before its disk became read-only starts, answers reads and refuses sends by name', async t => {
  using disk = mountSmallDisk(16 * 1024 * 1024)
  if (!disk) return t.skip('this process may not mount a disk')
  await using scene = await Scene.open({ database: join(disk.folder, 'chat.sqlite') })
  await scene.service.kill()
  disk.makeReadOnly()
  await scene.service.start()
  assert.deepEqual(await scene.texts(scene.bob), ['first'])
  const { status, body } = await scene.send(scene.alice, 'into nothing')
  assert.deepEqual([status, body.error], [503, 'ServiceUnavailable'])
  assert.deepEqual(await scene.texts(scene.bob), ['first'])
  await scene.service.kill()
})
