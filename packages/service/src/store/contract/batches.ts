import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { GroupConvo } from '../rows.ts'
import type { Store } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import {
  addGroup,
  addMessageBy,
  addSystemMessage,
  alice,
  bob,
  carla,
  dave,
  type Given,
  join,
  membershipOf,
  textOf,
  withGroup,
} from './given.ts'

/** Works about groups that share one commit. */
export function batchContract({ using }: Given): void {
  test('a work that throws takes back every kind of change to a group and to an account', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob], { requestCount: 1 })
      const message = await store.transact({}, tx => addMessageBy(tx, alice, group.id, 'kept'))
      const request = { convoId: group.id, did: carla, requestedAt: 5 }
      await store.transact({}, tx => {
        tx.addJoinRequest(request)
        tx.setKicked(group.id, dave, true)
      })
      const scope = {
        accounts: [alice],
        convos: [group.id],
        messages: [{ convoId: group.id, messageId: message.id, viewer: alice }],
        candidates: [carla, dave, bob].map(did => ({ convoId: group.id, did })),
        requestsTo: [group.id],
      }
      const changeAll = (tx: Transaction) => {
        tx.putAccount({ did: alice, chatDisabled: true, notifications: {} })
        tx.putGroup({ ...group, name: 'lost', memberCount: 9 })
        addGroup(tx, [carla])
        tx.removeMember(tx.member(group.id, bob)!)
        join(tx, group.id, dave)
        tx.removeJoinRequest(request)
        tx.addJoinRequest({ ...request, did: bob })
        tx.setKicked(group.id, dave, false)
        tx.setKicked(group.id, bob, true)
        tx.eraseMessage(message)
        addSystemMessage(tx, group.id, { type: 'memberLeave', member: bob })
        const rev = tx.nextRev()
        tx.appendModEvent({ rev, event: { $type: 'lost' } as never })
        tx.purgeAccount(alice, rev)
        throw new Error('changed my mind')
      }
      const seen = (tx: Transaction) => [
        tx.account(alice),
        tx.convo(group.id),
        tx.members(group.id).map(({ did }) => did),
        tx.joinRequests(group.id),
        [dave, bob].map(did => tx.isKicked(group.id, did)),
        textOf(tx.message(group.id, message.id)),
      ]
      const before = [await store.transact(scope, seen), await everything(store, group)]
      const [broken, next] = await Promise.allSettled([
        store.transact(scope, changeAll),
        store.transact(scope, seen),
      ])
      assert.ok(broken.status === 'rejected' && broken.reason.message === 'changed my mind')
      assert.deepEqual(next, { status: 'fulfilled', value: before[0] })
      assert.deepEqual([await store.transact(scope, seen), await everything(store, group)], before)
    }))

  test('a member who is added and removed in one batch is none; one removed and added is one, anew', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob])
      const scope = { convos: [group.id] }
      const add = (did: Did) => store.transact(scope, tx => join(tx, group.id, did))
      const remove = (did: Did) => store.transact(scope, tx => tx.removeMember(tx.member(group.id, did)!))
      const [, , , , again] = await Promise.all([
        store.transact(scope, tx => tx.putMember({ ...tx.member(group.id, bob)!, muted: true, unread: 7 })),
        add(carla),
        remove(carla),
        remove(bob),
        add(bob),
      ])
      assert.equal((await store.memberships(carla, [group.id])).size, 0)
      assert.deepEqual((await membershipOf(store, bob, group)).viewer, again)
      assert.deepEqual((await membershipOf(store, alice, group)).members, [alice, bob])
      await Promise.all([remove(bob), add(bob), remove(bob)])
      assert.deepEqual((await membershipOf(store, alice, group)).members, [alice])
    }))

  test('counts stay right where several join and leave in one batch', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob])
      const scope = { convos: [group.id] }
      const change = (by: number, work: (tx: Transaction) => void) =>
        store.transact(scope, tx => {
          work(tx)
          const now = tx.convo(group.id) as GroupConvo
          tx.putGroup({ ...now, memberCount: now.memberCount + by })
          return now.memberCount + by
        })
      const counts = await Promise.all([
        change(1, tx => join(tx, group.id, carla)),
        change(1, tx => join(tx, group.id, dave)),
        change(-1, tx => tx.removeMember(tx.member(group.id, bob)!)),
      ])
      assert.deepEqual(counts, [3, 4, 3])
      const membership = await membershipOf(store, alice, group)
      assert.equal((membership.convo as GroupConvo).memberCount, 3)
      assert.deepEqual(membership.members, [alice, carla, dave])
    }))

  test('a request that is made, answered and made again in one batch waits once', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const candidates = [{ convoId: group.id, did: bob }]
      const ask = (requestedAt: Tid) =>
        store.transact({ candidates }, tx => tx.addJoinRequest({ convoId: group.id, did: bob, requestedAt }))
      const answer = () =>
        store.transact({ candidates }, tx => tx.removeJoinRequest(tx.joinRequest(group.id, bob)!))
      await Promise.all([ask(1), answer(), ask(2)])
      assert.deepEqual(await store.requestedAt(bob, [group.id]), new Map([[group.id, 2]]))
      await Promise.all([answer(), ask(3), answer()])
      assert.equal((await store.requestedAt(bob, [group.id])).size, 0)
    }))

  test('a request of the same batch is among those to its group', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const candidates = [{ convoId: group.id, did: bob }]
      const [, waiting] = await Promise.all([
        store.transact({ candidates }, tx =>
          tx.addJoinRequest({ convoId: group.id, did: bob, requestedAt: 1 }),
        ),
        store.transact({ requestsTo: [group.id] }, tx => tx.joinRequests(group.id).map(({ did }) => did)),
      ])
      assert.deepEqual(waiting, [bob])
    }))

  test('a message that is added and erased in one batch says nothing', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const message = await store.transact({}, tx => {
        const message = addMessageBy(tx, alice, group.id, 'secret')
        tx.eraseMessage(message)
        return message
      })
      const membership = await membershipOf(store, alice, group)
      assert.equal(textOf((await store.message(membership, message.id))?.message), undefined)
      assert.deepEqual(await store.messages(membership, { limit: 5 }), [])
    }))

  test('reading outside the scope is a bug, for what belongs to groups too', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      await store.transact({}, tx => tx.addJoinRequest({ convoId: group.id, did: bob, requestedAt: 1 }))
      const reads: ((tx: Transaction) => unknown)[] = [
        tx => tx.members(group.id),
        tx => tx.joinRequest(group.id, bob),
        tx => tx.joinRequests(group.id),
        tx => tx.isKicked(group.id, bob),
      ]
      for (const read of reads)
        await assert.rejects(store.transact({ accounts: [alice] }, read), /not in the transaction's scope/)
      // Who asks to join does not say who may not.
      const scope = { requestsTo: [group.id] }
      await assert.rejects(
        store.transact(scope, tx => tx.isKicked(group.id, bob)),
        /not in the transaction's scope/,
      )
    }))
}

async function everything(store: Store, group: GroupConvo) {
  const membership = await membershipOf(store, alice, group)
  return {
    membership,
    account: await store.account(alice),
    members: await store.groupMembers(membership, { limit: 100 }),
    messages: await store.messages(membership, { limit: 100 }),
    log: await store.log(alice, { after: 0, limit: 100 }),
    requests: await store.joinRequests(membership, { limit: 100 }),
    events: await store.forModerators.events({ after: 0, limit: 100 }),
    carla: await store.listMemberships(carla, { limit: 10 }),
  }
}
