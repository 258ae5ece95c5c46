import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, test } from 'node:test'
import { exitCodes, outcomes } from '../src/exit-codes.ts'
import { main } from '../src/main.ts'
import { Interrupted } from '../src/world.ts'
import { Gathering, Stage } from './stage.ts'

async function alice(): Promise<Stage> {
  const stage = await Stage.open()
  await stage.loggedIn('alice.test')
  return stage
}

describe('the exit code', () => {
  const cases: { name: string; code: number; args: string[]; given?: (stage: Stage) => void }[] = [
    { name: '0 where all is well', code: 0, args: ['ls'] },
    { name: '2 for what is no command', code: 2, args: ['lss'] },
    { name: '2 for an option that is none', code: 2, args: ['ls', '--unrea'] },
    { name: '2 for a missing argument', code: 2, args: ['read'] },
    { name: '3 for an account that is not logged in', code: 3, args: ['ls', '--account', 'bob.test'] },
    {
      name: '4 where the recipient does not want it',
      code: 4,
      args: ['send', 'bob.test', 'hello'],
      given: ({ net }) => net.describe('bob.test', { allowIncoming: 'none' }),
    },
    {
      name: '4 where the recipient has blocked the sender',
      code: 4,
      args: ['send', 'bob.test', 'hello'],
      given: ({ net }) => net.block('bob.test', 'alice.test'),
    },
    { name: '5 for a convo that is not there', code: 5, args: ['read', '3m222222222zz'] },
    { name: '5 for somebody who is not there', code: 5, args: ['send', 'nobody.test', 'hello'] },
    {
      name: '6 where the service is away',
      code: 6,
      args: ['ls'],
      given: ({ net }) => net.fault({ status: 502, times: 20 }),
    },
    {
      name: '6 where there are too many calls',
      code: 6,
      args: ['send', '3m222222222zz', 'hello'],
      given: ({ net }) => net.fault({ status: 429, error: 'RateLimitExceeded', times: 20 }),
    },
  ]
  for (const { name, code, args, given } of cases) {
    test(`is ${name}`, async () => {
      await using stage = await alice()
      given?.(stage)
      const ran = await stage.parley(args)
      assert.equal(ran.code, code, ran.stderr)
      if (code !== 0) assert.match(ran.stderr, /^parley: .+\n(hint: .+\n)?$/)
    })
  }

  test('is 2 for no command at all, which gets the help', async () => {
    await using stage = await alice()
    const { code, stdout, stderr } = await stage.parley([])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /^Usage: parley/)
  })

  test('is documented, all of them', () => {
    const document = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
    const rows = [...document.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
    assert.deepEqual(rows, Object.values(exitCodes))
    for (const outcome of Object.values(outcomes)) assert.ok(outcome in exitCodes)
  })
})

