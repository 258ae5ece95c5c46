import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { getConvoForMembers } from '../src/endpoints/chat/bsky/convo/getConvoForMembers.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { addMembers } from '../src/endpoints/chat/bsky/group/addMembers.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { createJoinLink } from '../src/endpoints/chat/bsky/group/createJoinLink.ts'
import { removeMembers } from '../src/endpoints/chat/bsky/group/removeMembers.ts'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { withdrawJoinRequest } from '../src/endpoints/chat/bsky/group/withdrawJoinRequest.ts'
import { EngineStore } from '../src/store/engine-store.ts'
import { MemoryEngine } from '../src/store/memory/memory-engine.ts'
import { exportLines } from '../src/views/export.ts'
import { type Actor, onEveryStore, Stage, say } from './stage.ts'

onEveryStore('what was before one joined', stage => {
  test('is not named by an export either', async () => {
    const set = stage()
    const [owner, ann] = [set.actor('owner'), set.actor('ann')]
    const { convo } = await owner.call(createGroup, { name: 'Trail', members: [] })
    const before = await say(owner, convo, 'before')
    await owner.call(addMembers, { convoId: convo.id, members: [ann.did] })
    const message = { text: 'after', replyTo: { messageId: before.id } }
    await owner.call(sendMessage, { convoId: convo.id, message })
    const exportOf = async (did: Did) => (await Array.fromAsync(exportLines(set.ctx, did))).join('')
    assert.ok((await exportOf(owner.did)).includes(before.id))
    const anns = await exportOf(ann.did)
    assert.ok(anns.includes('after'))
    assert.ok(!anns.includes(before.id))
  })
})

onEveryStore('what counts as new convos', stage => {
  test('a group counts for itself and for everybody invited, also those who were there before', async () => {
    const set = stage()
    const [owner, ann, ben] = [set.actor('owner'), set.actor('ann'), set.actor('ben')]
    const { convo } = await owner.call(createGroup, { name: 'Trail', members: [ann.did, ben.did, owner.did] })
    assert.equal(set.begun.length, 3)
    const invited = { convoId: convo.id, members: [ann.did, ben.did] }
    await owner.call(addMembers, invited)
    assert.equal(set.begun.length, 3, 'who is a member is not invited')
    await owner.call(removeMembers, invited)
    await owner.call(addMembers, invited)
    assert.deepEqual(set.begun, Array(5).fill(owner.did))
  })

  test('each request to join counts, and waiting on does not', async () => {
    const set = stage()
    const [owner, ann] = [set.actor('owner'), set.actor('ann')]
    const { convo } = await owner.call(createGroup, { name: 'Trail', members: [] })
    const settings = { convoId: convo.id, joinRule: 'anyone', requireApproval: true } as const
    const { code } = (await owner.call(createJoinLink, settings)).joinLink
    set.begun.length = 0
    await ann.call(requestJoin, { code })
    await ann.call(requestJoin, { code })
    assert.deepEqual(set.begun, [ann.did])
    await ann.call(withdrawJoinRequest, { convoId: convo.id })
    await ann.call(requestJoin, { code })
    assert.deepEqual(set.begun, [ann.did, ann.did])
  })
})

/** As one whose commits other processes come in the way of. */
class TwiceEngine extends MemoryEngine {
  override commit(...[scope, run]: Parameters<MemoryEngine['commit']>): Promise<void> {
    return super.commit(scope, loaded => {
      run(loaded)
      return run(loaded)
    })
  }
}

test('whoever brings about convos is charged once, however often the database has to be asked', async () => {
  const set = new Stage(clock => new EngineStore(new TwiceEngine(), clock))
  const [owner, ann, ben, cid] = ['owner', 'ann', 'ben', 'cid'].map(name => set.actor(name)) as [
    Actor,
    Actor,
    Actor,
    Actor,
  ]
  await owner.call(getConvoForMembers, { members: [ann.did] })
  assert.equal(set.begun.length, 1, 'a direct convo')
  const { convo } = await owner.call(createGroup, { name: 'Trail', members: [ann.did] })
  assert.equal(set.begun.length, 3, 'a group')
  await owner.call(addMembers, { convoId: convo.id, members: [ben.did] })
  assert.equal(set.begun.length, 4, 'a member')
  const settings = { convoId: convo.id, joinRule: 'anyone', requireApproval: true } as const
  const { code } = (await owner.call(createJoinLink, settings)).joinLink
  await cid.call(requestJoin, { code })
  assert.equal(set.begun.length, 5, 'a request to join')
})
