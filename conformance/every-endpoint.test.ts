import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { endpoints } from '../packages/service/src/endpoints/index.ts'
import { logIn } from './account.ts'
import { exceedRate, moderate, readModEvents, startModeratedDevnet } from './lively-moderation.ts'
import { playLivelyScene } from './lively-scene.ts'
import { assertOfficial, nsidOf } from './official-lexicons.ts'
import { overhear } from './overhear.ts'

const { net, moderator } = await startModeratedDevnet()
after(() => net.close())
const answers = overhear(net.chat.url)

function answeredMethods(): Set<string | undefined> {
  return new Set(answers.filter(({ status }) => status === 200).map(nsidOf))
}

function neverAnswered(isAsked: (nsid: string) => boolean): string[] {
  const answered = answeredMethods()
  return endpoints.map(({ schema }) => schema.nsid).filter(nsid => isAsked(nsid) && !answered.has(nsid))
}

const isForModerators = (nsid: string) => nsid.startsWith('chat.bsky.moderation.')

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
