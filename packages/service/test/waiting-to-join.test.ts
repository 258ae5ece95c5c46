import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { disableJoinLink } from '../src/groups/join-link.ts'
import { lockConvo } from '../src/groups/lock.ts'
import { parseTid } from '../src/tid.ts'
import { askToJoin, beginGroup } from './group-setups.ts'
import { logTypes, newLog, onEveryStore } from './stage.ts'

onEveryStore('waiting to join a group', stage => {
  for (const [what, close] of [
    ['locked', lockConvo],
    ['without its link', disableJoinLink],
  ] as const) {
    test(`who waits goes on waiting while the group is ${what}`, async () => {
      const set = stage()
      const [alice, bob] = [set.actor('alice'), set.actor('bob')]
      const convo = await beginGroup(alice, [])
      const code = await askToJoin(bob, alice, convo)
      await close(set.ctx, alice.did, parseTid(convo.id)!)
      const log = await newLog(bob)
      assert.deepEqual(await bob.call(requestJoin, { code }), { status: 'pending' })
      assert.deepEqual(await logTypes(log), [])
    })
  }
})
