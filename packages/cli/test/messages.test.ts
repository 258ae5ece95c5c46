import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Stage } from './stage.ts'

async function alice(): Promise<Stage> {
  const stage = await Stage.open()
  await stage.loggedIn('bob.test', 'alice.test')
  return stage
}

const asBob = ['--account', 'bob.test']

describe('sending', () => {
  test('takes the text from the command line or from standard input', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'Hello', 'Bob!'])
    await stage.parley(['send', '@bob.test'], { stdin: 'two\nlines\n' })
    await stage.parley(['send', 'bob.test', '-'], { stdin: 'a dash' })
    const { json } = await stage.parley(['read', 'alice.test', ...asBob])
    assert.deepEqual(
      json.map(({ text }) => text),
      ['Hello Bob!', 'two\nlines', 'a dash'],
    )
  })

  test('takes text that looks like an option behind --', async () => {
    await using stage = await alice()
    const refused = await stage.parley(['send', 'bob.test', '-1 from me'])
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /goes behind --\n/)
    const { json } = await stage.parley(['send', 'bob.test', '--', '-1 from me'])
    assert.equal(json[0].text, '-1 from me')
  })

  test('goes into a convo by its id, too', async () => {
    await using stage = await alice()
    const [first] = (await stage.parley(['send', 'bob.test', 'one'])).json
    const [second] = (await stage.parley(['send', first.convoId, 'two'])).json
    assert.equal(second.convoId, first.convoId)
  })

  test('sends once what is sent again under the same key', async () => {
    await using stage = await alice()
    const [first] = (await stage.parley(['send', 'bob.test', 'once', '--key', 'k'])).json
    const [again] = (await stage.parley(['send', 'bob.test', 'once', '--key', 'k'])).json
    assert.equal(again.id, first.id)
    assert.equal((await stage.parley(['read', 'bob.test'])).json.length, 1)
  })

  test('happens once where the answer is lost', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'before'])
    stage.net.fault({ method: 'chat.bsky.convo.sendMessage', when: 'after', cut: true })
    assert.equal((await stage.parley(['send', 'bob.test', 'once'])).code, 0)
    assert.equal((await stage.parley(['read', 'bob.test'])).json.length, 2)
  })

  test('refuses what is too long, unless it may be several messages', async () => {
    await using stage = await alice()
    const text = 'word '.repeat(300)
    const refused = await stage.parley(['send', 'bob.test'], { stdin: text })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /--long/)
    const { code, json } = await stage.parley(['send', 'bob.test', '--long'], { stdin: text })
    assert.equal(code, 0)
    assert.equal(json.length, 2)
  })

  test('takes one key for all the messages of a long text', async () => {
    await using stage = await alice()
    const stdin = 'word '.repeat(300)
    const send = ['send', 'bob.test', '--long', '--key', 'k']
    const [first, again] = [await stage.parley(send, { stdin }), await stage.parley(send, { stdin })]
    assert.equal(first.json.length, 2)
    assert.deepEqual(again.json, first.json)
  })

  test('refuses to send nothing', async () => {
    await using stage = await alice()
    assert.equal((await stage.parley(['send', 'bob.test'])).code, 2)
    assert.equal((await stage.parley(['send', 'bob.test', ' '])).code, 2)
    assert.equal((await stage.parley(['send', 'bob.test'], { terminal: 80 })).code, 2)
  })
})

describe('a message', () => {
  test('is answered and reacted to by the name that read shows', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'question'])
    const shown = (await stage.parley(['read', 'alice.test', '--no-color', ...asBob], { terminal: 80 }))
      .stdout
    const name = /\w+\/\w+/.exec(shown)?.[0] ?? ''
    assert.equal((await stage.parley(['react', name, '👍', ...asBob])).code, 0)
    assert.equal((await stage.parley(['reply', name, 'answer', ...asBob])).code, 0)
    const [question, answer] = (await stage.parley(['read', 'bob.test'])).json
    assert.deepEqual(
      question.reactions.map(({ value, by }: { value: string; by: { handle: string } }) => [
        value,
        by.handle,
      ]),
      [['👍', 'bob.test']],
    )
    assert.equal(answer.replyTo, question.name)
    assert.equal((await stage.parley(['unreact', name, '👍', ...asBob])).code, 0)
    assert.deepEqual((await stage.parley(['read', 'bob.test'])).json[0].reactions, [])
    assert.equal((await stage.parley(['reply', 'nonsense', 'text'])).code, 2)
  })
})

describe('deleting', () => {
  test('takes a message out of the own view, and out of no other', async () => {
    await using stage = await alice()
    const [{ name }] = (await stage.parley(['send', 'bob.test', 'hello'])).json
    assert.equal((await stage.parley(['delete', name])).json[0].deleted, true)
    assert.equal((await stage.parley(['read', 'bob.test'])).json.length, 0)
    assert.equal((await stage.parley(['read', 'alice.test', ...asBob])).json.length, 1)
  })
})

