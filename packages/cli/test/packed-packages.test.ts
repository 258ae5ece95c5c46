import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { packedPackages } from '../src/init/packed-packages.ts'

describe('the packages of a clone', () => {
  const before = process.env.TMPDIR
  let temporary: string
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'parley-packing-'))
    process.env.TMPDIR = temporary
  })
  afterEach(async () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    await rm(temporary, { recursive: true })
  })

  test('are built once for a state of the sources, also where two want them at once', async () => {
    const [one, other] = await Promise.all([packedPackages(), packedPackages()])
    assert.equal(one, other)
    const { ino } = await stat(one)
    assert.equal(await packedPackages(), one)
    assert.equal((await stat(one)).ino, ino)
    assert.ok((await readdir(one)).some(name => /^parley-sdk-.*\.tgz$/.test(name)))
    assert.equal((await readdir(join(one, '..'))).length, 1)
  })

  test('are not taken from where others could have put them', async () => {
    const open = join(temporary, `parley-packed-${userInfo().uid}`)
    await mkdir(open)
    await chmod(open, 0o777)
    await assert.rejects(packedPackages(), /is not yours alone/)
  })
})
