import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fakeNetwork } from '../src/fake-network/index.ts'

const program = fileURLToPath(new URL('./killed/counting-bot.ts', import.meta.url))
const messages = 300

it('a bot that is killed again and again sees every message, whoever wrote it and when', async () => {
  const net = fakeNetwork({ users: ['bot.test', 'alice.test', 'bob.test'] })
  await using server = await net.listen()
  const folder = mkdtempSync(join(tmpdir(), 'parley-bot-'))
  const { password } = net.user('bot.test')
  const seen = () =>
    existsSync(`${folder}/seen`) ? readFileSync(`${folder}/seen`, 'utf8').trimEnd().split('\n') : []
  const expected = Array.from({ length: messages }, (_, number) => `number ${number}`)
  let kills = 0
  let written = false
  async function write(): Promise<void> {
    const writers = await Promise.all(['alice.test', 'bob.test'].map(handle => net.client(handle)))
    for (const [number, text] of expected.entries()) {
      await writers[number % 2]!.dm.send('bot.test', text)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    written = true
  }

  const writing = write()
  const deadline = AbortSignal.timeout(120_000)
  while (!written || new Set(seen()).size < messages) {
    deadline.throwIfAborted()
    const bot = spawn(process.execPath, [program, server.url, net.chat, 'bot.test', password, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(bot.stdout, 'data')
    await new Promise(resolve => setTimeout(resolve, 100 + Math.random() * 400))
    const exited = once(bot, 'exit')
    bot.kill('SIGKILL')
    await exited
    kills += 1
  }
  await writing
  assert.ok(kills > 3, `${kills} kills`)
  assert.deepEqual([...new Set(seen())].sort(), [...expected].sort())
  rmSync(folder, { recursive: true })
})
