import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../../clock.ts'
import { sentKeyKeptMs } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import { pairOf } from '../scope.ts'
import type { Store } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { batchContract } from './batches.ts'
import { erasingContract } from './erasing.ts'
import { addMessage, alice, bob, carla, type Given, member, textOf, withConvo } from './given.ts'
import { groupContract } from './groups.ts'
import { listContract } from './lists.ts'
import { moderatorContract } from './moderators.ts'
import { textContract } from './texts.ts'

/** What every store must do. `open` gives an empty one. */
export function storeContract(open: (clock: Clock) => Store | Promise<Store>): void {
  let nowMs = Date.UTC(2026, 10, 22)
  const clock: Clock = { now: () => nowMs }

  async function using(run: (store: Store) => Promise<void>): Promise<void> {
    const store = await open(clock)
    try {
      await run(store)
    } finally {
      await store.close()
    }
  }

  const given: Given = {
    using,
    advance: ms => {
      nowMs += ms
    },
  }
  groupContract(given)
  listContract(given)
  batchContract(given)
  erasingContract(given)
  moderatorContract(given)
  textContract(given)

  test('what is committed is read, by those whose it is', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one', 'two'])
      const membership = (await store.memberships(alice, [convoId])).get(convoId)
      assert.ok(membership)
      assert.deepEqual(membership.members, [alice, bob])
      const page = await store.messages(membership, { limit: 10 })
      assert.deepEqual(
        page.map(viewed => viewed.message),
        messages.toReversed(),
      )
      assert.equal((await store.memberships(carla, [convoId])).size, 0)
      assert.equal(await store.directMembership(carla, alice), undefined)
      assert.deepEqual(await store.listMemberships(carla, { limit: 10 }), [])
    }))

  test('revs rise from one commit to the next, whatever the clock does', () =>
    using(async store => {
      let before = 0
      for (const step of [0, 5, -3_600_000, 0, 7_200_000, -7_200_000, 1]) {
        nowMs += step
        const rev = await store.transact({}, tx => {
          const next = tx.nextRev()
          tx.appendLog({ did: alice, rev: next, type: 'beginConvo', convoId: 1 })
          return next
        })
        assert.ok(rev > before)
        assert.equal(await store.logHead(alice), rev)
        before = rev
      }
    }))

  test('revs rise also where the highest was not the last to be written', () =>
    using(async store => {
      const highest = await store.transact({}, tx => {
        const [low, high] = [tx.nextRev(), tx.nextRev()]
        tx.appendLog({ did: alice, rev: high, type: 'readConvo', convoId: 1 })
        tx.appendLog({ did: bob, rev: low, type: 'muteConvo', convoId: 1 })
        return high
      })
      nowMs -= 10_000
      assert.ok((await store.transact({}, tx => tx.nextRev())) > highest)
    }))

  test('a work that throws fails alone and leaves nothing, of any kind', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const [one] = messages
      const scope = {
        accounts: [alice, carla],
        convos: [convoId],
        pairs: [pairOf(alice, carla)],
        messages: [{ convoId, messageId: one!.id, viewer: bob }],
        sentKeys: [{ did: alice, key: 'k' }],
      }
      const before = await everything(store, convoId)
      const changeAll = (tx: Transaction) => {
        const other = tx.nextRev()
        tx.createDirectConvo({ id: other, kind: 'direct' }, pairOf(alice, carla))
        tx.putMember(member(other, carla, { rev: other }))
        tx.putMember({ ...tx.member(convoId, bob)!, muted: true, unread: 5 })
        const added = addMessage(tx, convoId, 'lost')
        tx.setMessageRev(one!, tx.nextRev())
        tx.addReaction({ convoId, messageId: one!.id, sender: bob, value: '👍', rev: tx.nextRev() })
        tx.hideMessage(bob, one!)
        tx.appendLog({ did: bob, rev: tx.nextRev(), type: 'createMessage', convoId, messageId: added.id })
        tx.rememberSent({ did: alice, key: 'k', convoId, messageId: added.id })
        throw new Error('changed my mind')
      }
      const results = await Promise.allSettled([
        store.transact({ convos: [convoId] }, tx => textOf(addMessage(tx, convoId, 'two'))),
        store.transact(scope, changeAll),
        store.transact(scope, tx => [
          tx.directConvo(pairOf(alice, carla)),
          tx.member(convoId, bob)?.muted,
          tx.message(convoId, one!.id)?.rev,
          tx.reactions(convoId, one!.id).length,
          tx.isHidden(bob, convoId, one!.id),
          tx.sentMessage(alice, 'k'),
        ]),
        store.transact({ convos: [convoId] }, tx => textOf(addMessage(tx, convoId, 'three'))),
      ])
      assert.deepEqual(results[0], { status: 'fulfilled', value: 'two' })
      assert.ok(results[1]!.status === 'rejected' && results[1]!.reason.message === 'changed my mind')
      assert.deepEqual(results[2], {
        status: 'fulfilled',
        value: [undefined, false, one!.rev, 0, false, undefined],
      })
      assert.deepEqual(results[3], { status: 'fulfilled', value: 'three' })
      const after = await everything(store, convoId)
      assert.deepEqual(after.texts, ['three', 'two', 'one'])
      assert.deepEqual({ ...after, texts: 0 }, { ...before, texts: 0 })
    }))

  test('works of one batch see what the ones before them changed', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const at = { convoId, messageId: messages[0]!.id, viewer: bob }
      const scope = {
        convos: [convoId],
        messages: [at],
        unreadAfter: [at],
        sentKeys: [{ did: alice, key: 'k' }],
      }
      const seen = await Promise.all([
        store.transact(scope, tx => {
          const added = addMessage(tx, convoId, 'two')
          tx.rememberSent({ did: alice, key: 'k', convoId, messageId: added.id })
          return tx.unreadAfter(bob, convoId, at.messageId)
        }),
        store.transact(scope, tx => [
          textOf(tx.sentMessage(alice, 'k')),
          tx.unreadAfter(bob, convoId, at.messageId),
        ]),
      ])
      assert.deepEqual(seen, [1, ['two', 1]])
    }))

  test('a reaction taken back and given again in one batch is there', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const messageId = messages[0]!.id
      const scope = { convos: [convoId], messages: [{ convoId, messageId, viewer: bob }] }
      const add = (tx: Transaction) =>
        tx.addReaction({ convoId, messageId, sender: bob, value: '👍', rev: tx.nextRev() })
      await store.transact(scope, add)
      await Promise.all([
        store.transact(scope, tx => tx.removeReaction(tx.reactions(convoId, messageId)[0]!)),
        store.transact(scope, add),
      ])
      const membership = (await store.memberships(alice, [convoId])).get(convoId)!
      const viewed = await store.message(membership, messageId)
      assert.deepEqual(
        viewed?.reactions.map(reaction => reaction.value),
        ['👍'],
      )
      const [overview] = await store.overviews([membership])
      assert.equal(overview?.lastReaction?.message.message.id, messageId)
    }))

  test('reading outside the scope is a bug and says so', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const reads: ((tx: Transaction) => unknown)[] = [
        tx => tx.account(alice),
        tx => tx.convo(convoId),
        tx => tx.member(convoId, alice),
        tx => tx.message(convoId, messages[0]!.id),
        tx => tx.directConvo(pairOf(alice, bob)),
        tx => tx.sentMessage(alice, 'k'),
        tx => tx.unreadAfter(alice, convoId, messages[0]!.id),
        tx => tx.reactions(convoId, messages[0]!.id),
        tx => tx.isHidden(alice, convoId, messages[0]!.id),
        tx => tx.unreadMembers(alice),
      ]
      for (const read of reads)
        await assert.rejects(store.transact({}, read), /not in the transaction's scope/)
    }))

  test('unread messages are counted in their own convo, whatever else is asked in the batch', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one', 'two', 'three'])
      const at = { convoId, messageId: messages[0]!.id, viewer: bob }
      const elsewhere = { ...at, convoId: convoId + 1 }
      const counts = await Promise.all([
        store.transact({ unreadAfter: [at] }, tx => tx.unreadAfter(bob, convoId, at.messageId)),
        store.transact({ unreadAfter: [elsewhere] }, tx => tx.unreadAfter(bob, convoId + 1, at.messageId)),
      ])
      assert.deepEqual(counts, [2, 0])
    }))

  test('an account is disabled and enabled again', () =>
    using(async store => {
      const disable = (chatDisabled: boolean) =>
        store.transact({ accounts: [carla] }, tx => tx.putAccount({ ...tx.account(carla), chatDisabled }))
      await disable(true)
      assert.deepEqual(await store.disabledAmong([alice, carla]), new Set([carla]))
      assert.equal(await store.transact({ accounts: [carla] }, tx => tx.account(carla).chatDisabled), true)
      await disable(false)
      assert.deepEqual(await store.disabledAmong([alice, carla]), new Set())
    }))

  test('a key is known for a week, and may be used again after', () =>
    using(async store => {
      const { convoId } = await withConvo(store)
      const scope = { convos: [convoId], sentKeys: [{ did: alice, key: 'k' }] }
      const send = () =>
        store.transact(scope, tx => {
          const known = tx.sentMessage(alice, 'k')
          if (known) return known.id
          const { id } = addMessage(tx, convoId, 'hello')
          tx.rememberSent({ did: alice, key: 'k', convoId, messageId: id })
          return id
        })
      const first = await send()
      nowMs += sentKeyKeptMs - 1000
      assert.equal(await send(), first)
      nowMs += 2000
      const second = await send()
      assert.notEqual(second, first)
      assert.equal(await send(), second)
    }))

  test('a message belongs to its convo: another convo’s id does not find it', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const messageId = messages[0]!.id
      const asked = [convoId, convoId + 1].map(id => ({ convoId: id, messageId, viewer: bob }))
      const found = await store.transact({ messages: asked }, tx => [
        tx.message(convoId + 1, messageId),
        textOf(tx.message(convoId, messageId)),
      ])
      assert.deepEqual(found, [undefined, 'one'])
    }))

  test('a log is read from its cursor by pages, each row once', () =>
    using(async store => {
      await store.transact({}, tx => {
        for (let i = 0; i < 25; i++) {
          const rev = tx.nextRev()
          tx.appendLog({ did: alice, rev, type: 'muteConvo', convoId: 1 })
          if (i % 2 === 0) tx.appendLog({ did: bob, rev, type: 'muteConvo', convoId: 1 })
        }
      })
      const revs: Tid[] = []
      for (let after = 0; ; after = revs.at(-1)!) {
        const page = await store.log(alice, { after, limit: 10 })
        if (page.length === 0) break
        revs.push(...page.map(entry => entry.row.rev))
      }
      assert.equal(revs.length, 25)
      assert.deepEqual(
        revs,
        [...new Set(revs)].sort((a, b) => a - b),
      )
      assert.equal((await store.log(bob, { after: 0, limit: 100 })).length, 13)
    }))

  test('who waits for a log is woken after a commit that added to it, and by no other', () =>
    using(async store => {
      const write = (did: Did) =>
        store.transact({}, tx => {
          const rev = tx.nextRev()
          tx.appendLog({ did, rev, type: 'muteConvo', convoId: 1 })
          return rev
        })
      const heads: Promise<Tid>[] = []
      let also = 0
      const stop = store.onLog(alice, () => heads.push(store.logHead(alice)))
      const stopToo = store.onLog(alice, () => {
        also += 1
      })
      await write(bob)
      assert.equal(heads.length, 0)
      const rev = await write(alice)
      assert.deepEqual(await Promise.all(heads), [rev], 'it is there when they wake')
      stop()
      stop()
      await write(alice)
      assert.deepEqual([heads.length, also], [1, 2])
      stopToo()
      store.onLog(alice, () => assert.fail())()
      await write(alice)
      assert.equal(also, 2)
    }))
}

async function everything(store: Store, convoId: Tid) {
  const membership = (await store.memberships(bob, [convoId])).get(convoId)!
  const messages = await store.messages(membership, { limit: 100 })
  return {
    membership,
    texts: messages.map(viewed => textOf(viewed.message)),
    first: messages.at(-1),
    log: await store.log(bob, { after: 0, limit: 100 }),
    carla: await store.listMemberships(carla, { limit: 10 }),
  }
}
