import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { endpoints, subscriptions } from '../src/endpoints/index.ts'
import { jwtExpiredLeewaySec } from '../src/limits.ts'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { startTestEdge, type TestEdge } from '../src/xrpc/test-edge.ts'
import { refusalOf, subscribe } from '../src/xrpc/testing/subscriber.ts'
import { openConvo, Stage, say } from './stage.ts'

const nsid = 'chat.parley.convo.subscribeLog'
const getLog = 'chat.bsky.convo.getLog'

let stage: Stage
let edge: TestEdge
before(async () => {
  stage = new Stage(memoryStore)
  edge = await startTestEdge({ endpoints, subscriptions, context: stage.ctx })
  // Tokens and streams end by one clock.
  edge.time.nowMs = stage.clock.now()
})
after(async () => {
  await edge.close()
  await stage.ctx.store.close()
})

/** As a browser does it, which can send no header with a handshake. */
async function open(query = '') {
  const url = `${edge.url.replace('http:', 'ws:')}/xrpc/${nsid}${query}`
  const socket = new WebSocket(url, ['xrpc.v0.json', `bearer.${await edge.token(getLog)}`])
  const messages = on(socket, 'message')
  await once(socket, 'open')
  const next = async (): Promise<unknown> => JSON.parse((await messages.next()).value![0].data)
  return { socket, next }
}

describe('the stream of an account’s log', () => {
  it('is opened with a token for getLog among the subprotocols, and speaks JSON', async () => {
    const { socket, next } = await open()
    assert.equal(socket.protocol, 'xrpc.v0.json')
    assert.partialDeepStrictEqual(await next(), { $type: '#logs', logs: [] })
    const [alice, bob] = [stage.actor('alice2222222222222222222'), stage.actor('bob')]
    assert.equal(alice.did, edge.did)
    const convo = await openConvo(alice, bob)
    assert.partialDeepStrictEqual(await next(), { $type: '#logs', logs: [{ convoId: convo.id }] })
    await say(alice, convo, 'hello')
    assert.partialDeepStrictEqual(await next(), { logs: [{ message: { text: 'hello' } }] })
    socket.close()
    await once(socket, 'close')
  })

  it('is opened with the same token in a header, too', async () => {
    const { socket } = await subscribe(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(getLog) })
    assert.equal(socket.protocol, '')
    socket.terminate()
  })

  it('is not opened with a token that names its own method, which a PDS gives without leave to read messages', async () => {
    const { status, body } = await refusalOf(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(nsid) })
    assert.deepEqual([status, body.error], [401, 'BadJwtLexiconMethod'])
  })

  it('is not opened with two tokens, wherever they stand', async () => {
    const token = await edge.token(getLog)
    const protocols = ['xrpc.v0.json', `bearer.${token}`]
    const { status } = await refusalOf(`${edge.url}/xrpc/${nsid}`, { token, protocols })
    assert.equal(status, 401)
    const twice = {
      protocols: [...protocols, `bearer.${await edge.token(getLog, { now: stage.clock.now() / 1000 - 1 })}`],
    }
    assert.equal((await refusalOf(`${edge.url}/xrpc/${nsid}`, twice)).status, 401)
  })

  it('does not begin at what is no cursor', async () => {
    const { socket, next } = await open('?cursor=yesterday')
    assert.partialDeepStrictEqual(await next(), { error: 'InvalidRequest' })
    const [{ code, reason }] = await once(socket, 'close')
    assert.deepEqual([code, reason], [1008, 'InvalidRequest'])
  })

  it('ends as finished when the token ends', async () => {
    const { socket, next } = await open()
    await next()
    const closed = once(socket, 'close')
    edge.time.nowMs += (60 + jwtExpiredLeewaySec) * 1000
    stage.clock.advance((60 + jwtExpiredLeewaySec) * 1000)
    const alice = stage.actor('alice2222222222222222222')
    await openConvo(alice, stage.actor('carla'))
    const [{ code }] = await closed
    assert.equal(code, 1000)
  })

  it('is what a query for it is told to open', async () => {
    const answer = await edge.call(nsid)
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { error: string }).error],
      [400, 'InvalidRequest'],
    )
  })
})
