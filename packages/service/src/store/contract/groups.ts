import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { GroupConvo, JoinLink, SystemEvent } from '../rows.ts'
import type { Transaction } from '../transaction.ts'
import {
  addGroup,
  addSystemMessage,
  alice,
  bob,
  carla,
  dave,
  type Given,
  join,
  member,
  membershipOf,
  withConvo,
  withGroup,
} from './given.ts'

const link: JoinLink = {
  code: 'abc1234',
  enabled: true,
  requireApproval: true,
  joinRule: 'followedByOwner',
  createdAt: 5,
}

/** One event of each kind, with all that it may say. */
const events: SystemEvent[] = [
  { type: 'addMember', member: bob, addedBy: alice },
  { type: 'removeMember', member: bob, removedBy: alice },
  { type: 'memberJoin', member: carla, approvedBy: alice },
  { type: 'memberJoin', member: carla },
  { type: 'memberLeave', member: carla },
  { type: 'lockConvo', lockedBy: alice },
  { type: 'lockConvoPermanently', lockedBy: alice },
  { type: 'unlockConvo', unlockedBy: alice },
  { type: 'editGroup', oldName: 'a', newName: '😀’"' },
  { type: 'createJoinLink' },
  { type: 'editJoinLink' },
  { type: 'enableJoinLink' },
  { type: 'disableJoinLink' },
]

