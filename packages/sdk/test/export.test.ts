import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { type ExportProgress, type JsonLine, memoryKeyValueStore } from '../src/index.ts'

const users = ['alice.test', 'bob.test', 'carol.test'] as const

async function begin(extensions = true) {
  const net = fakeNetwork({ users, extensions })
  net.describe('bob.test', { displayName: 'Bob' })
  const [alice, bob] = await Promise.all([net.client('alice.test'), net.client('bob.test')])
  const withBob = await alice.dm.with('bob.test')
  for (let number = 1; number <= 120; number++) await withBob.send(`number ${number}`)
  await bob.dm.send('alice.test', 'a *star* and\n# no heading')
  await alice.dm.send('carol.test', 'hello')
  return { net, alice, bob, withBob }
}

async function parsed(lines: AsyncIterable<string>): Promise<JsonLine[]> {
  return (await Array.fromAsync(lines)).map(line => JSON.parse(line))
}

/** What was said in each conversation, in the order of the lines. */
function textsOf(lines: readonly JsonLine[]): [string, string[]][] {
  return lines
    .filter(line => line.type === 'convo')
    .map(({ convoId, title }) => [
      title,
      lines.flatMap(line =>
        line.type === 'message' && line.convoId === convoId ? [(line.message as { text: string }).text] : [],
      ),
    ])
}

const numbers = Array.from({ length: 120 }, (_, index) => `number ${index + 1}`)

describe('an export', () => {
  for (const extensions of [true, false])
    it(`holds every conversation and its messages, oldest first${extensions ? '' : ', from any service'}`, async () => {
      const { net, alice } = await begin(extensions)
      const progress: ExportProgress[] = []
      const lines = await parsed(alice.dm.export({ onProgress: one => progress.push(one) }))
      assert.deepEqual(lines[0], {
        type: 'export',
        version: 1,
        did: net.user('alice.test').did,
        handle: 'alice.test',
      })
      assert.deepEqual(textsOf(lines), [
        ['carol.test', ['hello']],
        ['Bob', [...numbers, 'a *star* and\n# no heading']],
      ])
      const senders = lines.flatMap(line => (line.type === 'message' ? [line.sender] : []))
      assert.deepEqual([senders[0], senders.at(-1)], ['alice.test', 'bob.test'])
      assert.deepEqual(progress, [
        { convos: 1, convosTotal: 2, messages: 1 },
        { convos: 1, convosTotal: 2, messages: 101 },
        { convos: 2, convosTotal: 2, messages: 122 },
      ])
    })

  it('goes on where it was broken off, and takes what has changed since anew', async () => {
    const { alice, withBob } = await begin()
    const resume = memoryKeyValueStore()
    for await (const line of alice.dm.export({ resume })) if (line.includes('number 7')) break
    const rest = textsOf(await parsed(alice.dm.export({ resume })))
    assert.deepEqual(
      rest.map(([title, texts]) => [title, texts.length]),
      [['Bob', 121]],
    )
    assert.deepEqual(textsOf(await parsed(alice.dm.export({ resume }))), [])
    await withBob.send('news')
    const [changed] = textsOf(await parsed(alice.dm.export({ resume })))
    assert.equal(changed?.[1].at(-1), 'news')
  })

  it('takes nothing for granted that another format or a shorter one has taken', async () => {
    const { alice } = await begin()
    const resume = memoryKeyValueStore()
    const later = new Date(Date.now() + 3_600_000)
    await Array.fromAsync(alice.dm.export({ resume, since: later }))
    await Array.fromAsync(alice.dm.export({ resume, format: 'markdown' }))
    const whole = textsOf(await parsed(alice.dm.export({ resume })))
    assert.deepEqual(
      whole.map(([title, texts]) => [title, texts.length]),
      [
        ['carol.test', 1],
        ['Bob', 121],
      ],
    )
  })

  it('leaves out a group that one is thrown out of meanwhile', async () => {
    const { net, alice, bob } = await begin()
    const group = await bob.dm.createGroup('Readers', ['alice.test'])
    await group.send('hello all')
    let isFirst = true
    const removing: typeof fetch = async (input, init) => {
      if (isFirst && String(input).includes('getMessages')) {
        isFirst = false
        await group.group!.remove(['alice.test'])
      }
      return net.fetch(input, init)
    }
    const client = await net.client('alice.test', { fetch: removing })
    const titles = textsOf(await parsed(client.dm.export())).map(([title]) => title)
    assert.deepEqual(titles, ['carol.test', 'Bob'])
    assert.ok(alice.me)
  })

  it('misses no conversation that moves to the front while it looks', async () => {
    const { net, alice, withBob } = await begin()
    let isFirst = true
    const fetchThis: typeof fetch = async (input, init) => {
      const answer = await net.fetch(input, init)
      if (isFirst && String(input).includes('listConvos')) {
        isFirst = false
        await withBob.send('moved')
      }
      return answer
    }
    const client = net.newClient({ fetch: fetchThis })
    await client.login({ session: alice.exportSession() })
    // One conversation in a page: when the second page is asked for, the last one has moved before the first.
    const small = client.chat.bsky.convo
    const { listConvos } = small
    small.listConvos = (params, options) => listConvos({ ...params, limit: 1 }, options)
    const titles = textsOf(await parsed(client.dm.export())).map(([title]) => title)
    assert.deepEqual(titles.sort(), ['Bob', 'carol.test'])
  })

  it('begins where it is told to', async () => {
    const { net, alice, bob } = await begin()
    await net.advance(60_000)
    const since = new Date(net.clock.now())
    await bob.dm.send('alice.test', 'new')
    assert.deepEqual(textsOf(await parsed(alice.dm.export({ since }))), [['Bob', ['new']]])
  })

  it('in Markdown reads as it was written', async () => {
    const { alice, bob } = await begin()
    const [theirs] = await Array.fromAsync((await bob.dm.with('alice.test')).messages())
    const text = (await Array.fromAsync(alice.dm.export({ format: 'markdown' }))).join('\n')
    assert.match(text, /^# Conversations of alice\.test\n\n## carol\.test\n\n\*\*alice\.test\*\* \d{4}-/)
    assert.match(text, /\n\n\*\*Bob\*\* [\d-]+ [\d:]+ {2}\na \\\*star\\\* and {2}\n\\# no heading$/)
    assert.equal(theirs?.type, 'message')
  })

  it('in Markdown says what a message answers and what became of a group, and names break no line', async () => {
    const net = fakeNetwork({ users })
    net.describe('alice.test', { displayName: 'Al\n# &lt;ice' })
    const [alice, bob] = await Promise.all([net.client('alice.test'), net.client('bob.test')])
    const group = await alice.dm.createGroup('Club', ['bob.test'])
    const question = await group.send('who\nis there?')
    await bob.dm.send({ convoId: group.id }, { text: '&lt;me', replyTo: question.id })
    await group.group!.remove(['bob.test'])
    await alice.dm.send('carol.test', 'hello')
    const linesOf = async (name: typeof alice) =>
      (await Array.fromAsync(name.dm.export({ format: 'markdown' }))).join('\n')
    const text = await linesOf(alice)
    assert.match(text, /\n> Al # \\&lt;ice: who …\n\n\\&lt;me\n/)
    assert.match(text, /\n\*Al # \\&lt;ice removed bob\.test\*$/m)
    assert.match(await linesOf(await net.client('carol.test')), /\n## Al # \\&lt;ice\n/)
  })
})
