import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { talk } from '../setups.ts'
import { group, groupOf } from './setups.ts'

export const names = subject('the name of a group')
const { scene } = names

scene('everybody hears the old and the new one', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const { convo } = await alice.editGroup({ convoId, name: 'Writers' })
  assert.partialDeepStrictEqual(convo.kind, { name: 'Writers' })
  for (const actor of [alice, bob]) {
    await actor.hears('logEditGroup oldName: Readers, newName: Writers')
    await actor.sees(convoId, 'EditGroup oldName: Readers, newName: Writers')
    assert.equal((await groupOf(actor, convoId)).name, 'Writers')
  }
})

scene('only the owner changes it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await refused(bob.editGroup({ convoId, name: 'Writers' }), 'InsufficientRole')
  await refused(carla.editGroup({ convoId, name: 'Writers' }), 'InvalidConvo', 'Convo not found')
  assert.equal((await groupOf(bob, convoId)).name, 'Readers')
})

scene('it has 1 to 50 graphemes', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await refused(alice.editGroup({ convoId, name: '' }), 'InvalidRequest')
  await refused(alice.editGroup({ convoId, name: 'x'.repeat(51) }), 'InvalidRequest')
  await bob.hears()
})

scene('a direct convo has none', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await refused(alice.editGroup({ convoId, name: 'Us' }), 'InvalidConvo')
})
