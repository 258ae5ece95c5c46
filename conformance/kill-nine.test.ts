import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ChatBskyConvoGetConvoForMembers } from '@atcute/bluesky'
import { Devnet } from '@parley/devnet'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { logIn } from './account.ts'
import { DirectClient, RefusedError } from './kill-nine/direct-client.ts'
import { brokenPromises } from './kill-nine/history.ts'
import { readAccount } from './kill-nine/read-account.ts'
import { sendThroughKills } from './kill-nine/send-through-kills.ts'
import { poll } from './poll.ts'

test('every acknowledged message is there, once, in order, in both logs, after three kills in 500 sends', async t => {
  await using held = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'parley-kill-nine-'))
  held.defer(() => rm(folder, { recursive: true, force: true }))
  const net = held.use(await Devnet.create())
  const service = held.use(
    await ServiceProcess.start({ network: net, database: join(folder, 'chat.sqlite') }),
  )
  const alice = new DirectClient(await logIn(net, 'alice.test'), service)
  const bob = new DirectClient(await logIn(net, 'bob.test'), service)
  const convoId = await openConvo(alice, bob)

  const { acknowledged, unanswered } = await sendThroughKills({
    service,
    convoId,
    senders: [alice, bob],
    sends: 500,
    inFlight: 16,
    // Early, in the middle and late; none where sixteen answers would fall together.
    killAfter: [59, 246, 411],
  })
  t.diagnostic(`sends that the kills left unanswered: ${unanswered.join(', ')}`)
  assert.equal(acknowledged.length, 500)
  assert.equal(unanswered.length, 3)
  assert.notEqual(Math.max(...unanswered), 0, 'no kill came in the middle of anything')

  // Once more, so that it is the file that speaks.
  await service.kill()
  await service.start()
  const accounts = await Promise.all([alice, bob].map(client => readAccount(client, convoId)))
  assert.deepEqual(brokenPromises(acknowledged, accounts), [])
})

/** Waits for a service that has just started to hear who there is. */
async function openConvo(client: DirectClient, other: DirectClient): Promise<string> {
  const params = { members: other.account.did }
  return poll('the service hears of the accounts', async () => {
    const answer = await client.get('chat.bsky.convo.getConvoForMembers', params).catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error
    })
    return (answer as ChatBskyConvoGetConvoForMembers.$output | undefined)?.convo.id
  })
}
