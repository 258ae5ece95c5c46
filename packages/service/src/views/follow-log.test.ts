import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import type { $message as Logs } from '@parley/lexicons/chat/parley/convo/subscribeLog'
import { onEveryStore, openConvo, Stage, say, wholeLog } from '../../test/stage.ts'
import { stores } from '../../test/stores.ts'
import { addReaction } from '../endpoints/chat/bsky/convo/addReaction.ts'
import { muteConvo } from '../endpoints/chat/bsky/convo/muteConvo.ts'
import { sendMessage } from '../endpoints/chat/bsky/convo/sendMessage.ts'
import { logHeartbeatMs, logPageRowsMax, logRecheckMs } from '../limits.ts'
import { EngineStore } from '../store/engine-store.ts'
import { MemoryEngine } from '../store/memory/memory-engine.ts'
import type { News } from '../store/wake-ups.ts'
import { formatTid, parseTid } from '../tid.ts'
import { followLog } from './follow-log.ts'

const longUntil = Number.POSITIVE_INFINITY

/** A stream that ends with its test. */
function follow(stage: Stage, did: Did, cursor?: string) {
  const gone = new AbortController()
  const after = cursor === undefined ? undefined : parseTid(cursor)
  const pages = followLog(stage.ctx, did, { after, untilMs: longUntil, signal: gone.signal })
  const next = async (): Promise<Logs> => (await pages.next()).value
  return {
    next,
    /** The next so many rows, over as many pages as they take. */
    async rows(count: number): Promise<Logs['logs']> {
      const rows: Logs['logs'] = []
      while (rows.length < count) rows.push(...(await next()).logs)
      return rows
    },
    async [Symbol.asyncDispose]() {
      gone.abort()
      await pages.return(undefined)
    },
  }
}

onEveryStore('a stream of the log', newStage => {
  test('says at once where it begins, and then each row of its account as it comes', async () => {
    const stage = newStage()
    const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
    const convo = await openConvo(alice, bob)
    await using stream = follow(stage, bob.did)
    const begun = await stream.next()
    assert.deepEqual(begun.logs, [])
    const sent = await say(alice, convo, 'hello')
    const first = await stream.rows(1)
    // The convo begins for bob with its first message.
    const [told] = first.length > 1 ? [first[1]] : await stream.rows(1)
    assert.partialDeepStrictEqual(told, { $type: 'chat.bsky.convo.defs#logCreateMessage' })
    assert.partialDeepStrictEqual(told, { message: { id: sent.id, text: 'hello' } })
    await bob.call(addReaction, { convoId: convo.id, messageId: sent.id, value: '👍' })
    assert.match((await stream.rows(1))[0]!.$type!, /#logAddReaction$/)
  })

  test('gives the rows of getLog, in order and each once, wherever it is taken up', async () => {
    const stage = newStage()
    const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
    const convo = await openConvo(alice, bob)
    for (let i = 0; i < logPageRowsMax + 20; i += 1) await say(alice, convo, `message ${i}`)
    const log = await wholeLog(alice)
    for (const behind of [-1, 0, 50, log.length - 2]) {
      await using stream = follow(stage, alice.did, behind < 0 ? '2222222222222' : log[behind]!.rev)
      assert.deepEqual(await stream.rows(log.length - behind - 1), log.slice(behind + 1))
    }
  })

  test('is as good as any other of the same account: each has every row', async () => {
    const stage = newStage()
    const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
    const convo = await openConvo(alice, bob)
    const head = formatTid(await stage.ctx.store.logHead(alice.did))
    const streams = Array.from({ length: 5 }, () => follow(stage, alice.did, head))
    const told = streams.map(stream => stream.rows(30))
    for (let i = 0; i < 30; i += 1) {
      void say(alice, convo, `message ${i}`)
      if (i % 4 === 0) await setImmediate()
    }
    const rows = await Promise.all(told)
    for (const one of rows) assert.deepEqual(one, await wholeLog(alice, head))
    for (const stream of streams) await stream[Symbol.asyncDispose]()
  })

  test('counts full pages as calls, and no others', async () => {
    const stage = newStage()
    const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
    const convo = await openConvo(alice, bob)
    for (let i = 0; i < logPageRowsMax + 20; i += 1) await say(alice, convo, `message ${i}`)
    await using stream = follow(stage, alice.did, '2222222222222')
    await stream.rows(logPageRowsMax + 20)
    assert.deepEqual(stage.calls, [alice.did])
  })

  test('tells nothing of what concerns others', async () => {
    const stage = newStage()
    const [alice, bob, carla] = [stage.actor('alice'), stage.actor('bob'), stage.actor('carla')]
    const convo = await openConvo(alice, bob)
    await using stream = follow(stage, carla.did)
    await stream.next()
    await say(alice, convo, 'not for carla')
    const withCarla = await openConvo(alice, carla)
    await say(alice, withCarla, 'for carla')
    const rows = await stream.rows(1)
    assert.ok(rows.every(row => 'convoId' in row && row.convoId === withCarla.id))
  })

  test('misses nothing of what is committed while a page is on its way', async () => {
    const stage = newStage()
    const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
    const convo = await openConvo(alice, bob)
    const head = await stage.ctx.store.logHead(alice.did)
    await using stream = follow(stage, alice.did, formatTid(head))
    const sends = Array.from({ length: 40 }, (_, i) => say(alice, convo, `message ${i}`))
    const rows = await stream.rows(sends.length)
    await Promise.all(sends)
    assert.deepEqual(rows, await wholeLog(alice, formatTid(head)))
  })
})

const [, openMemory] = stores[0]!

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate()
}

