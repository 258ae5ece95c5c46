import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { main } from '../src/main.ts'
import { Interrupted } from '../src/world.ts'
import { type Around, Gathering, Stage } from './stage.ts'

/** Runs `parley tail` until it has printed so many lines that hold `text`, then presses Ctrl-C. */
async function tailUntil(
  stage: Stage,
  args: string[],
  { text, given, ...around }: Around & { text: string; given?: () => Promise<unknown> },
): Promise<{ code: number; stdout: string }> {
  const pressed = new AbortController()
  const stdout = new Gathering(around.terminal)
  const stderr = new Gathering(around.terminal)
  const looked = stage.net.requests.length
  const ended = main(stage.world(['tail', ...args], { ...around, signal: pressed.signal }, stdout, stderr))
  // It listens when it has asked for the end of the log.
  while (!stage.net.requests.slice(looked).some(({ method }) => method.endsWith('getLog')))
    await new Promise(resolve => setTimeout(resolve, 10))
  await given?.()
  while (!stdout.text.includes(text)) await once(stdout, 'written')
  pressed.abort(new Interrupted('SIGINT'))
  const code = await ended
  assert.equal(stderr.text, '')
  return { code, stdout: stdout.text }
}

describe('tail', () => {
  test('shows what happens as it happens, until Ctrl-C', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const bob = await stage.net.client('bob.test')
    const { code, stdout } = await tailUntil(stage, [], {
      terminal: 80,
      text: 'hello',
      given: () => bob.dm.send('alice.test', 'hello\u001b[2J'),
    })
    assert.equal(code, 130)
    assert.match(stdout, /bob\.test.* in bob\.test.*\n {4}hello␛\[2J\n/)
  })

  test('shows one convo only where one is named', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const [bob, carla] = [await stage.net.client('bob.test'), await stage.net.client('carla.test')]
    await bob.dm.send('alice.test', 'before')
    const { stdout } = await tailUntil(stage, ['bob.test'], {
      text: 'wanted',
      given: async () => {
        await carla.dm.send('alice.test', 'unwanted')
        await bob.dm.send('alice.test', 'wanted')
      },
    })
    const events = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual(
      events.map(({ type, message }) => [type, message.text]),
      [['message', 'wanted']],
    )
  })

  test('names the convo as soon as it can, also where it could not at first', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const bob = await stage.net.client('bob.test')
    stage.net.fault({ method: 'chat.bsky.convo.getConvo', status: 400, error: 'InvalidRequest' })
    const { stdout } = await tailUntil(stage, ['--no-color'], {
      terminal: 80,
      text: 'first',
      given: () => bob.dm.send('alice.test', 'first'),
    })
    assert.match(stdout, /^— convo begun in 3\w+\n.* in bob\.test .*\n {4}first\n/)
  })

  test('goes on behind what its cursor file says, and begins with what is unread', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const bob = await stage.net.client('bob.test')
    await bob.dm.send('alice.test', 'unread')
    const args = ['--cursor-file', 'cursor', '--backfill', 'unread']
    const first = await tailUntil(stage, args, {
      text: 'second',
      given: () => bob.dm.send('alice.test', 'second'),
    })
    assert.match(first.stdout, /"text":"unread".*"text":"second"/s)
    await bob.dm.send('alice.test', 'third')
    const next = await tailUntil(stage, args, { text: 'third' })
    assert.ok(!next.stdout.includes('"text":"unread"'))
  })
})

describe('export', () => {
  test('writes all that was said into a file for its owner, or to standard output', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    for (const text of ['one', 'two']) await stage.parley(['send', 'bob.test', text])
    const { json } = await stage.parley(['export'])
    assert.deepEqual(
      json.map(({ type, message }) => message?.text ?? type),
      ['export', 'convo', 'one', 'two'],
    )
    const { readFile, stat } = await import('node:fs/promises')
    const { code, stderr } = await stage.parley(['export', '--format', 'markdown', '-o', 'all.md'], {
      terminal: 80,
    })
    assert.equal(code, 0)
    assert.match(stderr, /1 of 1 conversation, 2 messages/)
    const file = `${stage.home}/all.md`
    assert.match(await readFile(file, 'utf8'), /^# Conversations of alice\.test\n\n## bob\.test\n/)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  test('that cannot begin leaves the terminal as it is', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const { code, stderr } = await stage.parley(['export', '-o', 'missing/all.jsonl'], { terminal: 80 })
    assert.equal(code, 1)
    const hides = stderr.lastIndexOf('\u001b[?25l')
    assert.ok(hides < 0 || stderr.lastIndexOf('\u001b[?25h') > hides, 'the cursor is hidden')
  })

  test('that breaks off leaves what was there before', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    await stage.parley(['send', 'bob.test', 'one'])
    const { readdir, readFile } = await import('node:fs/promises')
    assert.equal((await stage.parley(['export', '-o', 'all.jsonl'])).code, 0)
    const before = await readFile(`${stage.home}/all.jsonl`, 'utf8')
    stage.net.fault({ method: 'chat.bsky.convo.getMessages', status: 502, times: 20 })
    assert.equal((await stage.parley(['export', '-o', 'all.jsonl'])).code, 6)
    assert.equal(await readFile(`${stage.home}/all.jsonl`, 'utf8'), before)
    assert.ok(!(await readdir(stage.home)).some(name => name.endsWith('.part')))
  })
})
