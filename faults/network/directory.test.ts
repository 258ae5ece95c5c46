import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestAccount } from '@parley/testing/account.ts'
import { FakeDirectory, type Trouble } from '@parley/testing/network.ts'
import { Scene } from '../scene.ts'

const list = 'chat.bsky.convo.listConvos'

/** How a directory of accounts can fail; the last one answers when every client has long gone. */
const troubles: [name: string, Trouble][] = [
  ['cannot be reached', 'unreachable'],
  ['answers with 500', { status: 500 }],
  ['answers with something else', { text: '<html>' }],
  ['answers after half a minute', { delayMs: 30_000 }],
]

for (const [name, trouble] of troubles) {
  test(`while the PLC directory ${name}, known accounts go on, others are refused by name and nobody waits for them`, async () => {
    await using scene = await Scene.open({ accounts: 4 })
    const [, , stranger, another] = scene.network.accounts as [
      TestAccount,
      TestAccount,
      TestAccount,
      TestAccount,
    ]
    scene.network.plc.trouble = trouble
    let isRefused = false
    const refused = scene.call(stranger, list).then(reply => {
      isRefused = true
      return reply
    })
    // One after the other, while the stranger waits or has been refused.
    for (let i = 0; i < 5; i++) assert.equal((await scene.send(scene.alice, `${i}`)).status, 200)
    if (typeof trouble === 'object' && 'delayMs' in trouble)
      assert.ok(!isRefused, 'the known ones waited for the stranger')
    const { status, body } = await refused
    assert.deepEqual([status, body.error], [502, 'UpstreamFailure'])
    assert.match(body.message!, /try again later/)

    scene.network.plc.trouble = undefined
    assert.equal((await scene.call(another, list)).status, 200)
  })
}

test('a host of did:web accounts that never answers takes nothing from other accounts', async () => {
  await using scene = await Scene.open({ accounts: 3 })
  const { alice, network, service } = scene
  await using mute = await FakeDirectory.start(() => undefined)
  mute.trouble = { delayMs: 30_000 }
  const host = new URL(mute.url).host.replace(':', '%3A').replace('127.0.0.1', 'localhost')
  const claims = { aud: service.did, lxm: list, now: Math.floor(Date.now() / 1000), lifetimeSec: 60 }
  const [head, payload, signature] = alice.token(claims).split('.') as [string, string, string]
  const forged = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), iss: `did:web:${host}` }
  const token = [head, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.')
  const ask = () =>
    fetch(`http://127.0.0.1:${service.port}/xrpc/${list}`, { headers: { authorization: `Bearer ${token}` } })
  const waiting = Array.from({ length: 20 }, ask)
  assert.equal((await scene.send(alice, 'meanwhile')).status, 200)
  assert.equal((await scene.call(network.accounts[2]!, list)).status, 200)
  for (const answer of await Promise.all(waiting)) {
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { error: string }).error],
      [502, 'UpstreamFailure'],
    )
  }
})
