import assert from 'node:assert/strict'
import { type Actor, subject } from '../script.ts'
import { talk } from '../setups.ts'
import { group } from './setups.ts'

export const mutualGroups = subject('mutual groups')
const { scene } = mutualGroups

async function mutual(actor: Actor, other: Actor, limit = 50): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await actor.listMutualGroups({ subject: other.did, limit, ...(cursor && { cursor }) })
    ids.push(...page.convos.map(({ id }) => id))
    cursor = page.convos.length > 0 ? page.cursor : undefined
  } while (cursor)
  return ids.sort()
}

scene('those that both are in, whosever they are', async ({ alice, bob, carla }) => {
  const bobs = await group(bob, alice)
  const carlas = await group(carla, alice, bob)
  await group(alice, carla)
  await group(bob, carla)
  await talk(alice, bob)
  assert.deepEqual(await mutual(alice, bob), [bobs, carlas].sort())
  assert.deepEqual(await mutual(bob, alice), [bobs, carlas].sort())
})

scene('until one of them is not', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await bob.leaveConvo({ convoId })
  assert.deepEqual(await mutual(alice, bob), [])
  assert.deepEqual(await mutual(bob, alice), [])
  assert.deepEqual(await mutual(alice, carla), [convoId])
  await alice.removeMembers({ convoId, members: [carla.did] })
  assert.deepEqual(await mutual(carla, alice), [])
})

scene('in pages', async ({ alice, bob }) => {
  const ids = [await group(alice, bob), await group(alice, bob), await group(alice, bob)]
  assert.deepEqual(await mutual(bob, alice, 2), ids.sort())
})

scene('none with a stranger', async ({ alice, bob, carla }) => {
  await group(alice, bob)
  assert.deepEqual(await mutual(alice, carla), [])
})
