import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FakeNetwork, fakeNetwork } from '../src/fake-network/index.ts'
import { ChatError, type Client, type Conversation } from '../src/index.ts'

const users = ['alice.test', 'bob.test', 'carol.test'] as const

/** Chance that comes the same way each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

async function textsIn(conversation: Conversation): Promise<string[]> {
  const texts: string[] = []
  for await (const message of conversation.messages())
    if (message.type === 'message') texts.push(message.text)
  return texts.reverse()
}

/** How often a send reached the network. */
function sends(net: FakeNetwork): number {
  return net.requests.filter(({ method }) => method === 'chat.bsky.convo.sendMessage').length
}

for (const extensions of [true, false]) {
  describe(extensions ? 'sending on Parley' : 'sending on a service without idempotency keys', () => {
    async function begin(): Promise<{ net: FakeNetwork; alice: Client; convo: Conversation }> {
      const net = fakeNetwork({ users, extensions, pace: 200, random: seeded(7) })
      const alice = await net.client('alice.test')
      return { net, alice, convo: await alice.dm.with('bob.test') }
    }

    it('loses nothing and doubles nothing, however many answers get lost', async () => {
      const { net, alice } = await begin()
      const convos = await Promise.all(['bob.test', 'carol.test'].map(handle => alice.dm.with(handle)))
      for (const fault of [{ cut: true }, { status: 502 }, { status: 503 }, { status: 500 }] as const)
        for (const when of ['before', 'after'] as const)
          net.fault({ ...fault, when, method: 'chat.bsky.convo.sendMessage', chance: 0.007, times: Infinity })
      const texts = Array.from({ length: 500 }, (_, number) => `number ${number}`)
      await Promise.all(convos.flatMap(convo => texts.map(text => convo.send(text))))
      assert.ok(sends(net) > 1010, `${sends(net)} tries`)
      net.clearFaults()
      for (const convo of convos) assert.deepEqual(await textsIn(convo), texts)
    })

    it('tells messages of the same words apart', async () => {
      const { net, convo } = await begin()
      net.fault({ method: 'chat.bsky.convo.sendMessage', when: 'after', cut: true, chance: 0.3, times: 10 })
      net.fault({
        method: 'chat.bsky.convo.sendMessage',
        when: 'before',
        status: 502,
        chance: 0.3,
        times: 10,
      })
      const sent = await Promise.all(Array.from({ length: 40 }, () => convo.send('ok')))
      assert.equal(new Set(sent.map(({ id }) => id)).size, 40)
      assert.equal((await textsIn(convo)).length, 40)
    })

    it('keeps the order in which it was asked', async () => {
      const { convo } = await begin()
      const texts = Array.from({ length: 20 }, (_, number) => `number ${number}`)
      await Promise.all(texts.map(text => convo.send(text)))
      assert.deepEqual(await textsIn(convo), texts)
    })

    it('says that it does not know, where nobody can be asked any more', async () => {
      const { net, convo } = await begin()
      net.fault({ cut: true, times: Infinity })
      const error = await convo.send('hello').catch((error: unknown) => error)
      assert.ok(error instanceof ChatError && error.is('network') && error.delivered === 'unknown')
    })

    it('does not try again what was refused', async () => {
      const { net, convo } = await begin()
      net.block('bob.test', 'alice.test')
      const before = sends(net)
      await assert.rejects(convo.send('hello'), { code: 'recipient/blocked', delivered: 'no' })
      assert.equal(sends(net), before + 1)
    })

    it('gives up when it is told to', async () => {
      const { net, convo } = await begin()
      net.fault({ method: 'chat.bsky.convo.sendMessage', hang: true })
      const gaveUp = AbortSignal.timeout(50)
      await assert.rejects(convo.send('hello', { signal: gaveUp }), { code: 'aborted' })
      await convo.send('afterwards')
      assert.deepEqual(await textsIn(convo), ['afterwards'])
    })
  })
}

describe('a slow service without idempotency keys', () => {
  it('is waited for, and nothing is sent twice', async () => {
    const net = fakeNetwork({ users, extensions: false, pace: 200 })
    const alice = await net.client('alice.test', { timeoutMs: 100 })
    const convo = await alice.dm.with('bob.test')
    net.fault({ method: 'chat.bsky.convo.sendMessage', hang: true, when: 'after' })
    assert.equal((await convo.send('slow')).text, 'slow')
    net.fault({ method: 'chat.bsky.convo.sendMessage', hang: true })
    await assert.rejects(convo.send('lost'), { code: 'timeout', delivered: 'unknown' })
    assert.deepEqual(await textsIn(convo), ['slow'])
  })
})
