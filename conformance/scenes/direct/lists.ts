import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { type Actor, subject } from '../script.ts'
import { knock, talk } from '../setups.ts'

export const lists = subject('lists of convos')
const { scene } = lists

type Filter = NonNullable<Parameters<Actor['listConvos']>[0]>

async function idsOf(actor: Actor, filter?: Filter): Promise<string[]> {
  return (await actor.listConvos(filter)).convos.map(({ id }) => id)
}

scene('newest message first', async ({ alice, bob, carla }) => {
  const withAlice = await knock(alice, bob)
  const withCarla = await knock(carla, bob)
  assert.deepEqual(await idsOf(bob), [withCarla, withAlice])
  await alice.sendMessage({ convoId: withAlice, message: { text: 'me again' } })
  assert.deepEqual(await idsOf(bob), [withAlice, withCarla])
})

scene('in full pages, the last without a cursor', async ({ alice, bob, carla, dave }) => {
  const [one, two, three] = [await knock(alice, dave), await knock(bob, dave), await knock(carla, dave)]
  const first = await dave.listConvos({ limit: 2 })
  assert.deepEqual(
    first.convos.map(({ id }) => id),
    [three, two],
  )
  const last = await dave.listConvos({ limit: 2, cursor: first.cursor! })
  assert.deepEqual(
    last.convos.map(({ id }) => id),
    [one],
  )
  assert.equal(last.cursor, undefined)
})

scene('by status', async ({ alice, bob, carla }) => {
  const accepted = await talk(alice, bob)
  const request = await knock(carla, bob)
  assert.deepEqual(await idsOf(bob, { status: 'accepted' }), [accepted])
  assert.deepEqual(await idsOf(bob, { status: 'request' }), [request])
  assert.deepEqual(await idsOf(bob), [request, accepted])
})

scene('unread only', async ({ alice, bob, carla }) => {
  const read = await knock(alice, bob)
  const unread = await knock(carla, bob)
  await bob.updateRead({ convoId: read })
  assert.deepEqual(await idsOf(bob, { readState: 'unread' }), [unread])
})

scene('direct convos are of kind direct and count as unlocked', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  assert.deepEqual(await idsOf(bob, { kind: 'direct' }), [convoId])
  assert.deepEqual(await idsOf(bob, { lockStatus: 'unlocked' }), [convoId])
  assert.deepEqual(await idsOf(bob, { kind: 'group' }), [])
  assert.deepEqual(await idsOf(bob, { lockStatus: 'locked' }), [])
})

scene('a filter that means nothing is refused rather than passed over', async ({ alice }) => {
  await refused(alice.listConvos({ status: 'x' }), 'InvalidRequest')
  await refused(alice.listConvos({ kind: 'x' }), 'InvalidRequest')
  await refused(alice.listConvos({ lockStatus: 'x' }), 'InvalidRequest')
  await refused(alice.listConvos({ readState: 'read' }), 'InvalidRequest')
  await refused(alice.listConvos({ cursor: 'nonsense' }), 'InvalidRequest')
})

scene(
  'a convo shows both members, its last message and how the viewer stands to it',
  async ({ alice, bob }) => {
    const convoId = await knock(alice, bob)
    const { convos } = await bob.listConvos()
    assert.equal(convos.length, 1)
    assert.partialDeepStrictEqual(convos[0], {
      id: convoId,
      status: 'request',
      muted: false,
      unreadCount: 1,
      kind: { $type: 'chat.bsky.convo.defs#directConvo' },
      lastMessage: { $type: 'chat.bsky.convo.defs#messageView', text: 'hello' },
    })
    assert.deepEqual(convos[0]!.members.map(({ did }) => did).sort(), [alice.did, bob.did].sort())
  },
)
