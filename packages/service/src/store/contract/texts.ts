import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JoinLink } from '../rows.ts'
import { addMessageBy, alice, bob, type Given, membershipOf, textOf, withGroup } from './given.ts'

const texts = [
  'before\0after',
  '\uffff0 and \uffff',
  '"quoted" \\ back {brace} , NULL',
  'NULL',
  "it's; drop table message; --",
  'é 👩‍👩‍👧 ا',
  ' ',
]

/** Characters that databases treat in their own way come back as they were put, and are found by. */
export function textContract({ using }: Given): void {
  for (const text of texts) {
    test(`${JSON.stringify(text)} comes back as it was, wherever it stands`, () =>
      using(async store => {
        const link: JoinLink = {
          code: text,
          enabled: true,
          requireApproval: false,
          joinRule: 'anyone',
          createdAt: 1,
        }
        const group = await withGroup(store, [alice, bob], { name: text, link })
        const id = await store.transact({ convos: [group.id] }, tx => {
          const message = addMessageBy(tx, alice, group.id, text)
          const { id: messageId } = message
          const rev = tx.nextRev()
          tx.addReaction({ convoId: group.id, messageId, sender: bob, value: text, rev })
          const reaction = { sender: bob, value: text, rev }
          tx.appendLog({ did: bob, rev, type: 'addReaction', convoId: group.id, messageId, reaction })
          tx.rememberSent({ did: alice, key: text, convoId: group.id, messageId })
          return messageId
        })
        const membership = await membershipOf(store, bob, group)
        assert.deepEqual(membership.convo, group)
        const viewed = await store.message(membership, id)
        assert.deepEqual([textOf(viewed?.message), viewed?.reactions[0]?.value], [text, text])
        assert.equal((await store.log(bob, { after: id, limit: 1 }))[0]?.row.reaction?.value, text)
        assert.deepEqual((await store.groupsByCode([text, 'other'])).get(text), group)
        const scope = { convos: [group.id], sentKeys: [{ did: alice, key: text }] }
        assert.equal((await store.transact(scope, tx => tx.sentMessage(alice, text)))?.id, id)
        const at = { convoId: group.id, messageId: id, viewer: bob }
        await store.transact({ messages: [at] }, tx => tx.removeReaction(tx.reactions(group.id, id)[0]!))
        assert.deepEqual((await store.message(membership, id))?.reactions, [])
      }))
  }
}
