import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { startNetwork } from '@parley/testing/network.ts'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { Scene, tempFolder } from '../scene.ts'
import { assertComplaints } from './complaints.ts'
import { mountSmallDisk } from './small-disk.ts'

/** Root writes what nobody may, but for this. */
const ordinary = process.getuid!() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []

/** Told in one line: what is wrong, and what to do next. */
async function assertRefusal({ service }: Scene, words: RegExp): Promise<void> {
  await assert.rejects(service.start(), words)
  assert.equal(service.said.length, 1, service.said.join('\n'))
}

for (const [signal, before] of [
  ['SIGTERM', 'was told to stop'],
  ['SIGKILL', 'was killed'],
] as const) {
  test(`a service that ${before} does not start on a disk that is read-only by then, says so, and starts once it is writable`, async () => {
    await using disk = await mountSmallDisk(16 * 1024 * 1024)
    const { within } = disk
    await using scene = await Scene.open({ database: join(disk.folder, 'chat.sqlite'), within })
    await scene.service.kill(signal)
    disk.makeReadOnly()
    await assertRefusal(
      scene,
      /code 1 .*Cannot open the database .*chat\.sqlite: its disk is read-only; .* make it writable and start again$/,
    )
    disk.makeWritable()
    await scene.service.start()
    assert.deepEqual(await scene.texts(scene.bob), ['first'])
  })
}

test('a service that may not write its folder, or one of its files, does not start and names it', async () => {
  await using scene = await Scene.open({ within: ordinary })
  const { service, database } = scene
  await service.kill()
  const folder = dirname(database)
  for (const file of [folder, database, `${database}-wal`, `${database}-shm`, `${database}-lock`]) {
    const [writable, readOnly] = file === folder ? [0o700, 0o500] : [0o600, 0o400]
    assert.ok(existsSync(file), file)
    chmodSync(file, readOnly)
    await assertRefusal(
      scene,
      new RegExp(`the user of this process may not write ${file}; .* and start again$`),
    )
    chmodSync(file, writable)
  }
  await service.start()
  assert.deepEqual(await scene.texts(scene.bob), ['first'])
})

test('files and a folder that become read-only under a service that runs are no trouble until it is started again', async () => {
  await using scene = await Scene.open({ within: ordinary })
  const { service, database } = scene
  for (const file of [database, `${database}-wal`, `${database}-shm`, `${database}-lock`])
    chmodSync(file, 0o400)
  chmodSync(dirname(database), 0o500)
  assert.equal((await scene.send(scene.alice, 'none the less')).status, 200)
  assert.deepEqual(await scene.texts(scene.bob), ['none the less', 'first'])
  await service.kill('SIGTERM')
  assert.deepEqual([service.exitCode, service.said.length], [0, 1], service.said.join('\n'))
  chmodSync(dirname(database), 0o700)
})

test('while a disk takes no writes, sends are refused by name, reads go on, and the log says it without a stack', async () => {
  await using scene = await Scene.open()
  const { service } = scene
  // No byte of any file: to SQLite that fails as on a disk that the system has made read-only.
  const limit = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${bytes}:`], { stdio: 'pipe' })
  limit('0')
  const { status, body } = await scene.send(scene.alice, 'into nothing')
  assert.deepEqual([status, body.error], [503, 'ServiceUnavailable'])
  assert.deepEqual(await scene.texts(scene.bob), ['first'])
  limit('unlimited')
  assert.equal((await scene.send(scene.alice, 'again')).status, 200)
  assert.deepEqual(await scene.texts(scene.bob), ['again', 'first'])
  await service.kill('SIGTERM')
  assertComplaints(
    service,
    /the disk fails, or has become read-only; the log of the system \(dmesg\) says why/,
  )
})

test('a service that may not write its index of people does not start and names it', async () => {
  await using held = new AsyncDisposableStack()
  const network = held.use(await startNetwork(1))
  const index = join(tempFolder(held), 'people.sqlite')
  const settings = {
    PARLEY_APPVIEW_URL: '',
    PARLEY_FIREHOSE_HOSTS: 'http://127.0.0.1:1',
    PARLEY_PEOPLE_INDEX: index,
  }
  const service = held.use(
    await ServiceProcess.start({ network, database: ':memory:', settings, within: ordinary, log: 'keep' }),
  )
  await service.kill('SIGTERM')
  chmodSync(index, 0o400)
  await assert.rejects(
    service.start(),
    /Cannot open the index of people .*people\.sqlite: attempt to write a readonly database\. The file and its/,
  )
  assert.equal(service.said.length, 1, service.said.join('\n'))
})
