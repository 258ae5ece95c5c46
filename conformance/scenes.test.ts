import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Devnet } from '@parley/devnet'
import { stores } from '../packages/service/test/stores.ts'
import { runProgram } from './run-program.ts'
import { moderatedSubjects, subjects } from './scenes/all.ts'
import { playInProcess } from './scenes/in-process.ts'
import { newAccounts } from './scenes/network/account-source.ts'
import { NetworkStage } from './scenes/network/stage.ts'

for (const [name, open] of stores) {
  describe(`scenes in process, on ${name}`, () => {
    for (const { title, scenes } of [...subjects, ...moderatedSubjects]) {
      describe(title, () => {
        for (const scene of scenes) test(scene.name, () => playInProcess(scene, open))
      })
    }
  })
}

describe('scenes through a PDS', () => {
  let net: Devnet
  let stage: NetworkStage
  before(async () => {
    net = await Devnet.create({ seed: false })
    const { pds, chat } = net
    const service = { pds: pds.url, chatDid: chat.did, url: chat.url, direct: false }
    stage = await NetworkStage.open(service, await newAccounts(pds.url))
  })
  after(() => net.close())

  test('a program plays them on any network, and counts', async () => {
    const { pds, chat } = net
    const options = ['--pds', pds.url, '--chat-did', chat.did, '--service', chat.url]
    const program = { command: process.execPath, args: ['conformance/scenes/run.ts', ...options, 'muting: '] }
    const { stdout, stderr, code } = await runProgram(program)
    assert.match(stdout, /^held {5}muting: a muted convo does not count as unread$/m)
    assert.match(stdout, /\n4 held, 0 did not\n$/, stdout + stderr)
    assert.equal(code, 0)
  })

  for (const { title, scenes } of subjects) {
    describe(title, () => {
      for (const scene of scenes) test(scene.name, () => stage.play(scene))
    })
  }
})
