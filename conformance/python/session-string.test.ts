import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Devnet } from '@parley/devnet'
import { Client } from '@parley/sdk'
import { runProgram } from '../run-program.ts'
import { pythonWithPackages } from './venv.ts'

const python = await pythonWithPackages()
const program = fileURLToPath(new URL('session_string.py', import.meta.url))

async function runPython(env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await runProgram({ command: python, args: [program], env })
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

describe('a session as a string', () => {
  it('exported by the Python SDK logs in here, and one exported here logs in there', async () => {
    await using net = await Devnet.create()
    const { did, appPassword } = net.account('alice.test')
    const python = { ATP_SERVICE: net.pds.url }
    const session = await runPython({
      ...python,
      ATP_IDENTIFIER: 'alice.test',
      ATP_PASSWORD: appPassword,
    })
    const client = new Client({ service: net.pds.url, chat: `${net.chat.did}#bsky_chat` })
    await client.login({ session })
    assert.equal(client.me?.did, did)
    await client.dm.send('bob.test', 'hello')
    assert.equal(client.exportSession(), session.replace(/\/xrpc$/, '')) // with it or without: both take both
    assert.equal(await runPython({ ...python, SESSION: client.exportSession() }), '1')
  })
})
