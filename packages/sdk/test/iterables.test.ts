import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { Client } from '../src/index.ts'
import { convo, startPds } from '../src/testing/toy-pds.ts'

describe('whatever comes in pages', () => {
  it('goes on behind an empty page, and ends where the cursor stands still', async () => {
    await using pds = await startPds()
    const asked: (string | null)[] = []
    const answers: Record<string, object> = {
      start: { convos: [{ ...convo, id: 'one' }], cursor: 'a' },
      a: { convos: [], cursor: 'b' },
      b: { convos: [{ ...convo, id: 'two' }], cursor: 'c' },
      c: { convos: [{ ...convo, id: 'three' }], cursor: 'c' },
    }
    pds.on('chat.bsky.convo.listConvos', ({ query }) => {
      asked.push(query.get('cursor'))
      return { json: answers[query.get('cursor') ?? 'start'] }
    })
    const client = new Client(pds.url)
    await client.login('alice.test', 'password')
    const ids = (await Array.fromAsync(client.dm.conversations())).map(({ id }) => id)
    assert.deepEqual(ids, ['one', 'two', 'three'])
    assert.deepEqual(asked, [null, 'a', 'b', 'c'])
  })

  it('asks for no page before it is wanted', async () => {
    const net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    const alice = await net.client('alice.test')
    const withBob = await alice.dm.with('bob.test')
    for (const text of ['one', 'two', 'three']) await withBob.send(text)
    const pages = () => net.requests.filter(({ method }) => method.endsWith('getMessages')).length
    for await (const message of withBob.messages({ pageSize: 1 })) {
      assert.equal(message.type === 'message' && message.text, 'three')
      break
    }
    assert.equal(pages(), 1)
  })

  it('ends with `aborted` when it is told to, between two pages as in one', async () => {
    const net = fakeNetwork({ users: ['alice.test', 'bob.test', 'carol.test'] })
    const [alice, bob] = await Promise.all([net.client('alice.test'), net.client('bob.test')])
    const group = await alice.dm.createGroup('Readers', ['bob.test'])
    await (await alice.dm.with('bob.test')).send('one')
    for (const begin of [
      (signal: AbortSignal) => alice.dm.conversations({ pageSize: 1, signal }),
      (signal: AbortSignal) => bob.dm.requests({ pageSize: 1, signal }),
      (signal: AbortSignal) => group.messages({ pageSize: 1, signal }),
      (signal: AbortSignal) => group.allMembers({ pageSize: 1, signal }),
      (signal: AbortSignal) => group.group!.joinRequests({ pageSize: 1, signal }),
      (signal: AbortSignal) => alice.dm.export({ signal }),
      (signal: AbortSignal) => alice.dm.broadcast(['bob.test', 'carol.test'], 'hello', { signal }),
    ]) {
      await assert.rejects(
        Array.fromAsync<unknown>(begin(AbortSignal.abort())),
        { code: 'aborted' },
        String(begin),
      )
    }
    const stop = new AbortController()
    const seen: string[] = []
    const all = (async () => {
      for await (const { id } of alice.dm.conversations({ pageSize: 1, signal: stop.signal })) {
        seen.push(id)
        stop.abort()
      }
    })()
    await assert.rejects(all, { code: 'aborted' })
    assert.equal(seen.length, 1)
  })
})
