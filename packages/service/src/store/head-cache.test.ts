import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDid } from '../auth/test-tokens.ts'
import { headRecheckMs } from '../limits.ts'
import { EngineStore } from './engine-store.ts'
import { HeadCache } from './head-cache.ts'
import { MemoryEngine } from './memory/memory-engine.ts'
import type { Store } from './store.ts'
import type { News, WakeUps } from './wake-ups.ts'

const alice = testDid('alice')

test('what another process has written is seen after a while, where nothing tells of it', async () => {
  const { here, there, clock } = twoProcesses()
  await write(here)
  const head = await here.logHead(alice)
  assert.equal(await there.logHead(alice), head)
  const next = await write(here)
  assert.equal(await here.logHead(alice), next, 'a process knows what it wrote itself')
  assert.equal(await there.logHead(alice), head, 'nothing was told: it was not asked')
  clock.ms += headRecheckMs
  assert.equal(await there.logHead(alice), next)
})

test('what another process has written is seen at once, where a wake-up tells of it', async () => {
  const line = new Line()
  const { here, there } = twoProcesses(line)
  await write(here)
  await there.logHead(alice)
  const next = await write(here)
  assert.equal(await there.logHead(alice), next)
  assert.deepEqual(
    (await there.log(alice, { after: next - 1, limit: 10 })).map(({ row }) => row.rev),
    [next],
  )
})

test('a wake-up that comes while the head is being read does not leave the old one behind', async () => {
  const engine = new MemoryEngine()
  const clock = { ms: 0, now: () => clock.ms }
  const here = new EngineStore(engine, clock)
  await write(here)
  let letGo = () => {}
  const slow = Object.create(engine, {
    logHead: {
      value: async (did: typeof alice) => {
        const head = await engine.logHead(did)
        await new Promise<void>(resolve => (letGo = resolve))
        return head
      },
    },
  }) as MemoryEngine
  const cache = new HeadCache(slow, clock)
  const reading = cache.logHead(alice)
  await new Promise(resolve => setImmediate(resolve))
  const next = await write(here)
  cache.outdate([alice])
  letGo()
  await reading
  const again = cache.logHead(alice)
  await new Promise(resolve => setImmediate(resolve))
  letGo()
  assert.equal(await again, next)
})

/** Wake-ups within one process. */
class Line {
  readonly #ends: { hear: ((news: News) => void)[] }[] = []

  end(): WakeUps {
    const own = { hear: [] as ((news: News) => void)[] }
    this.#ends.push(own)
    return {
      tell: news => {
        for (const end of this.#ends) if (end !== own) for (const hear of end.hear) hear(news)
      },
      onNews: hear => own.hear.push(hear),
      close: async () => {},
    }
  }
}

function twoProcesses(line?: Line) {
  const engine = new MemoryEngine()
  const clock = { ms: 1_000_000, now: () => clock.ms }
  const open = (): Store => {
    const rows = new HeadCache(engine, clock)
    const wakeUps = line?.end()
    wakeUps?.onNews(({ accounts }) => rows.outdate(accounts))
    return new EngineStore(engine, clock, { rows, wakeUps })
  }
  return { here: open(), there: open(), clock }
}

function write(store: Store): Promise<number> {
  return store.transact({ accounts: [alice] }, tx => {
    const rev = tx.nextRev()
    tx.appendLog({ did: alice, rev, type: 'beginConvo', convoId: 1 })
    return rev
  })
}
