import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Devnet } from '@parley/devnet'
import { endpoints } from '../packages/service/src/endpoints/index.ts'
import { type LoggedIn, logIn } from './account.ts'
import { freePort } from './free-port.ts'
import { moderate, readModEvents } from './lively-moderation.ts'
import { playLivelyScene } from './lively-scene.ts'
import { assertOfficial, nsidOf } from './official-lexicons.ts'
import { overhear } from './overhear.ts'
import { createLabeler } from './ozone/labeler.ts'

/** More than the scene needs, but for convos: begun one after the other, they come to an end. */
const often = { count: 10_000, periodSec: 1 }
const rateLimits = {
  calls: often,
  anonymousCalls: often,
  sends: [often],
  newConvos: { count: 12, periodSec: 60 * 60 },
}

const labeler = await createLabeler(`http://localhost:${await freePort()}`)
const net = await Devnet.create({ chat: { moderators: [labeler.did], rateLimits } })
after(() => net.close())
await labeler.register(net.plc.url)
const moderator = { net, iss: `${labeler.did}#atproto_labeler`, key: labeler.key }
const answers = overhear(net.chat.url)

function answeredMethods(): Set<string | undefined> {
  return new Set(answers.filter(({ status }) => status === 200).map(nsidOf))
}

function neverAnswered(isAsked: (nsid: string) => boolean): string[] {
  const answered = answeredMethods()
  return endpoints.map(({ schema }) => schema.nsid).filter(nsid => isAsked(nsid) && !answered.has(nsid))
}

const isForModerators = (nsid: string) => nsid.startsWith('chat.bsky.moderation.')

/** Begins groups until it is too many. */
async function exceedRate({ chat }: LoggedIn): Promise<void> {
  for (let begun = 0; begun <= rateLimits.newConvos.count; begun++) {
    const input = { name: 'Yet another', members: [] }
    const answer = await chat.post('chat.bsky.group.createGroup', { input })
    if (!answer.ok) return assert.equal(answer.status, 429)
  }
  assert.fail('nobody minds')
}

test('every method for accounts answers through the PDS in a lively scene', async () => {
  await playLivelyScene(net)
  assert.deepEqual(
    neverAnswered(nsid => !isForModerators(nsid)),
    [],
  )
})

test('every method for moderators answers, and events of every kind come to them', async () => {
  await exceedRate(await logIn(net, 'carla.test'))
  const events = await readModEvents(moderator)
  await moderate(moderator, events)
  assert.deepEqual(neverAnswered(isForModerators), [])
})

test('every answer is as the official lexicons say', () => {
  assert.equal(endpoints.length, 49)
  assertOfficial(answers)
})
