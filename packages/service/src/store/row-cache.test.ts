import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../errors.ts'
import { addGroup, addMessage, alice, bob, carla, join, withConvo, withGroup } from './contract/given.ts'
import type { Engine } from './engine.ts'
import { EngineStore } from './engine-store.ts'
import { MemoryEngine } from './memory/memory-engine.ts'
import { RowCache } from './row-cache.ts'
import type { Store } from './store.ts'
import type { Transaction } from './transaction.ts'

const clock = { now: () => 1_000_000 }

/** An engine seen through a cache, which knows nothing yet, and without one. */
function twoViews({ membersMax = 100 } = {}) {
  const engine = new MemoryEngine()
  const control = { isSlow: false, isFailing: false, asked: [] as string[] }
  const held: (() => void)[] = []
  const watched = new Proxy<Engine>(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        control.asked.push(String(name))
        const answer: unknown = await member.apply(target, given)
        if (name === 'commit' && control.isFailing) throw new AppError('ServiceUnavailable', 'who knows')
        if (name !== 'commit' && control.isSlow) await new Promise<void>(resolve => held.push(resolve))
        return answer
      }
    },
  })
  return {
    plain: new EngineStore(engine, clock),
    cached: new EngineStore(watched, clock, { rows: new RowCache(watched, membersMax) }),
    control,
    letGo() {
      for (const go of held.splice(0)) go()
    },
  }
}

const reads: Record<string, (store: Store, convoId: number) => Promise<unknown>> = {
  membership: async (store, convoId) => (await store.memberships(alice, [convoId])).get(convoId)?.viewer,
  'head of a log': store => store.logHead(alice),
  account: store => store.account(alice),
}

async function page(store: Store, convoId: number): Promise<unknown> {
  const membership = (await store.memberships(alice, [convoId])).get(convoId)!
  return store.messages(membership, { limit: 10 })
}

for (const [what, read] of Object.entries({ ...reads, page })) {
  test(`a ${what} that was read before a commit is not remembered after it`, async () => {
    const { plain, cached, control, letGo } = twoViews()
    const { convoId } = await withConvo(plain, ['one'])
    control.isSlow = true
    const reading = read(cached, convoId)
    await turn()
    control.isSlow = false
    await writeAgain(cached, convoId)
    letGo()
    await reading
    assert.deepEqual(await read(cached, convoId), await read(plain, convoId))
  })

  test(`a ${what} is forgotten where nobody knows what became of a commit`, async () => {
    const { plain, cached, control } = twoViews()
    const { convoId } = await withConvo(plain, ['one'])
    await read(cached, convoId)
    control.isFailing = true
    await assert.rejects(writeAgain(cached, convoId), { name: 'ServiceUnavailable' })
    assert.deepEqual(await read(cached, convoId), await read(plain, convoId))
  })
}

for (const [what, read] of Object.entries(reads)) {
  test(`a ${what} is remembered, and follows what is written`, async () => {
    const { plain, cached, control } = twoViews()
    const { convoId } = await withConvo(plain, ['one'])
    await read(cached, convoId)
    await writeAgain(cached, convoId)
    control.asked.length = 0
    assert.deepEqual(await read(cached, convoId), await read(plain, convoId))
    assert.deepEqual(control.asked, [])
  })
}

test('the newest page is remembered until something in its convo changes', async () => {
  const { plain, cached, control } = twoViews()
  const { convoId, messages } = await withConvo(plain, ['one'])
  const [message] = messages
  const changes: ((tx: Transaction) => void)[] = [
    tx => void addMessage(tx, convoId, 'two'),
    tx => tx.addReaction({ convoId, messageId: message!.id, sender: bob, value: '👍', rev: tx.nextRev() }),
    tx => tx.setMessageRev(message!, tx.nextRev()),
    tx => tx.eraseReactions(convoId, bob),
    tx => tx.hideMessage(alice, message!),
    tx => tx.purgeAccount(alice, 0),
    tx => tx.eraseMessage(message!),
  ]
  for (const change of changes) {
    await page(cached, convoId)
    control.asked.length = 0
    await page(cached, convoId)
    assert.ok(!control.asked.includes('messages'))
    const scope = { convos: [convoId], messages: [{ convoId, messageId: message!.id, viewer: alice }] }
    await cached.transact(scope, change)
    assert.deepEqual(await page(cached, convoId), await page(plain, convoId))
  }
})

test('who comes and goes is seen among the members that a membership shows', async () => {
  const { plain, cached } = twoViews()
  const group = await withGroup(plain, [alice, bob])
  const shown = async (store: Store) => (await store.memberships(alice, [group.id])).get(group.id)?.members
  assert.deepEqual(await shown(cached), [alice, bob])
  await cached.transact({ convos: [group.id] }, tx => join(tx, group.id, carla))
  assert.deepEqual(await shown(cached), [alice, bob, carla])
  await cached.transact({ convos: [group.id] }, tx => tx.removeMember(tx.member(group.id, bob)!))
  assert.deepEqual(await shown(cached), [alice, carla])
  assert.deepEqual(await cached.memberships(bob, [group.id]), new Map())
})

test('a group that was pushed out while it was changed is not taken for a new one', async () => {
  const { plain, cached } = twoViews({ membersMax: 20 })
  const groups = await plain.transact({}, tx =>
    Array.from({ length: 10 }, () => addGroup(tx, [alice, bob, carla])),
  )
  const convos = groups.map(({ id }) => id)
  await cached.transact({ convos }, tx => {
    for (const group of groups) tx.putGroup({ ...group, name: 'Writers' })
  })
  const counts = await cached.transact({ convos }, tx => convos.map(id => tx.members(id).length))
  assert.deepEqual(new Set(counts), new Set([3]))
})

test('a poll with nothing new does not ask the database', async () => {
  const { plain, cached, control } = twoViews()
  await withConvo(plain, ['one'])
  const after = await cached.logHead(alice)
  control.asked.length = 0
  assert.deepEqual(await cached.log(alice, { after, limit: 10 }), [])
  assert.deepEqual(control.asked, [])
})

test('the head of a log is its highest rev, in whatever order a work writes its rows', async () => {
  const { plain, cached } = twoViews()
  const { convoId } = await withConvo(plain, ['one'])
  await cached.transact({ accounts: [alice], convos: [convoId] }, tx => {
    const [first, second] = [tx.nextRev(), tx.nextRev()]
    for (const rev of [second, first]) tx.appendLog({ did: alice, rev, type: 'muteConvo', convoId })
  })
  assert.equal(await cached.logHead(alice), await plain.logHead(alice))
})

function writeAgain(store: Store, convoId: number): Promise<void> {
  return store.transact({ accounts: [alice], convos: [convoId] }, tx => {
    const message = addMessage(tx, convoId, 'two')
    tx.putMember({ ...tx.member(convoId, alice)!, lastMessage: message.id, rev: message.id })
    tx.putAccount({ did: alice, chatDisabled: true })
  })
}

/** Until what was asked for has reached the engine. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
