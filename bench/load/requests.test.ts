import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testAccount } from '@parley/testing/account.ts'
import { everyday, type LoadPlan } from './plan.ts'
import { prepareRequests } from './requests.ts'

const accounts = Array.from({ length: 8 }, (_, number) => testAccount(number))

const plan: LoadPlan = {
  port: 1,
  audience: 'did:web:service.test',
  stage: {
    accounts: 8,
    convoIds: ['convo0', 'convo1', 'convo2', 'convo3'],
    cursors: accounts.map((_, number) => `cursor${number}`),
  },
  mix: everyday,
  inFlight: 1,
  durationMs: 1,
  requestsMax: 400,
  label: 'test',
}

describe('the requests of a load', () => {
  const requests = prepareRequests(plan, accounts)

  test('have the shares of the mix, in every hundred', () => {
    for (const first of [0, 100, 200, 300]) {
      const counts = Map.groupBy(requests.slice(first, first + 100), ({ call }) => call)
      const shares = Object.fromEntries([...counts].map(([call, all]) => [call, all.length]))
      assert.deepEqual(shares, everyday)
    }
  })

  test('bring a token each, half of them of each kind', () => {
    const tokens = requests.map(({ bytes }) => /Bearer (\S+)/.exec(bytes.toString())![1]!)
    assert.equal(new Set(tokens).size, requests.length)
    const algs = tokens.map(
      token => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).alg,
    )
    const share = algs.filter(alg => alg === 'ES256K').length / algs.length
    assert.ok(share > 0.4 && share < 0.6, String(share))
  })

  test('send by pairs that nobody polls for', () => {
    const pairsOf = (call: string) =>
      new Set(requests.filter(one => one.call === call).map(({ pair }) => pair))
    assert.deepEqual([...pairsOf('send')].sort(), [0, 1])
    assert.deepEqual([...pairsOf('poll')].sort(), [2, 3])
  })

  test('are of as many people as there are connections, if asked for', () => {
    const few = prepareRequests({ ...plan, mix: { send: 1 }, inFlight: 3, onePersonEach: true }, accounts)
    assert.deepEqual([...new Set(few.map(({ pair }) => pair))], [0, 1, 2])
  })

  test('say the account’s own convo, or where its own log stands', () => {
    for (const { call, pair, bytes } of requests) {
      const text = bytes.toString()
      if (call === 'send' || call === 'page') assert.ok(text.includes(`convo${pair}`))
      if (call === 'poll')
        assert.ok([pair, pair + 4].some(account => text.includes(`cursor=cursor${account} `)))
    }
  })
})
