import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Convo, LockStatus, Member, MemberStatus } from '../rows.ts'
import { pairOf } from '../scope.ts'
import type { ListFilter } from '../store.ts'
import {
  addGroup,
  alice,
  bob,
  carla,
  dice,
  type Given,
  member,
  membershipOf,
  withConvo,
  withGroup,
} from './given.ts'

interface Listed {
  convo: Convo
  side: Member
  shared: boolean
}

const locks: LockStatus[] = ['unlocked', 'locked', 'locked-permanently']

/** Lists of a viewer's convos by every filter, against a plain reading of what was written. */
export function listContract({ using }: Given): void {
  for (const seed of [1, 2, 3]) {
    test(`lists hold what their filters say, newest rev first (${seed})`, () =>
      using(async store => {
        const pick = dice(seed)
        const rows = await store.transact({}, tx => {
          const rows: Listed[] = []
          for (let i = 0; i < 60; i++) {
            const isGroup = pick(2) === 0
            const shared = pick(3) === 0
            const convo: Convo = isGroup
              ? addGroup(tx, shared ? [alice, bob] : [alice], { lock: locks[pick(3)]! })
              : { id: tx.nextRev(), kind: 'direct' }
            // Of direct convos that the two share there is one; another does not count as shared.
            if (convo.kind === 'direct') {
              const other = i === 0 ? bob : (`did:plc:other${i}` as const)
              tx.createDirectConvo(convo, pairOf(alice, other))
              if (i === 0) tx.putMember(member(convo.id, bob, { rev: tx.nextRev() }))
            }
            const isTold = pick(8) > 0
            const side = member(convo.id, alice, {
              rev: isTold ? convo.id + 1_000_000 * pick(1000) : 0,
              listed: isTold && pick(6) > 0,
              status: pick(2) === 0 ? 'request' : 'accepted',
              muted: pick(3) === 0,
              unread: pick(2) * pick(4),
              unreadRequests: isGroup ? pick(2) * pick(3) : 0,
            })
            tx.putMember(side)
            rows.push({ convo, side, shared: isGroup && shared })
          }
          return rows
        })
        for (let round = 0; round < 60; round++) {
          const filter: ListFilter = {
            limit: 1 + pick(30),
            ...(pick(3) === 0 && { before: rows[pick(rows.length)]!.side.rev || 1 }),
            ...(pick(3) === 0 && { status: (['accepted', 'request'] satisfies MemberStatus[])[pick(2)]! }),
            ...(pick(3) === 0 && { unread: true }),
            ...(pick(3) === 0 && { unmuted: true }),
            ...(pick(3) === 0 && { kind: (['direct', 'group'] satisfies Convo['kind'][])[pick(2)]! }),
            ...(pick(3) === 0 && { lock: locks[pick(3)]! }),
            ...(pick(4) === 0 && { sharedWith: pick(4) === 0 ? ('did:plc:nobody' as const) : bob }),
          }
          const found = await store.listMemberships(alice, filter)
          assert.deepEqual(
            found.map(({ viewer }) => viewer),
            expected(rows, filter),
            JSON.stringify(filter),
          )
        }
      }))
  }

  test('all that are listed come in the order of their ids, by pages, each once', () =>
    using(async store => {
      const groups = await store.transact({}, tx => Array.from({ length: 7 }, () => addGroup(tx, [alice])))
      await store.transact({}, tx =>
        tx.putMember(member(groups[2]!.id, alice, { listed: false, rev: tx.nextRev() })),
      )
      const all = groups.map(({ id }) => id).filter(id => id !== groups[2]!.id)
      const first = await store.allMemberships(alice, { after: 0, limit: 4 })
      const rest = await store.allMemberships(alice, { after: first.at(-1)!.convo.id, limit: 4 })
      assert.deepEqual(
        [...first, ...rest].map(({ convo }) => convo.id),
        all,
      )
      assert.equal(first.length, 4)
      assert.deepEqual(await store.allMemberships('did:plc:nobody', { after: 0, limit: 4 }), [])
    }))

  test('memberships are those of the viewer, asked by id, and only where they were told', () =>
    using(async store => {
      const [one, two] = [await withGroup(store, [alice, bob]), await withGroup(store, [alice])]
      await store.transact({}, tx => tx.putMember(member(two.id, bob, { rev: 0 })))
      const asked = [two.id, one.id, 12345, one.id]
      assert.deepEqual([...(await store.memberships(bob, asked)).keys()], [one.id])
      assert.deepEqual([...(await store.memberships(alice, asked)).keys()].sort(), [one.id, two.id].sort())
      assert.equal((await store.memberships(alice, [])).size, 0)
      assert.equal((await membershipOf(store, bob, one)).viewer.did, bob)
    }))

  test('who is in a convo is told to its members only, also where it was told before', () =>
    using(async store => {
      const group = await withGroup(store, [alice, bob])
      const { convoId } = await withConvo(store)
      const told = async (viewer: Did, ...asked: Tid[]) => {
        const parties = await store.parties(viewer, asked)
        return [...parties.values()].map(({ convo, members }) => [convo.kind, ...[...members].sort()])
      }
      for (const _ of ['read', 'remembered']) {
        assert.deepEqual(await told(alice, convoId), [['direct', alice, bob]])
        assert.deepEqual(await told(bob, convoId), [['direct', alice, bob]])
        assert.deepEqual(await told(carla, convoId), [])
        assert.deepEqual(await told(alice, convoId, 12345), [['direct', alice, bob]])
        assert.deepEqual(await told(bob, group.id), [['group', alice, bob]])
      }
      await store.transact({ convos: [group.id] }, tx => tx.removeMember(tx.member(group.id, bob)!))
      assert.deepEqual(await told(bob, group.id), [])
    }))

  test('unread convos are taken into a transaction up to a number, by status', () =>
    using(async store => {
      await store.transact({}, tx => {
        for (let i = 0; i < 9; i++) {
          const { id } = addGroup(tx, [alice])
          const status = i % 3 === 0 ? 'request' : 'accepted'
          tx.putMember(member(id, alice, { rev: tx.nextRev(), status, unread: i % 2, unreadRequests: 1 }))
        }
      })
      const count = (asked: { status?: MemberStatus; limit: number }) =>
        store.transact({ unreadOf: [{ did: alice, ...asked }] }, tx => {
          const found = tx.unreadMembers(alice, asked.status)
          assert.ok(found.every(({ unread }) => unread > 0))
          return found.length
        })
      assert.equal(await count({ limit: 10 }), 4, 'unread join requests are not unread messages')
      assert.equal(await count({ limit: 3 }), 3)
      assert.equal(await count({ limit: 10, status: 'request' }), 1)
      assert.equal(await count({ limit: 10, status: 'accepted' }), 3)
    }))
}

function expected(rows: readonly Listed[], filter: ListFilter): Member[] {
  return rows
    .filter(({ side }) => side.rev > 0 && side.listed && side.rev < (filter.before ?? Number.MAX_VALUE))
    .filter(({ side }) => filter.status === undefined || side.status === filter.status)
    .filter(({ side }) => !filter.unread || side.unread + side.unreadRequests > 0)
    .filter(({ side }) => !filter.unmuted || !side.muted)
    .filter(({ convo }) => filter.kind === undefined || convo.kind === filter.kind)
    .filter(({ convo }) => filter.lock === undefined || filter.lock === lockOf(convo))
    .filter(({ shared }) => filter.sharedWith === undefined || (filter.sharedWith === bob && shared))
    .map(({ side }) => side)
    .sort((a, b) => b.rev - a.rev)
    .slice(0, filter.limit)
}

function lockOf(convo: Convo): LockStatus {
  return convo.kind === 'group' ? convo.lock : 'unlocked'
}
