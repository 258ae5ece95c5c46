import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tid } from '../../tid.ts'
import type { UserMessage } from '../rows.ts'
import type { Store } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import {
  addMessageBy,
  addSystemMessage,
  alice,
  bob,
  carla,
  type Given,
  join,
  membershipOf,
  textOf,
  withConvo,
  withGroup,
} from './given.ts'

/** What is taken for good: the texts of messages, and what is kept for one account alone. */
export function erasingContract({ using, advance }: Given): void {
  /** A group of three with messages by alice, bob, alice, bob, alice; bob has all unread, carla the last two. */
  async function withMessages(store: Store) {
    const group = await withGroup(store, [alice, bob, carla])
    const messages = await store.transact({ convos: [group.id] }, tx => {
      const messages = [alice, bob, alice, bob, alice].map((sender, i) =>
        addMessageBy(tx, sender, group.id, `text ${i}`),
      )
      const last = { lastMessage: messages[4]!.id }
      tx.putMember({ ...tx.member(group.id, bob)!, ...last, unread: 3 })
      const readUpTo = messages[2]!.id
      tx.putMember({ ...tx.member(group.id, carla)!, ...last, readUpTo, unread: 2 })
      for (const { id } of messages)
        tx.appendLog({ did: bob, rev: id, type: 'createMessage', convoId: group.id, messageId: id })
      return messages
    })
    return { group, messages }
  }

  const erase = (store: Store, convoId: Tid, ids: readonly Tid[]) =>
    store.transact({ messages: ids.map(messageId => ({ convoId, messageId, viewer: alice })) }, tx => {
      for (const id of ids) {
        const message = tx.message(convoId, id)
        if (message && 'sender' in message) tx.eraseMessage(message)
      }
    })

  test('an erased message is left out of the history, and elsewhere there without its body', () =>
    using(async store => {
      const { group, messages } = await withMessages(store)
      const [first, second, , , last] = messages.map(({ id }) => id) as [Tid, Tid, Tid, Tid, Tid]
      const at = (messageId: Tid) => ({ convoId: group.id, messageId, viewer: bob })
      const reply = await store.transact({ messages: [at(second), at(last)] }, tx => {
        const id = tx.nextRev()
        const body = { text: 'to that', replyTo: first }
        tx.addMessage({ convoId: group.id, id, rev: id, sender: bob, body })
        for (const messageId of [second, last])
          tx.addReaction({ convoId: group.id, messageId, sender: bob, value: '👍', rev: tx.nextRev() })
        return id
      })
      await erase(store, group.id, [first, last])
      const membership = await membershipOf(store, bob, group)
      const page = await store.messages(membership, { limit: 10 })
      assert.deepEqual(
        page.map(({ message }) => textOf(message)),
        ['to that', 'text 3', 'text 2', 'text 1'],
      )
      const { body: _, ...bare } = messages[0]!
      assert.deepEqual((await store.message(membership, first))?.message, bare)
      assert.deepEqual((await store.message(membership, reply))?.replyTo?.message, bare)
      const [overview] = await store.overviews([membership])
      assert.equal(overview?.lastMessage?.message.id, last)
      assert.equal(textOf(overview?.lastMessage?.message), undefined)
      assert.equal(overview?.lastReaction?.message.message.id, second, 'none on an erased message')
      const log = await store.log(bob, { after: group.id, limit: 100 })
      assert.doesNotMatch(JSON.stringify(log), /text [04]/)
      assert.doesNotMatch(JSON.stringify(await store.forModerators.messages(first)), /text 0/)
      assert.deepEqual(
        await store.transact({ messages: [at(first)] }, tx => tx.message(group.id, first)),
        bare,
      )
    }))

  test('an erased message is not among what its sender has written, and counts as unread for nobody', () =>
    using(async store => {
      const { group, messages } = await withMessages(store)
      await store.transact({}, tx => addSystemMessage(tx, group.id, { type: 'memberLeave', member: alice }))
      const ids = messages.map(({ id }) => id)
      const written = (page: { after: Tid; limit: number }) => store.writtenBy(alice, group.id, page)
      assert.deepEqual(await written({ after: 0, limit: 10 }), [ids[0], ids[2], ids[4]])
      assert.deepEqual(await written({ after: 0, limit: 2 }), [ids[0], ids[2]])
      assert.deepEqual(await written({ after: ids[2]!, limit: 2 }), [ids[4]])
      assert.deepEqual(await store.writtenBy(alice, group.id + 1, { after: 0, limit: 10 }), [])
      assert.deepEqual(await store.writtenBy(carla, group.id, { after: 0, limit: 10 }), [])
      await erase(store, group.id, [ids[2]!])
      assert.deepEqual(await written({ after: 0, limit: 10 }), [ids[0], ids[4]])
      const at = { convoId: group.id, messageId: ids[0]!, viewer: carla }
      const counted = await store.transact({ unreadAfter: [at] }, tx =>
        tx.unreadAfter(carla, group.id, ids[0]!),
      )
      assert.equal(counted, 3)
    }))

  const membersUnread = (tx: Transaction, convoId: Tid, messageIds: readonly Tid[]) =>
    [alice, bob, carla].map(did => tx.unreadAmong(tx.member(convoId, did)!, messageIds))

  test('of the messages that are to go, those count that a member has not read, hidden or written', () =>
    using(async store => {
      const { group, messages } = await withMessages(store)
      const messageIds = messages.map(({ id }) => id)
      const scope = { convos: [group.id], erasures: [{ convoId: group.id, messageIds }] }
      const unread = () => store.transact(scope, tx => membersUnread(tx, group.id, messageIds))
      const before = await unread()
      await erase(store, group.id, [messageIds[4]!])
      assert.deepEqual(await unread(), [before[0], before[1]! - 1, before[2]! - 1])
      const hidden = { convoId: group.id, messageId: messageIds[2]!, viewer: bob }
      await store.transact({ messages: [hidden] }, tx => tx.hideMessage(bob, messages[2]!))
      assert.deepEqual(await unread(), [before[0], before[1]! - 2, before[2]! - 1])
    }))

  test('what came into sight later than a message does not count it', () =>
    using(async store => {
      const { group, messages } = await withMessages(store)
      const late = 'did:plc:late'
      await store.transact({ convos: [group.id] }, tx => join(tx, group.id, late))
      const messageIds = messages.map(({ id }) => id)
      const scope = { convos: [group.id], erasures: [{ convoId: group.id, messageIds }] }
      const unread = await store.transact(scope, tx => tx.unreadAmong(tx.member(group.id, late)!, messageIds))
      assert.equal(unread, 0)
    }))

  test('a marker that moves in the same batch counts what is left, whichever comes first', () =>
    using(async store => {
      for (const eraseFirst of [true, false]) {
        const { group, messages } = await withMessages(store)
        const [first, second, , , last] = messages.map(({ id }) => id)
        const at = { convoId: group.id, messageId: second!, viewer: bob }
        const read = () =>
          store.transact({ convos: [group.id], unreadAfter: [at] }, tx => {
            const unread = tx.unreadAfter(bob, group.id, second!)
            tx.putMember({ ...tx.member(group.id, bob)!, readUpTo: second!, unread })
          })
        const gone = [first!, last!]
        const scope = { convos: [group.id], erasures: [{ convoId: group.id, messageIds: gone }] }
        const takeAway = () =>
          store.transact(scope, tx => {
            const side = tx.member(group.id, bob)!
            tx.putMember({ ...side, unread: side.unread - tx.unreadAmong(side, gone) })
            for (const id of gone) tx.eraseMessage(tx.message(group.id, id) as UserMessage)
          })
        await Promise.all(eraseFirst ? [takeAway(), read()] : [read(), takeAway()])
        assert.equal((await membershipOf(store, bob, group)).viewer.unread, 1)
      }
    }))

  test('a purge takes what is kept for one account alone, and nobody else’s', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one', 'two'])
      const messageId = messages[0]!.id
      await store.transact({ messages: [{ convoId, messageId, viewer: bob }] }, tx => {
        for (const did of [alice, bob]) {
          tx.hideMessage(did, messages[1]!)
          tx.rememberSent({ did, key: 'k', convoId, messageId })
          tx.appendLog({ did, rev: tx.nextRev(), type: 'muteConvo', convoId })
          tx.appendLog({ did, rev: tx.nextRev(), type: 'unmuteConvo', convoId })
        }
      })
      const before = await store.logHead(bob)
      await store.transact({}, tx => tx.purgeAccount(bob, before))
      const types = async (did: typeof alice | typeof bob) =>
        (await store.log(did, { after: 0, limit: 100 })).map(({ row }) => row.type)
      assert.deepEqual(await types(bob), ['unmuteConvo'])
      assert.ok((await types(alice)).includes('muteConvo'))
      const [alices, bobs] = [
        await membershipOf(store, alice, { id: convoId }),
        await membershipOf(store, bob, { id: convoId }),
      ]
      const texts = async (membership: typeof alices) =>
        (await store.messages(membership, { limit: 10 })).map(({ message }) => textOf(message))
      assert.deepEqual(await texts(bobs), ['two', 'one'])
      assert.deepEqual(await texts(alices), ['one'])
      const sentKeys = [alice, bob].map(did => ({ did, key: 'k' }))
      const known = await store.transact({ sentKeys }, tx =>
        sentKeys.map(({ did, key }) => tx.sentMessage(did, key)?.id),
      )
      assert.deepEqual(known, [messageId, undefined])
    }))

  test('an account’s reactions go from one convo, and nobody else’s', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one'])
      const messageId = messages[0]!.id
      await store.transact({ messages: [{ convoId, messageId, viewer: bob }] }, tx => {
        for (const sender of [alice, bob])
          tx.addReaction({ convoId, messageId, sender, value: '👍', rev: tx.nextRev() })
        tx.eraseReactions(convoId + 1, alice)
        tx.eraseReactions(convoId, bob)
      })
      const { reactions } = (await store.message(
        await membershipOf(store, alice, { id: convoId }),
        messageId,
      ))!
      assert.deepEqual(
        reactions.map(({ sender }) => sender),
        [alice],
      )
    }))

  test('revs go on after a purge, also with the clock set back', () =>
    using(async store => {
      const head = await store.transact({}, tx => {
        for (let i = 0; i < 5; i++)
          tx.appendLog({ did: bob, rev: tx.nextRev(), type: 'muteConvo', convoId: 1 })
        const rev = tx.nextRev()
        tx.appendLog({ did: bob, rev, type: 'muteConvo', convoId: 1 })
        return rev
      })
      await store.transact({}, tx => tx.purgeAccount(bob, head))
      assert.equal(await store.logHead(bob), head)
      advance(-3_600_000)
      const next = await store.transact({}, tx => {
        const rev = tx.nextRev()
        tx.appendLog({ did: bob, rev, type: 'muteConvo', convoId: 1 })
        return rev
      })
      assert.ok(next > head)
      assert.equal(await store.logHead(bob), next)
      advance(3_600_000)
    }))

  test('a purge of an account that was never seen is nothing', () =>
    using(async store => {
      const { convoId } = await withConvo(store, ['one'])
      await store.transact({}, tx => tx.purgeAccount('did:plc:nobody', Number.MAX_SAFE_INTEGER))
      const membership = await membershipOf(store, alice, { id: convoId })
      assert.equal((await store.messages(membership, { limit: 10 })).length, 1)
    }))

  test('settings of an account come back as they were put', () =>
    using(async store => {
      const notifications = { chat: { include: 'follows' as const, push: false } }
      const put = (account: object) =>
        store.transact({ accounts: [alice] }, tx => {
          tx.putAccount({ did: alice, chatDisabled: false, ...account })
          return tx.account(alice)
        })
      assert.deepEqual(await store.account(alice), { did: alice, chatDisabled: false })
      const set = await put({ notifications, chatDisabled: true })
      assert.deepEqual(await store.account(alice), set)
      assert.deepEqual(set, { did: alice, chatDisabled: true, notifications })
      assert.deepEqual(await store.transact({ accounts: [alice] }, tx => tx.account(alice)), set)
      await put({})
      assert.deepEqual(await store.account(alice), { did: alice, chatDisabled: false })
    }))
}