describe('an error', () => {
  test('is an object for programs that ask for JSON', async () => {
    await using stage = await alice()
    stage.net.describe('bob.test', { allowIncoming: 'none' })
    const { code, stdout, stderr } = await stage.parley(['send', 'bob.test', 'hello', '--json'])
    assert.equal(stdout, '')
    const { error, exitCode, message, hint } = JSON.parse(stderr)
    assert.deepEqual([error, exitCode, code], ['recipient/disabled', 4, 4])
    assert.ok(message.length > 0 && hint.length > 0)
  })

  test('says so where a send may have happened all the same', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    // Its answer is lost, and nothing that could be asked about it answers.
    await stage.parley(['send', 'bob.test', 'before'])
    stage.net.fault({ method: 'chat.bsky.convo.sendMessage', when: 'after', cut: true, times: 20 })
    const { code, stderr } = await stage.parley(['send', 'bob.test', 'lost', '--json'])
    assert.equal(code, 6)
    assert.equal(JSON.parse(stderr).delivered, 'unknown')
  })

  test('says so, too, where the send was interrupted', async () => {
    await using stage = await alice()
    const [first] = (await stage.parley(['send', 'bob.test', 'before'])).json
    for (const args of [['--json'], []]) {
      const pressed = new AbortController()
      const fetchThis: typeof fetch = async (input, init) => {
        const answer = await stage.net.fetch(input, init)
        if (!String(input instanceof Request ? input.url : input).endsWith('sendMessage')) return answer
        pressed.abort(new Interrupted('SIGINT'))
        throw pressed.signal.reason
      }
      const { code, stderr } = await stage.parley(['send', first.convoId, 'cut', ...args], {
        fetch: fetchThis,
        signal: pressed.signal,
      })
      assert.equal(code, 130)
      if (args.length === 0) assert.match(stderr, /^parley: .*aborted\nhint: It may have been done/)
      else {
        const { error, exitCode, delivered } = JSON.parse(stderr)
        assert.deepEqual([error, exitCode, delivered], ['aborted', 130, 'unknown'])
      }
    }
  })

  test('is for people where --json is only text to send', async () => {
    await using stage = await alice()
    const { stderr } = await stage.parley(['send', 'nobody.test', '--', '--json'])
    assert.match(stderr, /^parley: /)
  })

  test('says what to do instead, where a name is no name', async () => {
    await using stage = await alice()
    const [{ name, convoId }] = (await stage.parley(['send', 'bob.test', 'hello'])).json
    const cases: [args: string[], code: number, said: RegExp][] = [
      [['read', 'bob'], 5, /hint: .*handle, which has a dot in it/],
      [['read', '@Alice.test'], 2, /alice\.test is you/],
      [['react', name, ':+1:'], 2, /":\+1:" is not one emoji/],
      [['react', name, 'a'], 2, /hint: A reaction is one emoji/],
      [['react', `${convoId}/3m222222222zz`, '👍'], 5, /hint: parley read shows messages/],
      [['reply', `${convoId}/3m222222222zz`, 'text'], 5, /hint: parley read shows messages/],
    ]
    for (const [args, code, said] of cases) {
      const ran = await stage.parley(args)
      assert.equal(ran.code, code, args.join(' '))
      assert.match(ran.stderr, said)
    }
  })

  test('tells of no message text', async () => {
    await using stage = await alice()
    stage.net.fault({ method: 'chat.bsky.convo.sendMessage', status: 400, error: 'InvalidRequest' })
    const { stderr } = await stage.parley(['send', 'bob.test', 'a secret'])
    assert.ok(!stderr.includes('secret'))
  })

  test('names the command that was meant', async () => {
    await using stage = await alice()
    assert.match((await stage.parley(['snd'])).stderr, /Did you mean send\?/)
  })
})

describe('the doctor', () => {
  test('finds nothing where all is well', async () => {
    await using stage = await alice()
    const { code, json } = await stage.parley(['doctor'])
    assert.equal(code, 0)
    assert.ok(json.length > 3 && json.every(({ ok }) => ok === true))
  })

  test('fails with what is wrong, and what to do', async () => {
    await using stage = await alice()
    stage.net.fault({ status: 502, times: 50 })
    const { code, stdout } = await stage.parley(['doctor', '--no-color'], { terminal: 80 })
    assert.equal(code, 1)
    assert.match(stdout, /✗ chat service/)
  })
})

test('a command that waits for standard input can be interrupted', async () => {
  await using stage = await alice()
  const [stdin, stderr, pressed] = [new PassThrough(), new Gathering(), new AbortController()]
  const world = stage.world(['send', 'bob.test'], { signal: pressed.signal }, new Gathering(), stderr)
  const ended = main({ ...world, stdin })
  stdin.write('half a mess')
  while (stdin.readableLength > 0) await new Promise(setImmediate)
  pressed.abort(new Interrupted('SIGINT'))
  assert.equal(await ended, 130)
  assert.equal(stderr.text, '')
})
