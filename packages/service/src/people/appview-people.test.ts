import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Did } from '@atcute/lexicons/syntax'
import { AppViewPeople } from './appview-people.ts'
import type { Fetch } from './bounded-fetch.ts'
import { Facts } from './testing/facts.ts'
import { startFakeAppView } from './testing/fake-appview.ts'
import { describePeople } from './testing/people-contract.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

async function openWorld() {
  const facts = new Facts()
  const appView = await startFakeAppView(facts)
  const clock = {
    time: 0,
    now() {
      return this.time
    },
  }
  const people = new AppViewPeople({ url: appView.origin, clock })
  return {
    facts,
    appView,
    clock,
    people,
    async settle() {
      clock.time += 5 * minuteMs
    },
    async close() {
      await people.close()
      await appView.close()
    },
  }
}

describePeople('people from an AppView', openWorld)

describe('the cache of an AppView', () => {
  test('asks in as few calls as the lexicon allows, whoever asks within one turn', async t => {
    const { facts, appView, people, close } = await openWorld()
    t.after(close)
    const dids = Array.from({ length: 60 }, (_, i) => facts.create(`one-${i}`))
    await Promise.all([
      people.profiles(dids.slice(0, 40)),
      people.profiles(dids.slice(20)),
      people.profiles(dids),
    ])
    assert.deepEqual(appView.asked, Array(3).fill('app.bsky.actor.getProfiles'))
    appView.asked.length = 0
    await Promise.all([people.relationships(dids[0]!, dids), people.relationships(dids[0]!, dids.slice(10))])
    assert.deepEqual(appView.asked, Array(2).fill('app.bsky.graph.getRelationships'))
  })

  test('serves a profile for a minute as it is, and for five while it asks again', async t => {
    const { facts, appView, clock, people, close } = await openWorld()
    t.after(close)
    const did = facts.create('first')
    const handle = async () => (await people.profiles([did])).get(did)?.handle
    assert.equal(await handle(), 'first.test')
    facts.rename(did, 'second.test')
    clock.time += minuteMs - 1
    assert.equal(await handle(), 'first.test')
    assert.equal(appView.asked.length, 1)
    clock.time += 1
    assert.equal(await handle(), 'first.test')
    while ((await handle()) !== 'second.test') await new Promise(resolve => setImmediate(resolve))
    assert.equal(appView.asked.length, 2)
    facts.rename(did, 'third.test')
    clock.time += 5 * minuteMs
    assert.equal(await handle(), 'third.test')
  })

  test('serves a relationship for fifteen seconds and then asks, so that a block counts soon', async t => {
    const { facts, clock, people, close } = await openWorld()
    t.after(close)
    const [wary, pest] = [facts.create('wary'), facts.create('pest')]
    const isBlocked = async () =>
      (await people.relationships(pest, [wary])).get(wary)?.blockedBy !== undefined
    assert.equal(await isBlocked(), false)
    facts.block(wary, pest)
    clock.time += 15 * secondMs - 1
    assert.equal(await isBlocked(), false)
    clock.time += 1
    assert.equal(await isBlocked(), true)
  })

  test('keeps answering from memory while the AppView is down: an hour for profiles, ten minutes for blocks', async t => {
    const { facts, appView, clock, people, close } = await openWorld()
    t.after(close)
    const [wary, pest] = [facts.create('wary'), facts.create('pest')]
    const unknown = 'did:plc:zzzzzzzzzzzzzzzzzzzzzzzz'
    facts.block(wary, pest)
    const blocked = async () => (await people.relationships(pest, [wary])).get(wary)?.blockedBy !== undefined
    const known = async () => [...(await people.profiles([pest, unknown])).keys()]
    await blocked()
    await known()
    appView.failure = 500
    clock.time += 10 * minuteMs - 1
    assert.equal(await blocked(), true)
    assert.deepEqual(await known(), [pest])
    clock.time += 1
    await assert.rejects(blocked(), { name: 'UpstreamFailure' })
    clock.time += 50 * minuteMs - 1
    assert.deepEqual(await known(), [pest])
    clock.time += 1
    await assert.rejects(known(), { name: 'UpstreamFailure' })
    appView.failure = undefined
    clock.time += secondMs
    assert.deepEqual(await known(), [pest])
    assert.equal(await blocked(), true)
  })

  test('refuses with UpstreamFailure where nothing is cached, and leaves a failing AppView alone for a second', async t => {
    const { facts, appView, clock, people, close } = await openWorld()
    t.after(close)
    const did = facts.create('unlucky')
    for (const status of [500, 503, 429, 404, 302]) {
      appView.failure = status
      clock.time += secondMs
      await assert.rejects(people.profiles([did]), { name: 'UpstreamFailure' }, String(status))
    }
    const asked = appView.asked.length
    clock.time += secondMs - 1
    await assert.rejects(people.profiles([did]), { name: 'UpstreamFailure' })
    assert.equal(appView.asked.length, asked)
  })

  test('shows what it knows for two minutes without asking, and then at once while it asks again', async t => {
    const { facts, appView, clock, people, close } = await openWorld()
    t.after(close)
    const [viewer, star] = [facts.create('viewer'), facts.create('first')]
    const show = async () => {
      const { person, relationship } = (await people.show(viewer, [star])).get(star)!
      return [typeof person === 'object' ? person.handle : person, relationship.following !== undefined]
    }
    assert.deepEqual(await show(), ['first.test', false])
    facts.rename(star, 'second.test')
    facts.follow(viewer, star)
    clock.time += 2 * minuteMs - 1
    assert.deepEqual(await show(), ['first.test', false])
    assert.equal(appView.asked.length, 2)
    clock.time += 1
    assert.deepEqual(await show(), ['first.test', false])
    while ((await show())[0] !== 'second.test' || !(await show())[1])
      await new Promise(resolve => setImmediate(resolve))
    assert.equal(appView.asked.length, 4)
  })

  const changes: Record<string, (facts: Facts, did: Did, viewer: Did) => void> = {
    'a new handle': (facts, did) => facts.rename(did, 'renamed.test'),
    'a new name': (facts, did) => facts.profile(did, { displayName: 'Renamed' }),
    'a declaration': (facts, did) => facts.declare(did, { allowIncoming: 'none', allowGroupInvites: 'all' }),
    'a follow': (facts, did, viewer) => facts.follow(did, viewer),
    'a block': (facts, did, viewer) => facts.block(did, viewer),
    'a block by list': (facts, did, viewer) => {
      const list = facts.list(did, 'modlist')
      facts.listItem(did, list, viewer)
      facts.blockList(did, list)
    },
    deactivation: (facts, did) => facts.setActive(did, false),
    deletion: (facts, did) => facts.delete(did),
  }
  for (const [name, change] of Object.entries(changes)) {
    test(`${name} counts after five minutes, and is shown from the second look after two on`, async t => {
      const { facts, appView, clock, people, close } = await openWorld()
      t.after(close)
      const [viewer, did] = [facts.create('viewer'), facts.create('changing')]
      const all = async (source: AppViewPeople) => ({
        profiles: await source.profiles([did]),
        relationships: await source.relationships(viewer, [did]),
      })
      const before = await all(people)
      const shownBefore = await people.show(viewer, [did])
      change(facts, did, viewer)
      const fresh = new AppViewPeople({ url: appView.origin, clock })
      const now = await all(fresh)
      const shownNow = await fresh.show(viewer, [did])
      assert.notDeepEqual(now, before)
      clock.time += 2 * minuteMs
      assert.deepEqual(await people.show(viewer, [did]), shownBefore)
      while (!isDeepStrictEqual(await people.show(viewer, [did]), shownNow))
        await new Promise(resolve => setImmediate(resolve))
      clock.time += 3 * minuteMs
      assert.deepEqual(await all(people), now)
    })
  }

  test('shows what it knew while the AppView is down, and who was never known as unknown', async t => {
    const { facts, appView, clock, people, close } = await openWorld()
    t.after(close)
    const [viewer, star, stranger] = [facts.create('viewer'), facts.create('star'), facts.create('stranger')]
    const gone: Did = 'did:plc:zzzzzzzzzzzzzzzzzzzzzzzz'
    const dids = [star, stranger, gone]
    facts.block(viewer, star)
    await people.show(viewer, [star, gone])
    appView.failure = 500
    const show = async () => {
      const shown = [...(await people.show(viewer, dids)).values()]
      return shown.map(({ person, relationship }) => [
        typeof person === 'object' ? person.handle : person,
        relationship.blocking !== undefined,
      ])
    }
    clock.time += 10 * minuteMs - 1
    const known = [
      ['star.test', true],
      ['unknown', false],
      ['gone', false],
    ]
    assert.deepEqual(await show(), known)
    clock.time += 50 * minuteMs
    assert.deepEqual(await show(), [
      ['star.test', false],
      ['unknown', false],
      ['gone', false],
    ])
    clock.time += 1
    assert.deepEqual(await show(), Array(3).fill(['unknown', false]))
    appView.failure = undefined
    clock.time += minuteMs
    assert.deepEqual(await show(), [
      ['star.test', true],
      ['stranger.test', false],
      ['gone', false],
    ])
  })

  test('shows within a second and a half, and at once after that, while the AppView does not answer', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const clock = { time: 0, now: () => clock.time }
    const people = new AppViewPeople({
      url: 'http://appview.test',
      clock,
      fetch: () => new Promise(() => {}),
    })
    const [viewer, star]: Did[] = ['did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', 'did:plc:bbbbbbbbbbbbbbbbbbbbbbbb']
    const unknown = new Map([[star!, { person: 'unknown', relationship: {} }]])
    const first = people.show(viewer!, [star!])
    clock.time = 1.5 * secondMs
    t.mock.timers.tick(1.5 * secondMs)
    assert.deepEqual(await first, unknown)
    const second = people.show(viewer!, [star!])
    t.mock.timers.tick(0)
    assert.deepEqual(await second, unknown)
  })

  test('gives up on an AppView that does not answer in three seconds', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const silent: Fetch = (input, init) =>
      new Promise((_resolve, reject) => {
        const signal = init?.signal ?? (input as Request).signal
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const people = new AppViewPeople({ url: 'http://appview.test', clock: { now: () => 0 }, fetch: silent })
    const refused = assert.rejects(people.profiles(['did:plc:aaaaaaaaaaaaaaaaaaaaaaaa']), {
      name: 'UpstreamFailure',
    })
    for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve))
    t.mock.timers.tick(3 * secondMs)
    await refused
  })

  test('an account that makes the AppView refuse a whole page spoils only itself', async () => {
    const bad = 'did:plc:badbadbadbadbadbadbadbad'
    const good = 'did:plc:goodgoodgoodgoodgoodgood'
    const picky: Fetch = async input => {
      const actors = new URL(new Request(input).url).searchParams.getAll('actors')
      if (actors.includes(bad)) return Response.json({ error: 'InvalidRequest' }, { status: 400 })
      return Response.json({ profiles: actors.map(did => ({ did, handle: 'good.test' })) })
    }
    const people = new AppViewPeople({ url: 'http://appview.test', clock: { now: () => 0 }, fetch: picky })
    assert.deepEqual([...(await people.profiles([bad, good])).keys()], [good])
  })

  test('an answer that is no list, or no JSON, is a failure and not an empty network', async () => {
    for (const body of ['{}', '{"profiles":null}', 'null', '<html>', '']) {
      const people = new AppViewPeople({
        url: 'http://appview.test',
        clock: { now: () => 0 },
        fetch: async () => new Response(body),
      })
      await assert.rejects(
        people.profiles(['did:plc:aaaaaaaaaaaaaaaaaaaaaaaa']),
        { name: 'UpstreamFailure' },
        body,
      )
    }
  })
})
