import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clean, cleanJson, cleanLines } from '../src/output/clean.ts'
import { Stage } from './stage.ts'

/** Clears the screen, renames the window, moves the cursor, with one byte and with two; turns the line around. */
const hostile = '\u001b[2J\u001b]0;mine\u0007\u009b31m\u0000\b\u007f\u202egnp.exe\u2066\u2028end'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\u2066-\u2069]/

function assertSafe(shown: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours.
  const withoutOurs = shown.replace(/\u001b\[(?:[12]|22|3[123]|39)m/g, '')
  assert.doesNotMatch(withoutOurs, obeyed)
}

describe('what others wrote', () => {
  test('never reaches a terminal as something that it would obey', async () => {
    await using stage = await Stage.open()
    stage.net.describe('alice.test', { displayName: `Alice ${hostile}` })
    await stage.loggedIn('alice.test', 'bob.test')
    const alice = await stage.net.client('alice.test')
    const message = await alice.dm.send('bob.test', `text ${hostile}\r\nsecond line`)
    const group = await alice.dm.createGroup(`group ${hostile}`, ['bob.test'])
    const commands = [
      ['ls'],
      ['requests'],
      ['groups'],
      ['groups', 'members', group.id],
      ['read', 'alice.test'],
      ['export', '--format', 'markdown'],
      ['requests', 'accept', group.id],
      ['reply', `${message.convoId}/${message.id}`, 'answer'],
    ]
    for (const command of commands) {
      for (const more of [[], ['--json']]) {
        const { code, stdout, stderr } = await stage.parley([...command, ...more], { terminal: 200 })
        assert.equal(code, 0, stderr)
        assertSafe(stdout)
        assertSafe(stderr)
      }
    }
    const shown = await stage.parley(['read', 'alice.test'], { terminal: 200 })
    assert.match(shown.stdout, /text ␛\[2J␛\]0;mine␇�31m␀␈␡�gnp\.exe/)
    assert.match(shown.stdout, /^ {4}second line$/m)
  })

  test('reads from JSON as it was written', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const sent = await stage.parley(['send', 'bob.test', hostile])
    assertSafe(sent.stdout)
    assert.equal(sent.json[0].text, hostile)
    const exported = await stage.parley(['export'])
    assertSafe(exported.stdout)
    assert.equal(exported.json.at(-1).message.text, hostile)
  })

  test('is as harmless in errors', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    for (const args of [
      [hostile],
      ['ls', `--${hostile}`],
      ['read', hostile],
      ['login', hostile],
      ['read', `${hostile}.test`],
    ]) {
      const { code, stderr } = await stage.parley(args, {
        terminal: 80,
        env: { PARLEY_APP_PASSWORD: 'wrong' },
      })
      assert.notEqual(code, 0)
      assertSafe(stderr)
    }
  })
})

describe('clean text', () => {
  test('keeps letters of all scripts and emoji as they are', () => {
    const text = 'Grüße 👨‍👩‍👧 ❤️ שלום العربية नमस्ते 🏴󠁧󠁢󠁥󠁮󠁧󠁿'
    assert.equal(clean(text), text)
    assert.equal(JSON.parse(cleanJson(text)), text)
  })

  test('is one line, or as many as there are', () => {
    assert.equal(clean('one\n\n two\tthree'), 'one two three')
    assert.deepEqual(cleanLines('one\r\ntwo\rthree\n'), ['one', 'two', 'three', ''])
  })

  test('holds no half of a character', () => {
    assert.equal(clean('half \ud83d'), 'half �')
  })
})