test('a stream of the log says now and then that it is there, and ends with the token that opened it', async () => {
  const stage = new Stage(openMemory)
  const alice = stage.actor('alice')
  const gone = new AbortController()
  const untilMs = stage.clock.now() + 4 * logRecheckMs
  const head = await stage.ctx.store.logHead(alice.did)
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const pages = followLog(stage.ctx, alice.did, { after: head, untilMs, signal: gone.signal })
    await pages.next()
    let said = 0
    const rest = (async () => {
      for await (const { logs } of pages) {
        assert.deepEqual(logs, [])
        said += 1
      }
    })()
    for (let looks = 0; looks < 4; looks += 1) {
      await settled()
      stage.clock.advance(logRecheckMs)
      mock.timers.tick(logRecheckMs)
    }
    await rest
    assert.equal(said, Math.floor((4 * logRecheckMs - 1) / logHeartbeatMs))
  } finally {
    mock.timers.reset()
    await stage.ctx.store.close()
  }
})

test('a stream of the log wakes for commits to that log alone, and for none when it has ended', async () => {
  const stage = new Stage(openMemory)
  const [alice, bob, carla] = [stage.actor('alice'), stage.actor('bob'), stage.actor('carla')]
  const listening = new Set<() => void>()
  let woken = 0
  const { store } = stage.ctx
  const onLog: typeof store.onLog = (did, wake) => {
    const stop = store.onLog(did, () => {
      woken += 1
      wake()
    })
    listening.add(stop)
    return () => {
      listening.delete(stop)
      stop()
    }
  }
  const watched = new Proxy(store, {
    get: (target, name) => {
      if (name === 'onLog') return onLog
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const gone = new AbortController()
  const options = { after: undefined, untilMs: longUntil, signal: gone.signal }
  const pages = followLog({ ...stage.ctx, store: watched }, carla.did, options)
  await pages.next()
  await openConvo(alice, bob)
  assert.deepEqual([woken, listening.size], [0, 1])
  await openConvo(carla, bob)
  assert.equal(woken, 1)
  await pages.next()
  const over = pages.next()
  gone.abort()
  await over
  assert.equal(listening.size, 0)
  await store.close()
})

test('a stream of the log ends when the other side goes', async () => {
  const stage = new Stage(openMemory)
  const alice = stage.actor('alice')
  const gone = new AbortController()
  const pages = followLog(stage.ctx, alice.did, { after: 0, untilMs: longUntil, signal: gone.signal })
  await pages.next()
  const over = pages.next()
  gone.abort()
  assert.equal((await over).done, true)
  await stage.ctx.store.close()
})

test('a stream of the log hears of what another process has committed', async () => {
  const heard: ((news: News) => void)[] = []
  const engine = new MemoryEngine()
  const stage = new Stage(clock => new EngineStore(engine, clock))
  const [alice, bob] = [stage.actor('alice'), stage.actor('bob')]
  const convo = await openConvo(alice, bob)
  const wakeUps = {
    tell: () => {},
    onNews: (hear: (news: News) => void) => heard.push(hear),
    close: async () => {},
  }
  const elsewhere = { ...stage.ctx, store: new EngineStore(engine, stage.clock, { wakeUps }) }
  const gone = new AbortController()
  const pages = followLog(elsewhere, alice.did, { after: undefined, untilMs: longUntil, signal: gone.signal })
  await pages.next()
  const next = pages.next()
  await alice.call(sendMessage, { convoId: convo.id, message: { text: 'from there' } })
  await alice.call(muteConvo, { convoId: convo.id })
  for (const hear of heard) hear({ accounts: [bob.did, alice.did], modEvents: false })
  const { logs } = (await next).value as Logs
  assert.deepEqual(
    logs.map(row => row.$type?.split('#')[1]),
    ['logCreateMessage', 'logMuteConvo'],
  )
  gone.abort()
  await stage.ctx.store.close()
})
