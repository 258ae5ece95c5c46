import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Devnet } from '@parley/devnet'
import { logIn, textsOf } from './account.ts'
import { assertOfficial } from './official-lexicons.ts'
import { overhear } from './overhear.ts'
import { assertPrintout } from './printout.ts'
import { runProgram } from './run-program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const message = 'Hello from the TypeScript SDK!'

function runExample(env: Record<string, string> = {}) {
  return runProgram({ command: process.execPath, args: ['examples/run.ts'], cwd: root, env })
}

test('the example starts a network where none runs, and bob reads what alice wrote', async () => {
  const nobody = 'http://localhost:1'
  const { code, stdout, stderr } = await runExample({ PARLEY_DEVNET: nobody })
  assert.deepEqual([code, stderr], [0, 'No devnet is running: starting one for this example.\n'])
  const members = [...stdout.matchAll(/^- (\w+) \((did:plc:[a-z2-7]{24})\)$/gm)].map(([, name, did]) => ({
    name: name!,
    did: did!,
  }))
  assert.deepEqual(members.map(({ name }) => name).sort(), ['Alice', 'Bob'])
  assertPrintout(stdout, { listed: [], members, afterwards: [`bob.test reads: ${message}`] })
})

test('the example finds the network that runs', async () => {
  await using net = await Devnet.create()
  const { code, stdout, stderr } = await runExample({ PARLEY_DEVNET: net.web })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, new RegExp(`bob.test reads: ${message}\n$`))
})

test('the example writes as the account that the environment names', async () => {
  await using net = await Devnet.create()
  const answers = overhear(net.chat.url)
  const alice = await logIn(net, 'alice.test')
  const bob = await logIn(net, 'bob.test')
  const { handle, appPassword } = net.account('bob.test')
  const { code, stdout, stderr } = await runExample({
    ATP_SERVICE: net.pds.url,
    ATP_IDENTIFIER: handle,
    ATP_PASSWORD: appPassword,
    CHAT_TO: 'alice.test',
  })
  assert.deepEqual([code, stderr], [0, ''])
  const members = [
    { did: alice.did, name: 'Alice' },
    { did: bob.did, name: 'Bob' },
  ]
  const convoId = assertPrintout(stdout, { listed: [], members })
  assert.deepEqual(await textsOf(alice, convoId), [message])
  assertOfficial(answers)
})
