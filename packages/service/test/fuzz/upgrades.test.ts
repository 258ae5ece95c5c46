import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { lexicons } from '@atproto/api'
import { type ErrorFrame, Frame, type MessageFrame } from '@atproto/xrpc-server'
import { endpoints } from '../../src/endpoints/index.ts'
import { parseCursor, type Tid } from '../../src/tid.ts'
import { createHttpServer, type HttpServer } from '../../src/xrpc/adapter.ts'
import { countRequests } from '../../src/xrpc/request-ids.ts'
import { createSubscriptions } from '../../src/xrpc/subscriptions.ts'
import { open, type Refusal, type Subscriber } from '../../src/xrpc/testing/subscriber.ts'
import { createWebSockets } from '../../src/xrpc/websockets.ts'
import { inspectedSqlite } from '../inspected.ts'
import { type Name, names, theModerator } from './cast.ts'
import { Dice } from './dice.ts'
import { officialParams } from './lexicon.ts'
import { populate } from './population.ts'
import { breakQuery, writeQuery } from './query.ts'
import { authorizationOf, type Credentials } from './request.ts'
import { setScene } from './scene.ts'
import { paramsOf } from './second-opinion.ts'
import { canary } from './texts.ts'
import { valueFor } from './values.ts'
import { TokenDesk, World } from './world.ts'

/** Subscriptions of every shape, through the real upgrade: refused by name, or every event after the cursor. */

const nsid = 'chat.bsky.moderation.subscribeModEvents'
const params = officialParams(nsid)
const upgrades = 400
const statuses: Readonly<Record<string, number>> = { InvalidRequest: 400, Forbidden: 403 }
/** What a client of HTTP can send in one header. */
const badCredentials: readonly Credentials[] = ['none', 'cut', 'changed', 'of another method']

interface UpgradeRequest {
  caller: Name
  credentials: Credentials
  query: string
}

let world: World
let server: HttpServer
let url: string

before(async () => {
  world = new World({ endpoints, desk: await TokenDesk.open(), inspected: await inspectedSqlite() })
  await populate(world)
  const { edge } = world
  const { logger, subscriptionLimits } = edge
  const openMax = { perAccountMax: upgrades, totalMax: upgrades }
  const subscriptions = edge.subscriptions.map(one => ({ ...one, openMax }))
  const nextRequestId = countRequests()
  const webSockets = createWebSockets({
    open: createSubscriptions({ ...edge, subscriptions }),
    limits: subscriptionLimits,
    nextRequestId,
    logger,
  })
  server = createHttpServer({ pipeline: world.pipeline, webSockets, pages: [], nextRequestId, logger })
  url = `http://127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}/xrpc/${nsid}`
})

after(async () => {
  await server.close()
  await world.close()
})

test(`a subscription bears ${upgrades} upgrades of any shape`, async t => {
  const dice = new Dice(1)
  const events = await world.inspected.select<{ rev: Tid }>('select rev from mod_event order by rev')
  const revs = events.map(({ rev }) => rev)
  assert.ok(revs.length > 20)
  const outcomes: Record<string, number> = {}
  await world.newlyWritten()
  for (let upgrade = 0; upgrade < upgrades; upgrade++) {
    const request = await upgradeRequest(dice)
    const answer = await open(`${url}?${request.query}`, { headers: await headersOf(request) })
    const outcome = 'status' in answer ? refused(request, answer) : await followed(request, answer, revs)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  t.diagnostic(JSON.stringify(outcomes))
  assert.equal(await world.newlyWritten(), 0)
  assert.deepEqual(
    world.log.filter(line => line.includes(canary) || line.includes('"msg":"fault"')),
    [],
  )
  // ConsumerTooSlow needs a reader who stops reading: see xrpc/hostile-subscribers.test.ts.
  for (const name of ['events', 'FutureCursor', 'Forbidden', 'InvalidRequest', 'AuthMissing'])
    assert.ok(outcomes[name], `no ${name}`)
})

async function upgradeRequest(dice: Dice): Promise<UpgradeRequest> {
  const { caller, focus } = await setScene(world, nsid, dice)
  const rev = dice.oneIn(3) ? 'jzzzzzzzzzzzz' : focus.rev
  const source = { dice, focus: { ...focus, rev }, wildOneIn: dice.oneIn(4) ? 3 : 0 }
  const query = writeQuery(valueFor(params, '', source) as Record<string, unknown>)
  return {
    caller: dice.oneIn(30) ? dice.pick(names) : caller,
    credentials: dice.oneIn(10) ? dice.pick(badCredentials) : 'good',
    query: sendable(dice.oneIn(3) ? breakQuery(query, params, dice) : query),
  }
}

/** The client refuses to send the rest. */
function sendable(query: string): string {
  return query.replaceAll(/[^!-~]|#/g, text => encodeURIComponent(text)).slice(0, 8000)
}

async function headersOf({ caller, credentials }: UpgradeRequest): Promise<Record<string, string>> {
  const { desk, stage, actors } = world
  const token = await desk.token(actors[caller].did, nsid, stage.clock.now())
  const otherToken = await desk.token(actors[caller].did, `${nsid}s`, stage.clock.now())
  const [authorization] = authorizationOf(credentials, token, otherToken)
  return authorization === undefined ? {} : { authorization }
}

function refused(request: UpgradeRequest, { status, body }: Refusal): string {
  assert.deepEqual(Object.keys(body), ['error', 'message'])
  assert.equal(status, statuses[body.error] ?? 401, JSON.stringify({ request, body }))
  assert.ok(!JSON.stringify(body).includes(canary), JSON.stringify({ request, body }))
  return body.error
}

/** Everything that happened after the cursor, in order; only what is still to come without one. */
async function followed(
  request: UpgradeRequest,
  subscriber: Subscriber,
  revs: readonly Tid[],
): Promise<string> {
  const shown = JSON.stringify(request)
  assert.equal(request.credentials, 'good', shown)
  assert.equal(request.caller, theModerator, shown)
  const { cursor } = paramsOf(request.query, params) as { cursor?: string }
  const after = cursor === undefined ? revs.at(-1)! : parseCursor(cursor)?.after
  if (after === undefined || after > revs.at(-1)!) {
    const { body } = (await subscriber.next()) as ErrorFrame
    assert.equal(body.error, after === undefined ? 'InvalidRequest' : 'FutureCursor', shown)
    assert.equal((await subscriber.closed).code, 1008)
    return body.error
  }
  for (const _ of revs.filter(rev => rev > after)) {
    const frame = await subscriber.next()
    assert.ok(frame instanceof Frame && frame.isMessage(), shown)
    const { type, body } = frame as MessageFrame
    lexicons.assertValidXrpcMessage(nsid, { ...(body as object), $type: `${nsid}${type}` })
  }
  subscriber.socket.terminate()
  return cursor === undefined ? 'to come' : 'events'
}