/** Groups, who is in them, and who asks to be. */
export function groupContract({ using }: Given): void {
  test('a group is read as it was put, and as it was put last', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob])
      assert.deepEqual((await membershipOf(store, bob, group)).convo, group)
      const changes: Partial<GroupConvo>[] = [
        { name: 'Writers', link },
        { link: { ...link, code: 'other12', enabled: false, joinRule: 'anyone' } },
        { lock: 'locked', memberCount: 7, requestCount: 3 },
        { lock: 'locked-permanently' },
      ]
      let expected = group
      for (const change of changes) {
        expected = { ...expected, ...change }
        const put = expected
        const read = await store.transact({ convos: [group.id] }, tx => {
          tx.putGroup(put)
          return tx.convo(group.id)
        })
        assert.deepEqual(read, expected)
        assert.deepEqual((await membershipOf(store, alice, group)).convo, expected)
        assert.deepEqual(await store.transact({ convos: [group.id] }, tx => tx.convo(group.id)), expected)
      }
    }))

  test('a code leads to its group, also a disabled one; one that was replaced leads nowhere', () =>
    using(async store => {
      const group = await withGroup(store, [alice], { link })
      await withGroup(store, [bob])
      await withGroup(store, [carla], { link: { ...link, code: 'ABC1234', enabled: false } })
      const found = await store.groupsByCode(['abc1234', 'nothing', 'ABC1234', 'abc1234'])
      assert.deepEqual([...found.keys()].sort(), ['ABC1234', 'abc1234'])
      assert.deepEqual(found.get('abc1234'), group)
      assert.equal(found.get('ABC1234')?.owner, carla)
      const replaced = { ...group, link: { ...link, code: 'newcode' } }
      await store.transact({}, tx => tx.putGroup(replaced))
      assert.deepEqual(await store.groupsByCode(['abc1234', 'newcode']), new Map([['newcode', replaced]]))
      assert.equal((await store.groupsByCode([])).size, 0)
    }))

  test('members are paged in the order of joining, the owner first, each once', () =>
    using(async store => {
      const others: Did[] = Array.from({ length: 11 }, (_, i): Did => `did:plc:m${(i * 7) % 11}`)
      const group = await withGroup(store, [dave, ...others])
      const membership = await membershipOf(store, others[3]!, group)
      assert.deepEqual(membership.members, [dave, ...others.slice(0, 4)], 'the first few')
      const seen: Did[] = []
      let after: Tid | undefined
      for (;;) {
        const page = await store.groupMembers(membership, {
          limit: 5,
          ...(after !== undefined && { after }),
        })
        if (page.length === 0) break
        seen.push(...page.map(({ did }) => did))
        after = page.at(-1)!.joined
      }
      assert.deepEqual(seen, [dave, ...others])
    }))

  test('of a member others learn when they joined and who added them, and no more', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const added = await store.transact({ convos: [group.id] }, tx =>
        join(tx, group.id, bob, { addedBy: alice, muted: true, unread: 3 }),
      )
      const membership = await membershipOf(store, alice, group)
      const expected = { did: bob, joined: added.joined, addedBy: alice }
      assert.deepEqual((await store.groupMembers(membership, { limit: 10 }))[1], expected)
      assert.deepEqual(await store.membersAmong(membership, [carla, bob, bob]), [expected])
      assert.deepEqual(await store.membersAmong(membership, []), [])
      assert.deepEqual((await membershipOf(store, bob, group)).viewer, added)
    }))

  test('one who is removed is no member any more; the group is not there for them', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob, carla])
      const scope = { convos: [group.id] }
      const left = await store.transact(scope, tx => {
        tx.removeMember(tx.member(group.id, bob)!)
        return [tx.member(group.id, bob), tx.members(group.id).map(({ did }) => did)]
      })
      assert.deepEqual(left, [undefined, [alice, carla]])
      assert.equal((await store.memberships(bob, [group.id])).size, 0)
      assert.deepEqual(await store.listMemberships(bob, { limit: 10 }), [])
      assert.deepEqual(await store.allMemberships(bob, { after: 0, limit: 10 }), [])
      const membership = await membershipOf(store, alice, group)
      assert.deepEqual(membership.members, [alice, carla])
      assert.deepEqual(await store.membersAmong(membership, [bob]), [])
      assert.equal(await store.transact(scope, tx => tx.member(group.id, bob)), undefined)
    }))

  test('requests to join: newest first by pages, for the owner and for the one who asks', () =>
    using(async store => {
      const groups = await store.transact({}, tx => [1, 2, 3].map(() => addGroup(tx, [alice])))
      const asked = await store.transact({}, tx =>
        groups.flatMap(({ id }) =>
          [bob, carla, dave].map(did => {
            const request = { convoId: id, did, requestedAt: tx.nextRev() }
            tx.addJoinRequest(request)
            return request
          }),
        ),
      )
      const [group] = groups
      const membership = await membershipOf(store, alice, group!)
      const to = asked.filter(({ convoId }) => convoId === group!.id).reverse()
      const first = await store.joinRequests(membership, { limit: 2 })
      assert.deepEqual(first, to.slice(0, 2))
      const before = first.at(-1)!.requestedAt
      assert.deepEqual(await store.joinRequests(membership, { limit: 2, before }), to.slice(2))
      const own = asked.filter(({ did }) => did === bob).reverse()
      const seen = await store.ownJoinRequests(bob, { limit: 2 })
      assert.deepEqual(
        seen.map(({ convo, requestedAt }) => [convo.id, requestedAt]),
        own.slice(0, 2).map(({ convoId, requestedAt }) => [convoId, requestedAt]),
      )
      assert.deepEqual(seen[0]?.convo, groups[2])
      const rest = await store.ownJoinRequests(bob, { limit: 2, before: seen[1]!.requestedAt })
      assert.deepEqual(
        rest.map(({ convo }) => convo.id),
        [group!.id],
      )
      assert.deepEqual(
        await store.requestedAt(bob, [group!.id, 7]),
        new Map([[group!.id, own[2]!.requestedAt]]),
      )
      assert.equal((await store.requestedAt(alice, [group!.id])).size, 0)
      assert.deepEqual(await store.ownJoinRequests('did:plc:nobody', { limit: 2 }), [])
    }))

  test('a request is found by its candidate and by its group, until it is removed', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const candidates = [bob, carla].map(did => ({ convoId: group.id, did }))
      const scope = { candidates, requestsTo: [group.id] }
      const request = { convoId: group.id, did: bob, requestedAt: 77 }
      const ask = (tx: Transaction) => [
        tx.joinRequest(group.id, bob),
        tx.joinRequest(group.id, carla),
        tx.joinRequests(group.id).map(({ did }) => did),
      ]
      const added = await store.transact(scope, tx => {
        tx.addJoinRequest(request)
        tx.addJoinRequest({ ...request, did: carla, requestedAt: 50 })
        return ask(tx)
      })
      const other = { ...request, did: carla, requestedAt: 50 }
      assert.deepEqual(added, [request, other, [carla, bob]], 'oldest first')
      assert.deepEqual(await store.transact(scope, ask), added)
      await store.transact(scope, tx => tx.removeJoinRequest(request))
      assert.deepEqual(await store.transact(scope, ask), [undefined, other, [carla]])
      assert.equal((await store.requestedAt(bob, [group.id])).size, 0)
    }))

  test('who was kicked is remembered for this group alone, until forgiven', () =>
    using(async store => {
      const [group, other] = [await withGroup(store, [alice]), await withGroup(store, [alice])]
      const candidates = [group, other].flatMap(({ id }) => [bob, carla].map(did => ({ convoId: id, did })))
      const ask = () =>
        store.transact({ candidates }, tx => candidates.map(({ convoId, did }) => tx.isKicked(convoId, did)))
      const set = (kicked: boolean) =>
        store.transact({ candidates }, tx => tx.setKicked(group.id, bob, kicked))
      assert.deepEqual(await ask(), [false, false, false, false])
      await set(true)
      await set(true)
      assert.deepEqual(await ask(), [true, false, false, false])
      await set(false)
      await set(false)
      assert.deepEqual(await ask(), [false, false, false, false])
    }))

  test('a system message of each kind comes back as it was written', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const written = await store.transact({}, tx =>
        events.map(event => addSystemMessage(tx, group.id, event)),
      )
      const membership = await membershipOf(store, alice, group)
      const page = await store.messages(membership, { limit: 100, withoutSenders: [alice, bob, carla] })
      assert.deepEqual(
        page.map(({ message }) => message),
        written.toReversed(),
      )
      const first = written[0]!
      assert.deepEqual((await store.message(membership, first.id))?.message, first)
      const at = { convoId: group.id, messageId: first.id, viewer: alice }
      assert.deepEqual(await store.transact({ messages: [at] }, tx => tx.message(group.id, first.id)), first)
      const after = { ...at, messageId: group.id }
      const unread = (tx: Transaction) => tx.unreadAfter(alice, group.id, group.id)
      assert.equal(await store.transact({ unreadAfter: [after] }, unread), 0, 'none of them is unread')
    }))

  test('a row of a log keeps whose request it is about', () =>
    using(async store => {
      const group = await withGroup(store, [alice])
      const row = await store.transact({}, tx => {
        const rev = tx.nextRev()
        const row = { did: alice, rev, type: 'incomingJoinRequest', convoId: group.id, member: bob } as const
        tx.appendLog(row)
        return row
      })
      const log = await store.log(alice, { after: group.id, limit: 10 })
      assert.deepEqual(log.at(-1), { row })
    }))

  test('an account finds every convo that it was told of, also those that it left, by pages', () =>
    using(async store => {
      const { convoId } = await withConvo(store, ['one'])
      const groups = await store.transact({}, tx => [1, 2, 3, 4].map(() => addGroup(tx, [alice, bob])))
      await store.transact({ convos: [groups[1]!.id] }, tx => {
        tx.removeMember(tx.member(groups[1]!.id, bob)!)
        join(tx, groups[1]!.id, bob)
        tx.removeMember(tx.member(groups[1]!.id, bob)!)
      })
      const all = groups.map(({ id }) => id)
      assert.deepEqual(await store.convosEver(bob, { after: 0, limit: 10 }), all)
      assert.deepEqual(await store.convosEver(bob, { after: 0, limit: 2 }), all.slice(0, 2))
      assert.deepEqual(await store.convosEver(bob, { after: all[1]!, limit: 9 }), all.slice(2))
      assert.deepEqual(await store.convosEver(dave, { after: 0, limit: 10 }), [])
      assert.ok(!(await store.convosEver(alice, { after: 0, limit: 10 })).includes(convoId), 'was not told')
    }))

  test('the first members of a group that a view names are those who joined first, whatever was put last', () =>
    using(async store => {
      const group = await withGroup(store, [dave, carla, bob])
      await store.transact({ convos: [group.id] }, tx => {
        for (const side of tx.members(group.id)) tx.putMember({ ...side, muted: true })
        tx.putMember(member(group.id, alice, { joined: group.id, rev: tx.nextRev() }))
      })
      assert.deepEqual((await membershipOf(store, bob, group)).members, [alice, dave, carla, bob])
    }))
}