describe('reading', () => {
  test('shows the newest, oldest first, and not what is older than asked for', async () => {
    await using stage = await alice()
    for (const text of ['one', 'two', 'three']) await stage.parley(['send', 'bob.test', text])
    const read = async (...args: string[]) =>
      (await stage.parley(['read', 'bob.test', ...args])).json.map(({ text }) => text)
    assert.deepEqual(await read('-n', '2'), ['two', 'three'])
    await stage.net.advance(3 * 60 * 60 * 1000)
    await stage.parley(['send', 'bob.test', 'late'])
    assert.deepEqual(await read('--since', '2h'), ['late'])
    assert.equal((await stage.parley(['read', 'bob.test', '--since', 'soon'])).code, 2)
    assert.equal((await stage.parley(['read', 'bob.test', '-n', '0'])).code, 2)
  })

  test('begins no convo, and finds one with somebody who accepts no messages any more', async () => {
    await using stage = await alice()
    const none = await stage.parley(['read', 'carla.test'])
    assert.equal(none.code, 5)
    assert.equal((await stage.parley(['ls'])).json.length, 0)
    await stage.parley(['send', 'bob.test', 'hello'])
    stage.net.describe('bob.test', { allowIncoming: 'none' })
    assert.equal((await stage.parley(['read', 'bob.test'])).json.length, 1)
  })

  test('marks read only where it is asked to', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'hello'])
    const unread = async () => (await stage.parley(['ls', '--unread', ...asBob])).json.length
    await stage.parley(['read', 'alice.test', ...asBob])
    assert.equal(await unread(), 1)
    await stage.parley(['read', 'alice.test', '--mark-read', ...asBob])
    assert.equal(await unread(), 0)
  })

  test('marks read up to the newest, also where that is news of a group', async () => {
    await using stage = await alice()
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club', 'bob.test'])).json
    const unread = async () => (await stage.parley(['ls', ...asBob])).json[0].unread
    const group = await (await stage.net.client('alice.test')).dm.get(id)
    await group.send('hello')
    await group.group!.rename('Book club')
    assert.notEqual(await unread(), 0)
    assert.equal((await stage.parley(['read', id, '--mark-read', ...asBob])).json.at(-1).type, 'system')
    assert.equal(await unread(), 0)
  })

  test('marks nothing read that was not shown', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'shown'])
    const late: typeof fetch = async (input, init) => {
      if (String(input instanceof Request ? input.url : input).endsWith('updateRead'))
        await stage.parley(['send', 'bob.test', 'not shown'])
      return stage.net.fetch(input, init)
    }
    const read = await stage.parley(['read', 'alice.test', '--mark-read', ...asBob], { fetch: late })
    assert.deepEqual(
      read.json.map(({ text }) => text),
      ['shown'],
    )
    assert.equal((await stage.parley(['ls', ...asBob])).json[0].unread, 1)
  })
})

describe('the list', () => {
  test('has an object in each line for programs, with the fields that are documented', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'hello'])
    const { json } = await stage.parley(['ls'])
    const [convo] = json
    assert.deepEqual(Object.keys(convo), [
      'id',
      'kind',
      'status',
      'title',
      'unread',
      'muted',
      'members',
      'lastMessage',
    ])
    assert.deepEqual(Object.keys(convo.lastMessage), [
      'type',
      'name',
      'id',
      'convoId',
      'sentAt',
      'sender',
      'text',
      'reactions',
    ])
    assert.equal(convo.lastMessage.name, `${convo.id}/${convo.lastMessage.id}`)
  })

  test('is a table at a terminal, no wider than that, in colours unless they are unwanted', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'a long text '.repeat(20)])
    stage.net.describe('bob.test', { displayName: '👨‍👩‍👧 東京' })
    const plain = await stage.parley(['ls', '--no-color'], { terminal: 60 })
    assert.match(plain.stdout, /👨‍👩‍👧 東京 \(bob\.test\) {2}you: a long.*…/)
    assert.ok(!plain.stdout.includes('\u001b'))
    const noColor = await stage.parley(['ls'], { terminal: 60, env: { NO_COLOR: '1' } })
    assert.equal(noColor.stdout, plain.stdout)
    assert.ok((await stage.parley(['ls'], { terminal: 60 })).stdout.includes('\u001b['))
    assert.equal((await stage.parley(['ls', '--json'], { terminal: 60 })).json.length, 1)
    assert.equal((await stage.parley(['ls', '--no-json'])).json.length, 0)
  })

  test('is 80 columns wide at a terminal that does not know its width', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'a long text '.repeat(20)])
    const unknown = await stage.parley(['ls', '--no-color'], { terminal: 0 })
    assert.equal(unknown.stdout, (await stage.parley(['ls', '--no-color'], { terminal: 80 })).stdout)
    assert.match(unknown.stdout, /…/)
  })

  test('holds only what is asked for', async () => {
    await using stage = await alice()
    await stage.parley(['send', 'bob.test', 'hello'])
    const count = async (...args: string[]) => (await stage.parley(['ls', ...args, ...asBob])).json.length
    assert.equal(await count('--requests'), 1)
    assert.equal((await stage.parley(['requests', 'accept', 'alice.test', ...asBob])).code, 0)
    assert.equal(await count('--requests'), 0)
    assert.equal(await count(), 1)
  })
})
