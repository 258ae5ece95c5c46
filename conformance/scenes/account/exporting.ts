import assert from 'node:assert/strict'
import { group, say } from '../group/setups.ts'
import { subject } from '../script.ts'
import { knock, talk } from '../setups.ts'

export const exporting = subject('exporting')
const { scene } = exporting

scene('all that one may see is in it, convo by convo, newest message first', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  const [account, convo, ...rest] = await bob.exports()
  assert.partialDeepStrictEqual(account, { type: 'account', did: bob.did, chatDisabled: false })
  assert.partialDeepStrictEqual(convo, { type: 'convo', id: convoId, kind: 'direct', status: 'accepted' })
  assert.deepEqual(
    rest.map(({ type, did, text }) => [type, did ?? text]),
    [
      ['member', alice.did],
      ['member', bob.did],
      ['message', 'hi'],
      ['message', 'hello'],
    ],
  )
})

scene('what is out of sight is not in it', async ({ alice, bob, carla }) => {
  const convoId = await knock(alice, bob, 'a secret before')
  await bob.leaveConvo({ convoId })
  await knock(alice, carla, 'a secret of others')
  await alice.sendMessage({ convoId, message: { text: 'after' } })
  const text = JSON.stringify(await bob.exports())
  assert.match(text, /after/)
  assert.doesNotMatch(text, /a secret/)
})

scene('a group comes with its name, its members and what happened to it', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await say(alice, convoId, 'welcome')
  await alice.editGroup({ convoId, name: 'Writers' })
  const objects = (await bob.exports()).filter(object => (object.convoId ?? object.id) === convoId)
  const [convo, ...rest] = objects
  assert.partialDeepStrictEqual(convo, { type: 'convo', kind: 'group', name: 'Writers' })
  assert.deepEqual(
    rest.map(({ type, role, text, system }) => [type, role ?? text ?? (system as { $type: string }).$type]),
    [
      ['member', 'owner'],
      ['member', 'standard'],
      ['message', 'chat.bsky.convo.defs#systemMessageDataEditGroup'],
      ['message', 'welcome'],
    ],
  )
})
