import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@nats-io/transport-node'
import { freePort } from '@parley/testing/free-port.ts'
import { startNats } from '@parley/testing/nats.ts'
import { testDid } from '../auth/test-tokens.ts'
import { createLogger } from '../logger.ts'
import type { News } from '../store/wake-ups.ts'
import { NatsWakeUps } from './nats-wake-ups.ts'

const alice = testDid('alice')

describe('wake-ups over NATS', () => {
  test('reach every other process, and not the one that tells', async () => {
    await using net = await startNats()
    await using ears = listeners(net.url, 3)
    await ears.untilAllHear()
    const [teller, ...others] = ears.all
    teller!.wakeUps.tell({ accounts: [alice], modEvents: true })
    for (const other of others) {
      await until(() => other.accounts().includes(alice) && other.heard.some(news => news.modEvents))
    }
    assert.ok(!teller!.accounts().includes(alice))
    assert.ok(!teller!.heard.some(news => news.modEvents))
  })

  test('name any number of accounts', async () => {
    await using net = await startNats()
    await using ears = listeners(net.url, 2)
    await ears.untilAllHear()
    const accounts = Array.from({ length: 5000 }, (_, i) =>
      testDid(`a${i.toString(32).replace(/[0189]/g, 'x')}${'b'.repeat(i % 7)}`),
    )
    ears.all[0]!.wakeUps.tell({ accounts, modEvents: false })
    await until(() => new Set(ears.all[1]!.accounts()).isSupersetOf(new Set(accounts)))
  })

  test('are nothing where a stranger writes nonsense', async () => {
    await using net = await startNats()
    await using ears = listeners(net.url, 1)
    const stranger = await connect({ servers: net.url })
    const [ear] = ears.all
    await until(() => {
      stranger.publish('parley.accounts', new Uint8Array([0xff, 0xfe, 0]))
      stranger.publish('parley.accounts', `no did\n${'x'.repeat(10_000)}\n\n${alice}`)
      return ear!.accounts().includes(alice)
    })
    await stranger.close()
    assert.deepEqual([...new Set(ear!.accounts())], [alice])
  })

  test('log in with the name and the password of an address', async () => {
    await using net = await startNats(undefined, 'authorization { user: parley, password: "22 cret" }')
    for (const host of ['127.0.0.1', 'localhost']) {
      await using ears = listeners(`nats://parley:22%20cret@${host}:${net.port}`, 2)
      await ears.untilAllHear()
    }
  })

  test('begin when NATS comes, stop when it goes and go on when it is back', async () => {
    const port = await freePort()
    await using ears = listeners(`nats://127.0.0.1:${port}`, 2)
    ears.all[0]!.wakeUps.tell({ accounts: [alice], modEvents: false })
    {
      await using _net = await startNats(port)
      await ears.untilAllHear()
    }
    ears.all[0]!.wakeUps.tell({ accounts: [alice], modEvents: false })
    ears.forget()
    {
      await using _net = await startNats(port)
      await ears.untilAllHear()
    }
  })

  test('that a server takes no messages of is nobody’s trouble', async () => {
    await using net = await startNats(undefined, 'max_payload: 100')
    await using ears = listeners(net.url, 2)
    await ears.untilAllHear()
    const accounts = Array.from({ length: 20 }, (_, i) => testDid(`a${'bcdefghijklmnopqrstuvw'[i]}`))
    ears.all[0]!.wakeUps.tell({ accounts, modEvents: false })
    await ears.untilAllHear()
  })

  test('that a server does not let anybody hear are nobody’s trouble either', async () => {
    const config = `
      authorization { users = [{ user: all, permissions: { subscribe: { deny: ["parley.accounts"] } } }] }
      no_auth_user: all`
    await using net = await startNats(undefined, config)
    await using ears = listeners(net.url, 2)
    const [teller, other] = ears.all
    await until(() => {
      teller!.wakeUps.tell({ accounts: [alice], modEvents: true })
      return other!.heard.some(news => news.modEvents)
    })
    assert.deepEqual(other!.accounts(), [])
  })

  test('go on where a server refused the service for a while', async () => {
    const port = await freePort()
    await using ears = listeners(`nats://127.0.0.1:${port}`, 2)
    {
      await using _net = await startNats(port)
      await ears.untilAllHear()
    }
    {
      await using _net = await startNats(port, 'authorization { user: a, password: b }')
      await until(() => ears.all.every(({ warnings }) => warnings.some(text => text.includes('gave up'))))
    }
    ears.forget()
    {
      await using _net = await startNats(port)
      await ears.untilAllHear()
    }
  })
})

interface Ear {
  wakeUps: NatsWakeUps
  heard: News[]
  warnings: string[]
  accounts(): string[]
}

/** So many processes, as far as wake-ups know. */
function listeners(url: string, count: number) {
  const all = Array.from({ length: count }, (): Ear => {
    const warnings: string[] = []
    const logger = createLogger('silent')
    logger.warn = (_fields: object | string, text = '') => void warnings.push(text)
    const wakeUps = new NatsWakeUps({ servers: [url], logger })
    const heard: News[] = []
    wakeUps.onNews(news => heard.push(news))
    return { wakeUps, heard, warnings, accounts: () => heard.flatMap(news => news.accounts) }
  })
  return {
    all,
    forget() {
      for (const { heard } of all) heard.length = 0
    },
    /** They come up at their own times, and nothing is kept for who is not there. */
    async untilAllHear() {
      for (const teller of all) {
        const others = all.filter(other => other !== teller)
        const call = testDid(`call${all.indexOf(teller) + 2}`)
        await until(() => {
          teller.wakeUps.tell({ accounts: [call], modEvents: false })
          return others.every(other => other.accounts().includes(call))
        })
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map(({ wakeUps }) => wakeUps.close()))
    },
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not come to pass')
    await sleep(20)
  }
}
