import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Devnet } from '@parley/devnet'
import { endpoints } from '../packages/service/src/endpoints/index.ts'
import { playLivelyScene } from './lively-scene.ts'
import { assertOfficial, nsidOf } from './official-lexicons.ts'
import { overhear } from './overhear.ts'

const net = await Devnet.create()
after(() => net.close())
const answers = overhear(net.chat.url)

test('every endpoint answers through the PDS in a lively scene', async () => {
  await playLivelyScene(net)
  const answered = new Set(answers.filter(({ status }) => status === 200).map(nsidOf))
  const neverAnswered = endpoints.map(({ schema }) => schema.nsid).filter(nsid => !answered.has(nsid))
  assert.deepEqual(neverAnswered, [])
})

test('every answer is as the official lexicons say', () => assertOfficial(answers))
