import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scene } from '../scene.ts'
import { hourMs, openShiftedScene } from './shifted-scene.ts'

interface Row {
  rev: string
  message?: { id: string; text: string; sentAt: string }
}

async function log(scene: Scene, cursor: string, now: number): Promise<Row[]> {
  const body = await scene.must(scene.bob, 'chat.bsky.convo.getLog', { params: { cursor }, now })
  return body.logs as Row[]
}

test('while the clock is put forward an hour and back two, revs rise and a log is followed without a gap', async () => {
  await using shifted = await openShiftedScene()
  const { scene, now, setClock } = shifted
  const followed: Row[] = []
  const sent: string[] = []
  for (const shiftMs of [0, hourMs, -hourMs, 0]) {
    if (shiftMs !== 0 || sent.length > 0) await setClock(shiftMs)
    for (const text of ['one', 'two']) {
      const reply = await scene.send(scene.alice, `${text} at ${shiftMs}`, {}, { now: now() })
      assert.equal(reply.status, 200, JSON.stringify(reply.body))
      sent.push(reply.body.id as string)
    }
    followed.push(...(await log(scene, followed.at(-1)?.rev ?? '2222222222222', now())))
  }
  assert.deepEqual(sent, sent.toSorted())
  const all = await log(scene, '2222222222222', now())
  assert.deepEqual(followed, all)
  assert.deepEqual(
    all.slice(-8).map(({ message }) => message!.id),
    sent,
  )
})

test('a service that is started with a clock that is an hour behind goes on above what it had said', async () => {
  await using shifted = await openShiftedScene()
  const { scene, now, setClockBetweenRuns } = shifted
  const before = await scene.send(scene.alice, 'before')
  await scene.service.kill()
  setClockBetweenRuns(-hourMs)
  await scene.service.start()
  const after = await scene.send(scene.alice, 'after', {}, { now: now() })
  assert.equal(after.status, 200)
  assert.ok((after.body.id as string) > (before.body.id as string))
  assert.deepEqual(
    (await log(scene, before.body.rev as string, now())).map(({ message }) => message?.text),
    ['after'],
  )
})

test('an idempotency key holds through an hour forward and two back', async () => {
  await using shifted = await openShiftedScene()
  const { scene, now, setClock } = shifted
  const send = () => scene.send(scene.alice, 'once', { idempotencyKey: 'key' }, { now: now() })
  const first = await send()
  for (const shiftMs of [hourMs, -hourMs]) {
    await setClock(shiftMs)
    assert.deepEqual(await send(), first)
  }
})

test('whose clock is right is refused by one that is wrong, and told so by name', async () => {
  await using shifted = await openShiftedScene()
  const { scene, setClock } = shifted
  const right = async () => {
    const { status, body } = await scene.send(scene.alice, 'hello')
    return [status, body.error]
  }
  await setClock(hourMs)
  assert.deepEqual(await right(), [401, 'JwtExpired'])
  await setClock(-hourMs)
  assert.deepEqual(await right(), [401, 'BadJwt'])
  await setClock(0)
  assert.deepEqual(await right(), [200, undefined])
})

test('a block counts although the clock was set back since its accounts were last asked about', async () => {
  await using shifted = await openShiftedScene()
  const { scene, now, setClock } = shifted
  assert.equal((await scene.send(scene.alice, 'welcome', {}, { now: now() })).status, 200)
  await setClock(-hourMs)
  scene.network.blocks.add(`${scene.bob.did} ${scene.alice.did}`)
  const { status, body } = await scene.send(scene.alice, 'unwelcome', {}, { now: now() })
  assert.deepEqual([status, body.message], [400, 'block between recipient and sender'])
})

test('whoever keeps to their rate is not refused because the clock was set back', async () => {
  const settings = { PARLEY_RATE_LIMITS: 'on', PARLEY_RATE_SENDS: '4/3600' }
  await using shifted = await openShiftedScene({ settings })
  const { scene, now, setClock } = shifted
  const send = async () => (await scene.send(scene.alice, 'hello', {}, { now: now() })).status
  // With the one that the scene began with.
  assert.deepEqual([await send(), await send()], [200, 200])
  await setClock(-hourMs)
  assert.deepEqual([await send(), await send()], [200, 429])
  await setClock(0)
  assert.deepEqual([await send(), await send()], [200, 200])
})
