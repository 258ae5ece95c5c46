import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { createLogger } from '../logger.ts'
import type { DidDocuments } from './firehose/did-documents.ts'
import { IndexDatabase } from './firehose/index-database.ts'
import { FirehosePeople } from './firehose-people.ts'
import { Facts } from './testing/facts.ts'
import { type FakeHost, type FakeHostOptions, message, startFakeHost } from './testing/fake-host.ts'
import { describePeople } from './testing/people-contract.ts'

/** Of a network whose directory is empty. */
const noDocuments: DidDocuments = { pds: async () => undefined, changed: () => {} }

function openPeople(hosts: FakeHost[], path = ':memory:', documents = noDocuments): FirehosePeople {
  return FirehosePeople.open({
    hosts: hosts.map(host => host.origin),
    path,
    documents,
    clock: { now: () => 0 },
    log: createLogger('silent'),
  })
}

/** Events come in order, so once a commit of this account has come, so has all that was before. */
async function settle(people: FirehosePeople, facts: Facts, host: FakeHost, marker: Did): Promise<void> {
  facts.profile(marker, { displayName: 'marker' })
  await people.reached(marker, host.revs.get(marker)!)
}

async function openWorld(options: FakeHostOptions = {}) {
  const facts = new Facts()
  const host = await startFakeHost(facts, options)
  const people = openPeople([host])
  await people.following()
  const marker = facts.create('marker')
  return {
    facts,
    host,
    people,
    settle: () => settle(people, facts, host, marker),
    async close() {
      await people.close()
      await host.close()
    },
  }
}

describePeople('people from the firehose of a PDS', openWorld)
describePeople('people from the firehose of a relay', () => openWorld({ relay: true }))

describePeople('people from a PDS whose commits are too big to tell', () => openWorld({ tooBig: true }))

describePeople('people from the records of a PDS, read anew each time', async () => {
  const facts = new Facts()
  const host = await startFakeHost(facts)
  let people = openPeople([host])
  return {
    facts,
    get people() {
      return people
    },
    async settle() {
      await people.close()
      host.forgetEvents()
      people = openPeople([host])
      await people.following()
    },
    async close() {
      await people.close()
      await host.close()
    },
  }
})

async function temporaryFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-people-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'people.sqlite')
}

async function startHost(t: TestContext, facts: Facts, options?: FakeHostOptions): Promise<FakeHost> {
  const host = await startFakeHost(facts, options)
  t.after(() => host.close())
  return host
}

async function handleOf(people: FirehosePeople, did: Did): Promise<string | undefined> {
  return (await people.profiles([did])).get(did)?.handle
}

