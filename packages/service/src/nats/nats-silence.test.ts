import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { natsPingIntervalMs, natsPingsUnansweredMax, natsRetryMs } from '../limits.ts'
import { createLogger } from '../logger.ts'
import { NatsWakeUps } from './nats-wake-ups.ts'

test('a NATS server that says nothing any more, and does not hang up either, is given up within half a minute', async t => {
  assert.ok(natsPingIntervalMs * (natsPingsUnansweredMax + 1) <= 30_000)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await using server = await startSilentServer()
  const warnings: unknown[] = []
  const logger = createLogger('silent')
  logger.warn = (text: unknown) => void warnings.push(text)
  const wakeUps = new NatsWakeUps({ servers: [`nats://127.0.0.1:${server.port}`], logger })
  // The first is part of the greeting.
  await until(() => server.pings === 1)
  await until(() => server.subscriptions === 2)
  for (let unanswered = 1; unanswered <= natsPingsUnansweredMax; unanswered++) {
    t.mock.timers.tick(natsPingIntervalMs)
    await until(() => server.pings === 1 + unanswered)
  }
  assert.equal(warnings.length, 0)
  t.mock.timers.tick(natsPingIntervalMs)
  await until(() => warnings.includes('NATS: disconnect') && server.connections === 0)
  await wakeUps.close()
})

test('a NATS server that is away is looked for again and again, and the log says so once, without a stack', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let attempts = 0
  const listening = createServer(socket => {
    attempts += 1
    socket.destroy()
  })
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as { port: number }
  const warnings: unknown[][] = []
  const logger = createLogger('silent')
  logger.warn = (...told: unknown[]) => void warnings.push(told)
  const wakeUps = new NatsWakeUps({ servers: [`nats://127.0.0.1:${port}`], logger })
  for (let n = 1; n <= 3; n++) {
    await until(() => {
      t.mock.timers.tick(natsRetryMs / 10)
      return attempts === n
    })
  }
  assert.equal(warnings.length, 1)
  const [[fields, text]] = warnings as [[{ reason: string }, string]]
  assert.deepEqual(Object.keys(fields), ['reason'])
  assert.match(text, /NATS is away: other processes are heard of by polling the database/)
  await wakeUps.close()
  listening.close()
})

/** Greets who comes, and is gone without a word after that. */
async function startSilentServer() {
  const listening = createServer(socket => {
    seen.connections += 1
    socket
      .on('error', () => {})
      .on('close', () => {
        seen.connections -= 1
      })
    socket.on('data', data => {
      const lines = data.toString().split('\r\n')
      seen.pings += lines.filter(line => line === 'PING').length
      seen.subscriptions += lines.filter(line => line.startsWith('SUB ')).length
      if (lines.some(line => line.startsWith('CONNECT '))) socket.write('PONG\r\n')
    })
    socket.write(
      'INFO {"server_id":"x","version":"2.9.10","proto":1,"headers":true,"max_payload":1000000}\r\n',
    )
  })
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as { port: number }
  const close = async () => void listening.close()
  const seen = { port, pings: 0, subscriptions: 0, connections: 0, [Symbol.asyncDispose]: close }
  return seen
}

/** By rounds of the event loop: the test's own clock stands still. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!holds()) {
    assert.ok(performance.now() < deadline, 'it did not come to pass')
    await new Promise(resolve => setImmediate(resolve))
  }
}
