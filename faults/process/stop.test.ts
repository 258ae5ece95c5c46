import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { shutdownTimeoutMs } from '../../packages/service/src/limits.ts'
import { Scene } from '../scene.ts'

test('what is in flight when the service is told to stop is answered, and is there afterwards', async () => {
  await using scene = await Scene.open({ accounts: 9 })
  const { service, network, bob } = scene
  const senders = network.accounts.filter(account => account !== bob)
  const convos: string[] = []
  for (const sender of senders) convos.push(await scene.openConvo(sender, bob))
  // Without what it knew: each sender has to be asked about, and the AppView takes its time.
  await service.kill('SIGTERM')
  await service.start()
  network.appView.trouble = { delayMs: 1500 }
  const asked = network.appView.asked
  const sends = senders.map((sender, i) => scene.send(sender, 'in flight', { convoId: convos[i]! }))
  const askedBy = AbortSignal.timeout(30_000)
  while (network.appView.asked < asked + senders.length) {
    assert.equal(askedBy.aborted, false, 'the AppView was not asked about every sender')
    await pause(5)
  }
  const gone = service.kill('SIGTERM')
  for (const { status } of await Promise.all(sends)) assert.equal(status, 200)
  // The callers' connections stay open for more, and it does not wait for that until its patience ends.
  const deadline = AbortSignal.timeout(shutdownTimeoutMs - 2000)
  await Promise.race([gone, once(deadline, 'abort')])
  assert.equal(deadline.aborted, false, 'it waited for connections on which nothing was under way')
  assert.equal(service.exitCode, 0, service.said.join('\n'))

  network.appView.trouble = undefined
  await service.start()
  const { convos: listed } = await scene.must(bob, 'chat.bsky.convo.listConvos', { params: { limit: '20' } })
  const last = (listed as { lastMessage: { text: string } }[]).map(({ lastMessage }) => lastMessage.text)
  assert.deepEqual(
    last,
    senders.map(() => 'in flight'),
  )
})
