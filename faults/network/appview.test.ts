import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestAccount } from '@parley/testing/account.ts'
import type { Trouble } from '@parley/testing/network.ts'
import { hourMs, openShiftedScene } from '../clock/shifted-scene.ts'
import type { Scene } from '../scene.ts'

const troubles: [name: string, Trouble][] = [
  ['cannot be reached', 'unreachable'],
  ['answers with 500', { status: 500 }],
  ['answers with half a page', { text: '{"profiles":[{"did":"did:plc' }],
  ['answers with a list of another kind', { text: '{"profiles":7,"relationships":{}}' }],
  ['answers after half a minute', { delayMs: 30_000 }],
]

/** What has to be asked of the AppView before it is done, of somebody unknown. */
async function refusalOfOpening(scene: Scene, to: TestAccount, now: number) {
  const params = { members: to.did }
  const { status, body } = await scene.call(scene.alice, 'chat.bsky.convo.getConvoForMembers', {
    params,
    now,
  })
  return [status, body.error]
}

for (const [name, trouble] of troubles) {
  test(`while the AppView ${name}, the known go on for minutes, the unknown are refused by name, and reads are answered`, async () => {
    await using shifted = await openShiftedScene({ accounts: 3 })
    const { scene, now, setClock } = shifted
    const stranger = scene.network.accounts[2]!
    assert.equal((await scene.send(scene.alice, 'before', {}, { now: now() })).status, 200)
    scene.network.appView.trouble = trouble
    // What is known is not fresh any more, so that the AppView is asked.
    await setClock(hourMs / 20)
    const asked = scene.network.appView.asked
    assert.equal((await scene.send(scene.alice, 'meanwhile', {}, { now: now() })).status, 200)
    assert.ok(scene.network.appView.asked > asked, 'nobody asked the AppView')
    assert.deepEqual(await refusalOfOpening(scene, stranger, now()), [502, 'UpstreamFailure'])
    await assertReads(scene, now())

    // After an hour nothing is known that a send could rest on; what was said can still be read.
    await setClock(2 * hourMs)
    const { status, body } = await scene.send(scene.alice, 'too late', {}, { now: now() })
    assert.deepEqual([status, body.error], [502, 'UpstreamFailure'])
    await assertReads(scene, now())

    scene.network.appView.trouble = undefined
    await setClock(2 * hourMs + 10_000)
    // A question that is still on its way fails first.
    const deadline = AbortSignal.timeout(60_000)
    for (;;) {
      const { status, body } = await scene.send(scene.alice, 'after', {}, { now: now() })
      if (status === 200) break
      assert.equal(deadline.aborted, false, `sends are refused although the AppView is back: ${body.error}`)
    }
  })
}

test('a service that starts while the AppView does not answer shows what was said, by accounts without names', async () => {
  await using shifted = await openShiftedScene()
  const { scene, now } = shifted
  assert.equal((await scene.send(scene.alice, 'meanwhile', {}, { now: now() })).status, 200)
  await scene.service.kill('SIGTERM')
  scene.network.appView.trouble = { delayMs: 30_000 }
  await scene.service.start()
  await assertReads(scene, now())
  const { convos } = await scene.must(scene.bob, 'chat.bsky.convo.listConvos')
  const [{ members }] = convos as [{ members: { did: string; handle: string }[] }]
  assert.deepEqual(
    members.map(({ did, handle }) => [did, handle]).sort(),
    [scene.alice, scene.bob].map(({ did }) => [did, 'handle.invalid']).sort(),
  )
})

async function assertReads(scene: Scene, now: number): Promise<void> {
  const page = { convoId: scene.convo, limit: '10' }
  const { messages } = await scene.must(scene.bob, 'chat.bsky.convo.getMessages', { params: page, now })
  assert.deepEqual((messages as { text: string }[])[0]?.text, 'meanwhile')
  const { convos } = await scene.must(scene.bob, 'chat.bsky.convo.listConvos', { now })
  assert.equal((convos as { lastMessage: { text: string } }[])[0]?.lastMessage.text, 'meanwhile')
  const { logs } = await scene.must(scene.bob, 'chat.bsky.convo.getLog', {
    params: { cursor: '2222222222222' },
    now,
  })
  assert.ok((logs as object[]).length > 2)
}
