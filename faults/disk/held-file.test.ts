import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { Scene } from '../scene.ts'

/** Another program that holds the file until it is told to let go. */
async function hold(database: string, sql: string): Promise<() => Promise<void>> {
  const program = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(process.argv[1])
    db.exec(process.argv[2])
    console.log('held')
    process.stdin.on('end', () => db.close()).resume()`
  const child = spawn(process.execPath, ['-e', program, database, sql], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
}

test('while another program holds the writer, sends are refused by name and reads go on; then all goes on', async () => {
  await using scene = await Scene.open()
  const letGo = await hold(scene.database, 'begin immediate')
  const { status, body } = await scene.send(scene.alice, 'meanwhile')
  assert.deepEqual([status, body.error], [503, 'ServiceUnavailable'])
  assert.deepEqual(await scene.texts(scene.bob), ['first'])
  await letGo()
  assert.equal((await scene.send(scene.alice, 'after')).status, 200)
  assert.deepEqual(await scene.texts(scene.bob), ['after', 'first'])
})

test('a service does not start on a file that another program has to itself, and says so', async () => {
  await using scene = await Scene.open()
  await scene.service.kill('SIGTERM')
  const letGo = await hold(scene.database, 'pragma locking_mode = exclusive; begin exclusive')
  await assert.rejects(scene.service.start(), /chat\.sqlite: another program holds it/)
  await letGo()
  await scene.service.start()
})

test('a second service on the same file does not start, and the first one goes on', async () => {
  await using scene = await Scene.open()
  const { network, database } = scene
  await assert.rejects(
    ServiceProcess.start({ network, database, log: 'keep' }).then(second => second.kill()),
    /ended with code 1 .*chat\.sqlite: another service has it open; several take a PostgreSQL/,
  )
  assert.equal((await scene.send(scene.alice, 'undisturbed')).status, 200)
  // The lock is not a thing that a kill could leave behind.
  await scene.service.kill()
  await scene.service.start()
  assert.deepEqual(await scene.texts(scene.bob), ['undisturbed', 'first'])
})

test('a service whose folder is missing does not start, and says so', async () => {
  await using scene = await Scene.open()
  await scene.service.kill('SIGTERM')
  rmSync(dirname(scene.database), { recursive: true })
  await assert.rejects(scene.service.start(), /chat\.sqlite: its folder must exist and be writable/)
})
