import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Devnet } from '@parley/devnet'
import { logIn, send, textsOf } from '../account.ts'
import { assertOfficial, nsidOf } from '../official-lexicons.ts'
import { overhear } from '../overhear.ts'
import { poll } from '../poll.ts'
import { assertPrintout, type Printout } from '../printout.ts'
import { runProgram } from '../run-program.ts'

const net = await Devnet.create()
after(() => net.close())
const answers = overhear(net.chat.url)
const alice = await logIn(net, 'alice.test')
const bob = await logIn(net, 'bob.test')
const pair = [
  { did: alice.did, name: 'Alice' },
  { did: bob.did, name: 'Bob' },
]

function program(name: string, message: string) {
  const { handle, appPassword } = net.account('alice.test')
  const env = {
    ATP_SERVICE: net.pds.url,
    ATP_IDENTIFIER: handle,
    ATP_PASSWORD: appPassword,
    CHAT_TO: 'bob.test',
    MESSAGE: message,
  }
  const path = fileURLToPath(new URL(name, import.meta.url))
  return { command: process.execPath, args: [path], env }
}

describe('clients that others wrote', () => {
  /** What bob must have got by now; the programs run one after another. */
  const sent: string[] = []
  let printout: Printout = { listed: [], members: pair }

  async function assertHeard(stdout: string, message: string): Promise<string> {
    const convoId = assertPrintout(stdout, printout)
    printout = { listed: [pair], members: pair }
    sent.push(message)
    assert.deepEqual(await textsOf(bob, convoId), sent)
    return convoId
  }

  for (const name of ['atproto-api.ts', 'atcute.ts']) {
    test(`${name} lists, resolves, opens and sends, and bob reads exactly that`, async () => {
      const message = `Hello from ${name}`
      const { code, stdout, stderr } = await runProgram(program(name, message))
      assert.deepEqual([code, stderr], [0, ''])
      await assertHeard(stdout, message)
    })
  }

  test('skyware-bot.ts does the same, and answers what bob writes to it', async () => {
    const message = 'Hello from skyware-bot.ts'
    const { command, args, env } = program('skyware-bot.ts', message)
    const bot = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(bot, 'close')
    try {
      const lines: string[] = []
      for await (const line of createInterface(bot.stdout)) {
        lines.push(line)
        if (line === 'Message sent!') break
      }
      const convoId = await assertHeard(lines.join('\n'), message)
      // The bot hears what comes after its first look at the log, and nothing of before.
      await poll('the bot looks at its log', () => answers.find(a => nsidOf(a) === 'chat.bsky.convo.getLog'))
      await send(bob, convoId, 'Are you a bot?')
      const texts = await poll('the bot answers', async () => {
        const texts = await textsOf(bob, convoId)
        return texts.length < sent.length + 2 ? undefined : texts
      })
      assert.deepEqual(texts, [...sent, 'Are you a bot?', 'You wrote: Are you a bot?'])
      assert.equal(bot.exitCode, null, 'it is still there')
    } finally {
      bot.kill()
      await ended
    }
  })

  test('are answered as the official lexicons say', () => assertOfficial(answers))
})
