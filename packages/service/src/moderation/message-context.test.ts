import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stores } from '../../test/stores.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { addMessageBy, addSystemMessage, alice, bob, dice, withGroup } from '../store/contract/given.ts'
import { isSystem, type Message } from '../store/rows.ts'
import type { Tid } from '../tid.ts'
import { type ContextRange, messageContext } from './message-context.ts'

const clock = { now: () => 1_800_000_000_000 }

/** A history of so many messages, each by chance of the system; and one of another group in between. */
async function withHistory(seed: number, length: number) {
  const pick = dice(seed)
  const [, open] = stores[pick(stores.length)]!
  const store = open(clock)
  const [group, other] = [await withGroup(store, [alice, bob]), await withGroup(store, [alice])]
  const share = 1 + pick(4)
  const messages = await store.transact({}, tx =>
    Array.from({ length }, (_, i): Message => {
      addMessageBy(tx, alice, other.id, 'elsewhere')
      return pick(5) < share
        ? addSystemMessage(tx, group.id, { type: 'editGroup', oldName: `${i}`, newName: `${i + 1}` })
        : addMessageBy(tx, pick(2) === 0 ? alice : bob, group.id, `${i}`)
    }),
  )
  return { pick, store, group, messages }
}

/**
 * The lexicon's words, read one by one over the whole history: how far it reaches on each side, then each gap between
 * two written messages thinned to those nearest the earlier one.
 */
function expectedIds(history: readonly Message[], target: Tid, range: ContextRange): Tid[] {
  const at = history.findIndex(({ id }) => id === target)
  const { before, after, systemMessagesMax: max } = range
  const writtenBefore = history.slice(0, at).filter(message => !isSystem(message))
  const writtenAfter = history.slice(at + 1).filter(message => !isSystem(message))
  const first = writtenBefore.slice(-before)[0]
  const last = writtenAfter.slice(0, after).at(-1)
  let from = first ? history.indexOf(first) : Math.max(0, at - max)
  let to = last ? history.indexOf(last) : Math.min(history.length - 1, at + max)
  if (before === 0) from = at
  if (after === 0) to = at
  const ids: Tid[] = []
  let gap = 0
  for (const message of history.slice(from, to + 1)) {
    // The target ends one gap and begins the next, also where it is of the system itself.
    const isSolid = !isSystem(message) || message.id === target
    gap = isSolid ? 0 : gap + 1
    if (isSolid || gap <= max) ids.push(message.id)
  }
  return ids
}

describe('the context of a message', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    test(`is what the lexicon says, on a random history (${seed})`, async () => {
      const { pick, store, group, messages } = await withHistory(seed, 60)
      for (let round = 0; round < 80; round++) {
        const { id: messageId } = messages[pick(messages.length)]!
        const range = { before: pick(7), after: pick(7), systemMessagesMax: pick(6) }
        const convoId = pick(2) === 0 ? group.id : undefined
        const found = await messageContext({ store } as Context, { messageId, convoId }, range)
        assert.equal(found.convoId, group.id)
        assert.deepEqual(
          found.messages.map(({ message }) => message.id),
          expectedIds(messages, messageId, range),
          JSON.stringify({ messageId, range }),
        )
      }
      await store.close()
    })
  }

  test('of a message that is not there, or in another convo, is refused', async () => {
    const { store, group, messages } = await withHistory(1, 5)
    const range = { before: 5, after: 5, systemMessagesMax: 5 }
    const isRefusal = (error: unknown) => error instanceof AppError && error.name === 'InvalidRequest'
    const { id: messageId } = messages[0]!
    for (const target of [
      { messageId: 12345, convoId: undefined },
      { messageId, convoId: group.id + 1 },
    ]) {
      await assert.rejects(messageContext({ store } as Context, target, range), isRefusal)
    }
    await store.close()
  })

  test('is bounded on each side, whatever is asked for', async () => {
    const { store, messages } = await withHistory(4, 1200)
    const range = { before: 1_000_000, after: 1_000_000, systemMessagesMax: 1000 }
    const { id: messageId } = messages[600]!
    const found = await messageContext({ store } as Context, { messageId, convoId: undefined }, range)
    const written = found.messages.filter(({ message }) => !isSystem(message))
    assert.ok(written.length >= 200 && written.length <= 201, `${written.length}`)
    await store.close()
  })
})
