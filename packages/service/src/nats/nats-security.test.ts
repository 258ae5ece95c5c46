import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setDefaultCACertificates } from 'node:tls'
import { type Certificate, makeCertificate } from '@parley/testing/certificate.ts'
import { startNats } from '@parley/testing/nats.ts'
import { testDid } from '../auth/test-tokens.ts'
import { createLogger } from '../logger.ts'
import { NatsWakeUps } from './nats-wake-ups.ts'

const alice = testDid('alice')

describe('servers whose address begins with tls://', () => {
  let certificate: Certificate
  before(() => {
    certificate = makeCertificate('localhost')
  })
  after(() => certificate[Symbol.dispose]())

  const startTlsNats = ({ certFile, keyFile }: Certificate) =>
    startNats(undefined, `tls { cert_file: "${certFile}", key_file: "${keyFile}" }`)

  test('are refused where they have no TLS', async () => {
    await using net = await startNats()
    await using process = join(net.port)
    await until(() => process.problems.includes("server does not support 'tls'"))
  })

  test('are sent nothing where they say, in whatever words, that they have TLS and then do without', async () => {
    for (const claim of [{}, { tls_available: 1 }, { tls_available: 'true' }, { tls_available: {} }]) {
      await using server = await startPretender(claim)
      await using process = join(server.port, 'parley:secret@')
      await until(() => process.problems.length > 0)
      assert.equal(server.heard, '')
    }
  })

  test('are refused where nobody vouches for their certificate, or it is another’s', async () => {
    await using net = await startTlsNats(certificate)
    await using process = join(net.port)
    await until(() => process.problems.some(problem => problem.includes('self-signed certificate')))

    using anothers = makeCertificate('nats.example.org')
    setDefaultCACertificates([anothers.cert])
    await using other = await startTlsNats(anothers)
    await using misled = join(other.port)
    await until(() =>
      misled.problems.some(problem => problem.includes("does not match certificate's altnames")),
    )
  })

  test('serve as any other where all is well, with or without a login', async () => {
    setDefaultCACertificates([certificate.cert])
    for (const login of ['', 'parley:se%20cret@']) {
      await using net = await startTlsNats(certificate)
      await using teller = join(net.port, login)
      await using other = join(net.port, login)
      await until(() => {
        teller.wakeUps.tell({ accounts: [alice], modEvents: false })
        return other.accounts.includes(alice)
      })
    }
  })
})

/** A process of the service, as far as wake-ups know. */
function join(port: number, login = '') {
  const problems: string[] = []
  const logger = createLogger('silent')
  logger.warn = (fields: { reason?: string } | string) => {
    if (typeof fields === 'object' && fields.reason) problems.push(fields.reason)
  }
  const wakeUps = new NatsWakeUps({ servers: [`tls://${login}localhost:${port}`], logger })
  const accounts: string[] = []
  wakeUps.onNews(news => accounts.push(...news.accounts))
  return { wakeUps, accounts, problems, [Symbol.asyncDispose]: () => wakeUps.close() }
}

/** Somebody between the service and NATS, who would have it speak in the clear. */
async function startPretender(claim: object) {
  const server = createServer(socket => {
    socket
      .on('error', () => {})
      .on('data', data => {
        pretender.heard += data
        if (data.includes('PING')) socket.write('PONG\r\n')
      })
    const info = { server_id: 'x', version: '2.9.10', proto: 1, headers: true, max_payload: 1_000_000 }
    socket.write(`INFO ${JSON.stringify({ ...info, ...claim })}\r\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const pretender = { port, heard: '', [Symbol.asyncDispose]: async () => void server.close() }
  return pretender
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not come to pass')
    await sleep(20)
  }
}
