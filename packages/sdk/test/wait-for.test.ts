import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import type { Client } from '../src/index.ts'

const users = ['alice.test', 'bob.test', 'carol.test'] as const

async function begin() {
  const net = fakeNetwork({ users, pace: 50 })
  const [alice, bob, carol] = (await Promise.all(users.map(handle => net.client(handle)))) as [
    Client,
    Client,
    Client,
  ]
  const convo = await alice.dm.createGroup('Readers', ['bob.test', 'carol.test'])
  for (const client of [bob, carol]) await (await client.dm.get(convo.id)).accept()
  return { net, alice, bob, carol, convo }
}

describe('waiting for an event of a conversation', () => {
  it('gives the answer to a question, however fast it comes, and from whom it is asked', async () => {
    const { bob, carol, convo } = await begin()
    const question = await convo.send('who is there?')
    await carol.dm.send({ convoId: convo.id }, 'not me')
    await bob.dm.send({ convoId: convo.id }, 'no')
    await bob.dm.send({ convoId: convo.id }, 'yes')
    const where = ({ message }: { message: { text: string } }) => message.text.length > 2
    const answer = await convo.waitFor('message', { after: question, from: '@bob.test', where })
    assert.equal(answer.message.text, 'yes')
    assert.equal((await convo.waitFor('message', { after: question })).message.text, 'not me')
  })

  it('begins now, and does not take what the account does itself for it', async () => {
    const { bob, convo } = await begin()
    const message = await convo.send('react to this')
    const waiting = convo.waitFor('reaction:added')
    await message.react('👍')
    const theirs = (await Array.fromAsync((await bob.dm.get(convo.id)).messages()))[0]
    assert.ok(theirs?.type === 'message')
    await theirs.react('🎉')
    assert.equal((await waiting).value, '🎉')
    await message.react('🙈')
    const own = await convo.waitFor('reaction:added', { after: message, from: 'alice.test' })
    assert.equal(own.value, '👍')
  })

  it('ends in time, and when it is told to', async () => {
    const { net, convo } = await begin()
    const waiting = assert.rejects(convo.waitFor('message', { timeoutMs: 600_000 }), { code: 'timeout' })
    while (net.openStreams === 0) await new Promise(resolve => setTimeout(resolve, 5))
    await net.advance(600_000)
    await waiting
    const signal = AbortSignal.timeout(20)
    await assert.rejects(convo.waitFor('message', { signal }), { code: 'aborted' })
  })
})

describe('several messages', () => {
  it('go in their order, and stop where one fails', async () => {
    const { net, bob, convo } = await begin()
    const sent = await convo.sendAll(['one', { text: 'two' }])
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['one', 'two'],
    )
    await assert.rejects(convo.sendAll(['three', 'x'.repeat(1001), 'four']), { code: 'too-long' })
    const texts = (await Array.fromAsync((await bob.dm.get(convo.id)).messages())).flatMap(message =>
      message.type === 'message' ? [message.text] : [],
    )
    assert.deepEqual(texts, ['three', 'two', 'one'])
    await net[Symbol.asyncDispose]()
  })
})
