import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { describe, test } from 'node:test'
import { testAccount } from '@parley/testing/account.ts'
import { RawConnection, requestText } from '@parley/testing/raw-connection.ts'
import { type Answer, Caller } from '../load/caller.ts'
import { assertAllThere } from '../load/find-sent.ts'
import { LoadClient } from '../load/load-client.ts'
import { startLineUp } from '../stacks/line-up.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import { startProgram } from '../stacks/program.ts'
import type { Stack } from '../stacks/stack.ts'

const options = { engine: 'sqlite', quick: true, rounds: 1, seconds: 0.1 } as const

describe('who is measured', () => {
  test('the floor, the reference and ours answer one small history the same', async () => {
    await using own = await ownFolder(tmpdir(), 'parley-bench-test')
    const folder = own.path
    await using lineUp = await startLineUp({ ...options, folder }, { messages: 2, withLog: false })
    const [floor, reference, ours] = await Promise.all(lineUp.stacks.map(tell))
    assert.equal(ours!.page.length, 5)
    assert.equal(ours!.log.length, 3)
    assert.deepEqual(floor, ours)
    assert.deepEqual(reference, ours)
  })

  test('all of them refuse a token for another or of another, and what is not there is missed', async () => {
    await using own = await ownFolder(tmpdir(), 'parley-bench-test')
    const folder = own.path
    await using lineUp = await startLineUp({ ...options, folder }, { messages: 2, withLog: false })
    for (const stack of lineUp.stacks) {
      using stranger = await Caller.open({ ...stack, did: 'did:web:other.test' })
      await assert.rejects(stranger.get(0, 'chat.bsky.convo.getLog', {}), /refused \(401\)/, stack.name)
      await assertForgeryIsRefused(stack)
      const lost = [{ pair: 0, id: '3aaaaaaaaaa22' }]
      await assert.rejects(assertAllThere(stack, lost), /1 acknowledged messages are not there/)
    }
  })
})

describe('a load', () => {
  test('that is refused is no measurement', async () => {
    await using own = await ownFolder(tmpdir(), 'parley-bench-test')
    await using floor = await startProgram('floor', { folder: own.path, accounts: 20, messages: 2 })
    await using client = LoadClient.start()
    const { port, stage, did } = floor
    const plan = {
      port,
      stage,
      mix: { poll: 1 },
      inFlight: 2,
      durationMs: 50,
      requestsMax: 10,
      label: 'test',
    }
    await client.prepare({ ...plan, audience: 'did:web:other.test' })
    await assert.rejects(client.run(), /the load was refused: .* × 401/)
    await client.prepare({ ...plan, audience: did })
    assert.ok((await client.run()).answered > 0)
  })
})

/** A token that another account has signed. */
async function assertForgeryIsRefused({ name, did, port, stage }: Stack): Promise<void> {
  const nsid = 'chat.bsky.convo.getLog'
  const claims = { aud: did, lxm: nsid, now: Math.floor(Date.now() / 1000) }
  const [own, other] = [testAccount(0), testAccount(2)].map(account => account.token(claims).split('.'))
  const token = [own![0], own![1], other![2]].join('.')
  const connection = await RawConnection.open(port)
  const { status } = await connection.send(
    requestText({ nsid, token, params: { cursor: stage.cursors[0]! } }),
  )
  connection.close()
  assert.equal(status, 401, name)
}

/** What pair 0 writes to each other, and what its first member then reads. Ids and times are each server's own. */
async function tell(stack: Stack) {
  const { convoIds, cursors, accounts } = stack.stage
  using caller = await Caller.open(stack)
  const convoId = convoIds[0]!
  for (const [account, text] of [
    [0, 'one'],
    [accounts / 2, 'two'],
    [0, 'three'],
  ] as const)
    await caller.post(account, 'chat.bsky.convo.sendMessage', { convoId, message: { text } })
  const page = await caller.get(0, 'chat.bsky.convo.getMessages', { convoId, limit: '10' })
  const log = await caller.get(0, 'chat.bsky.convo.getLog', { cursor: cursors[0]! })
  const quiet = await caller.get(1, 'chat.bsky.convo.getLog', { cursor: cursors[1]! })
  assert.deepEqual(quiet, { cursor: cursors[1], logs: [] })
  const newMessages = log.logs.filter(({ $type }: Answer) => $type.endsWith('#logCreateMessage'))
  const shape = ({ id, rev, text, sender, sentAt }: Answer) => {
    assert.equal(id, rev)
    assert.ok(Date.parse(sentAt) > 0)
    return { text, sender }
  }
  return {
    page: page.messages.map(shape),
    log: newMessages.map((row: Answer) => {
      assert.equal(row.convoId, convoId)
      return shape(row.message)
    }),
  }
}