describe('following a host', () => {
  test('an index on disk is read at once, and goes on where it was', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const path = await temporaryFile(t)
    const [fan, star] = [facts.create('fan'), facts.create('star')]
    const followed = facts.follow(fan, star)
    const first = openPeople([host], path)
    await first.following()
    await first.reached(fan, host.revs.get(fan)!)
    facts.profile(star, { displayName: 'Star' })
    await first.reached(star, host.revs.get(star)!)
    await first.close()
    facts.remove(fan, followed)
    host.asked.length = 0
    const second = openPeople([host], path)
    t.after(() => second.close())
    assert.notDeepEqual((await second.relationships(fan, [star])).get(star), {})
    await second.reached(fan, host.revs.get(fan)!)
    assert.deepEqual((await second.relationships(fan, [star])).get(star), {})
    assert.equal(host.asked.includes('com.atproto.sync.listRepos'), false)
  })

  test('a host that hangs up is called again, and nothing it said meanwhile is missed', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const did = facts.create('patient')
    const people = openPeople([host])
    t.after(() => people.close())
    await people.following()
    facts.profile(did, { displayName: 'One' })
    await people.reached(did, host.revs.get(did)!)
    host.hangUp()
    facts.profile(did, { displayName: 'Two' })
    await people.reached(did, host.revs.get(did)!)
    assert.equal((await people.profiles([did])).get(did)?.displayName, 'Two')
  })

  test('after an absence longer than the host remembers, its accounts are read anew', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const path = await temporaryFile(t)
    const [kept, gone] = [facts.create('kept'), facts.create('gone')]
    const first = openPeople([host], path)
    await first.following()
    facts.profile(kept, { displayName: 'Before' })
    await first.reached(kept, host.revs.get(kept)!)
    await first.close()
    facts.profile(kept, { displayName: 'After' })
    facts.delete(gone)
    host.forgetEvents()
    const second = openPeople([host], path)
    t.after(() => second.close())
    await second.reached(kept, host.revs.get(kept)!)
    while ((await handleOf(second, gone)) !== undefined) await second.progress()
    assert.equal((await second.profiles([kept])).get(kept)?.displayName, 'After')
  })

  test('a host that was set up anew is read anew', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const [kept, gone] = [facts.create('kept'), facts.create('gone')]
    const people = openPeople([host])
    t.after(() => people.close())
    await people.following()
    facts.profile(kept, { displayName: 'Before' })
    await people.reached(kept, host.revs.get(kept)!)
    facts.accounts.delete(gone)
    host.startOver()
    facts.profile(kept, { displayName: 'After' })
    await people.reached(kept, host.revs.get(kept)!)
    while ((await handleOf(people, gone)) !== undefined) await people.progress()
    assert.equal((await people.profiles([kept])).get(kept)?.displayName, 'After')
  })

  test('a repository that cannot be read keeps nobody from reading the others', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const [sound, broken, tooLong] = [facts.create('sound'), facts.create('broken'), facts.create('too-long')]
    facts.profile(sound, { displayName: 'Sound' })
    facts.profile(tooLong, { displayName: 'Long', padding: 'x'.repeat(1024 * 1024) })
    host.broken.add(broken)
    host.forgetEvents()
    const people = openPeople([host])
    t.after(() => people.close())
    await people.following()
    assert.equal((await people.profiles([sound])).get(sound)?.displayName, 'Sound')
    assert.equal(await handleOf(people, broken), 'handle.invalid')
    assert.equal(await handleOf(people, tooLong), 'handle.invalid')
  })

  test('what a host repeats does not undo what came after it', async t => {
    const { facts, host, people, settle, close } = await openWorld()
    t.after(close)
    const [fan, star] = [facts.create('fan'), facts.create('star')]
    const path = facts.follow(fan, star)
    const followed = host.lastFrame()
    facts.remove(fan, path)
    host.send(followed)
    await settle()
    assert.deepEqual((await people.relationships(fan, [star])).get(star), {})
  })

  test('frames that make no sense are passed over, and those after them are heard', async t => {
    const { facts, host, people, settle, close } = await openWorld()
    t.after(close)
    const did = facts.create('sound')
    const nonsense = [
      new Uint8Array(),
      Uint8Array.of(0xff, 0xff, 0xff),
      Buffer.from('{"op":1,"t":"#commit"}'),
      message({ op: 1, t: '#commit' }, { seq: 1, repo: 'not a DID' }),
      message({ op: 1, t: '#identity' }, { seq: 'first', did, handle: 7 }),
      message({ op: 1, t: '#account' }, { seq: -1, did, active: 'no' }),
      message({ op: 1, t: '#invented' }, { seq: Number.MAX_SAFE_INTEGER - 1 }),
      message({ op: 7 }, {}),
    ]
    for (const frame of nonsense) host.send(frame)
    facts.profile(did, { displayName: 'Sound' })
    await settle()
    assert.equal((await people.profiles([did])).get(did)?.displayName, 'Sound')
  })

  test('an identity event without a handle has the host asked for it', async t => {
    const { facts, host, people, settle, close } = await openWorld()
    t.after(close)
    const did = facts.create('old')
    facts.accounts.get(did)!.handle = 'new.test'
    const time = '2026-01-01T00:00:00.000Z'
    host.send(message({ op: 1, t: '#identity' }, { seq: 1_000, did, time }))
    await settle()
    assert.equal(await handleOf(people, did), 'new.test')
  })

  test("an account that moves is the new host's, whatever the old one says last", async t => {
    const facts = new Facts()
    const old = await startHost(t, facts)
    const did = facts.create('mover')
    const other = facts.create('neighbour')
    facts.follow(did, other)
    const moved = new Facts()
    moved.accounts.set(did, { ...facts.accounts.get(did)!, records: new Map() })
    const fresh = await startHost(t, moved)
    fresh.revs.set(did, host0)
    moved.accounts.get(did)!.active = false
    const people = openPeople([old, fresh])
    t.after(() => people.close())
    await people.following()
    assert.equal(await handleOf(people, did), 'mover.test')
    moved.setActive(did, true)
    moved.profile(did, { displayName: 'Moved' })
    await people.reached(did, fresh.revs.get(did)!)
    facts.profile(did, { displayName: 'Not any more' })
    facts.setActive(did, false)
    facts.profile(other, { displayName: 'told after' })
    await people.reached(other, old.revs.get(other)!)
    const person = (await people.profiles([did])).get(did)
    assert.equal(person?.displayName, 'Moved')
    assert.deepEqual((await people.relationships(did, [other])).get(other), {})
  })

  test('an account stays with the host that its DID document names, whatever another host repeats', async t => {
    const facts = new Facts()
    const did = facts.create('mover')
    const neighbour = facts.create('neighbour')
    const old = await startHost(t, facts)
    const moved = new Facts()
    moved.accounts.set(did, { ...facts.accounts.get(did)!, records: new Map() })
    const fresh = await startHost(t, moved)
    fresh.revs.set(did, host0)
    moved.profile(did, { displayName: 'Moved' })
    // As the old host may tell it to whoever reads it from the start.
    facts.setActive(did, true)
    facts.setActive(did, false)
    const people = openPeople([old, fresh], ':memory:', { ...noDocuments, pds: async () => fresh.origin })
    t.after(() => people.close())
    await people.following()
    facts.profile(neighbour, { displayName: 'told after' })
    await people.reached(neighbour, old.revs.get(neighbour)!)
    assert.equal((await people.profiles([did])).get(did)?.displayName, 'Moved')
    facts.setActive(did, true)
    facts.setActive(did, false)
    facts.profile(neighbour, { displayName: 'told last' })
    await people.reached(neighbour, old.revs.get(neighbour)!)
    assert.equal((await people.profiles([did])).get(did)?.displayName, 'Moved')
  })

  test('whoever reads DID documents is told when one has changed', async t => {
    const facts = new Facts()
    const host = await startHost(t, facts)
    const changed: Did[] = []
    const people = openPeople([host], ':memory:', { ...noDocuments, changed: did => changed.push(did) })
    t.after(() => people.close())
    await people.following()
    const did = facts.create('named')
    facts.rename(did, 'renamed.test')
    while ((await handleOf(people, did)) !== 'renamed.test') await people.progress()
    assert.deepEqual(changed, [did, did])
  })

  test('what waits for the index is told when the index is closed', async t => {
    const { facts, host, people } = await openWorld()
    t.after(() => host.close())
    const waiting = people.reached(facts.create('late'), '3zzzzzzzzzzzz')
    const closed = assert.rejects(waiting, /closed/)
    await people.close()
    await closed
  })
})

/** Older than every rev that a test makes. */
const host0 = '3222222222222'

test('a picture is shown by an address on the PDS, and none by an address of more than a kilobyte', async t => {
  const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
  const did = (name: string): Did => `did:plc:${name.padEnd(24, 'a')}`
  const path = await temporaryFile(t)
  const index = new IndexDatabase(path)
  const pds = 'https://pds.test'
  const avatars = { [did('short')]: cid, [did('long')]: 'x'.repeat(60_000) }
  for (const [account, avatar] of Object.entries(avatars) as [Did, string][]) {
    index.putAccount(account, { host: pds, pds, active: true })
    const profile = { displayName: undefined, avatar, createdAt: undefined }
    index.putRecord(account, 'self', { collection: 'app.bsky.actor.profile', profile })
  }
  index.close()
  const people = openPeople([], path)
  t.after(() => people.close())
  const found = await people.profiles([did('short'), did('long')])
  assert.equal(
    found.get(did('short'))?.avatar,
    `${pds}/xrpc/com.atproto.sync.getBlob?did=${encodeURIComponent(did('short'))}&cid=${cid}`,
  )
  assert.deepEqual([found.has(did('long')), found.get(did('long'))?.avatar], [true, undefined])
})
