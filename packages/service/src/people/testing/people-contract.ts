import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { People, Person } from '../people.ts'
import type { Facts } from './facts.ts'

export interface World {
  facts: Facts
  people: People
  /** Resolves once `people` knows the facts. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** What every implementation of People does. */
export function describePeople(name: string, openWorld: () => Promise<World>): void {
  describe(name, () => {
    let world: World
    let facts: Facts
    before(async () => {
      world = await openWorld()
      facts = world.facts
    })
    after(() => world.close())

    const person = async (did: Did): Promise<Person | undefined> => {
      await world.settle()
      return (await world.people.profiles([did])).get(did)
    }
    const relationship = async (actor: Did, other: Did) => {
      await world.settle()
      const found = await world.people.relationships(actor, [other])
      assert.deepEqual([...found.keys()], [other])
      return found.get(other)
    }

    test('a profile has the name that its record says', async () => {
      const did = facts.create('named')
      facts.profile(did, { displayName: 'Ada', createdAt: '2026-01-02T03:04:05.000Z' })
      const { handle, displayName, createdAt, labels, allowIncoming } = (await person(did))!
      assert.deepEqual(
        { handle, displayName, createdAt, labels, allowIncoming },
        {
          handle: 'named.test',
          displayName: 'Ada',
          createdAt: '2026-01-02T03:04:05.000Z',
          labels: [],
          allowIncoming: 'following',
        },
      )
    })

    test('a profile without a record has a handle and nothing else, not even as undefined', async () => {
      const did = facts.create('bare')
      const found = (await person(did))!
      assert.equal(found.handle, 'bare.test')
      assert.equal('displayName' in found, false)
      assert.equal('avatar' in found, false)
      assert.equal(found.associated?.chat, undefined)
    })

    test('a name that is taken away is gone', async () => {
      const did = facts.create('renamed')
      facts.profile(did, { displayName: 'Before' })
      assert.equal((await person(did))?.displayName, 'Before')
      facts.remove(did, 'app.bsky.actor.profile/self')
      assert.equal((await person(did))?.displayName, undefined)
    })

    test('the declaration says who may write, and "following" holds without one', async () => {
      const did = facts.create('declaring')
      assert.equal((await person(did))?.allowIncoming, 'following')
      for (const allowIncoming of ['all', 'none', 'following'] as const) {
        facts.declare(did, { allowIncoming })
        const found = await person(did)
        assert.equal(found?.allowIncoming, allowIncoming)
        assert.deepEqual(found?.associated?.chat, { allowIncoming })
      }
      facts.declare(did, { allowIncoming: 'all', allowGroupInvites: 'none' })
      assert.deepEqual((await person(did))?.associated?.chat, {
        allowIncoming: 'all',
        allowGroupInvites: 'none',
      })
      facts.remove(did, 'chat.bsky.actor.declaration/self')
      const without = await person(did)
      assert.equal(without?.allowIncoming, 'following')
      assert.equal(without?.associated?.chat, undefined)
    })

    test('who may invite to groups is in the declaration, else who may write, else "following" holds', async () => {
      const did = facts.create('inviting')
      assert.equal((await person(did))?.allowGroupInvites, 'following')
      for (const allowIncoming of ['all', 'none', 'following'] as const) {
        facts.declare(did, { allowIncoming })
        assert.equal((await person(did))?.allowGroupInvites, allowIncoming)
        for (const allowGroupInvites of ['all', 'none', 'following'] as const) {
          facts.declare(did, { allowIncoming, allowGroupInvites })
          const found = await person(did)
          assert.deepEqual(
            [found?.allowIncoming, found?.allowGroupInvites],
            [allowIncoming, allowGroupInvites],
          )
        }
      }
      facts.remove(did, 'chat.bsky.actor.declaration/self')
      assert.equal((await person(did))?.allowGroupInvites, 'following')
    })

    test('a declaration with a word that we do not know lets nobody in', async () => {
      const did = facts.create('inventive')
      facts.declare(did, { allowIncoming: 'friendsOfFriends', allowGroupInvites: 'sundays' })
      const found = await person(did)
      assert.deepEqual([found?.allowIncoming, found?.allowGroupInvites], ['none', 'none'])
      assert.deepEqual(found?.associated?.chat, { allowIncoming: 'none', allowGroupInvites: 'none' })
    })

    test('follows are seen from both sides until they are taken back', async () => {
      const [fan, star] = [facts.create('fan'), facts.create('star')]
      assert.deepEqual(await relationship(fan, star), {})
      const path = facts.follow(fan, star)
      assert.deepEqual(await relationship(fan, star), { following: `at://${fan}/${path}` })
      assert.deepEqual(await relationship(star, fan), { followedBy: `at://${fan}/${path}` })
      const back = facts.follow(star, fan)
      assert.deepEqual(await relationship(fan, star), {
        following: `at://${fan}/${path}`,
        followedBy: `at://${star}/${back}`,
      })
      facts.remove(fan, path)
      assert.deepEqual(await relationship(star, fan), { following: `at://${star}/${back}` })
    })

    test('blocks are seen from both sides until they are taken back', async () => {
      const [wary, pest] = [facts.create('wary'), facts.create('pest')]
      const path = facts.block(wary, pest)
      assert.deepEqual(await relationship(wary, pest), { blocking: `at://${wary}/${path}` })
      assert.deepEqual(await relationship(pest, wary), { blockedBy: `at://${wary}/${path}` })
      facts.remove(wary, path)
      assert.deepEqual(await relationship(pest, wary), {})
    })

    test('a block of a list blocks those on it, until they or the block are taken off', async () => {
      const [wary, pest, curator] = [
        facts.create('wary-of-list'),
        facts.create('listed'),
        facts.create('curator'),
      ]
      const list = facts.list(curator, 'modlist')
      const item = facts.listItem(curator, list, pest)
      assert.deepEqual(await relationship(wary, pest), {})
      const block = facts.blockList(wary, list)
      const uri = `at://${wary}/${block}`
      assert.deepEqual(await relationship(wary, pest), { blockingByList: uri })
      assert.deepEqual(await relationship(pest, wary), { blockedByList: uri })
      assert.deepEqual(await relationship(wary, curator), {})
      facts.remove(curator, item)
      assert.deepEqual(await relationship(wary, pest), {})
      facts.listItem(curator, list, pest)
      assert.deepEqual(await relationship(wary, pest), { blockingByList: uri })
      facts.remove(wary, block)
      assert.deepEqual(await relationship(pest, wary), {})
    })

    test('nobody is blocked by a list that is gone or not for blocking, nor put on one by others', async () => {
      const [wary, pest, curator] = [
        facts.create('wary-2'),
        facts.create('listed-2'),
        facts.create('curator-2'),
      ]
      const blocking = facts.list(curator, 'modlist')
      const reading = facts.list(curator, 'curatelist')
      facts.blockList(wary, blocking)
      facts.blockList(wary, reading)
      facts.listItem(curator, reading, pest)
      facts.listItem(pest, blocking, pest)
      assert.deepEqual(await relationship(wary, pest), {})
      facts.listItem(curator, blocking, pest)
      assert.notDeepEqual(await relationship(wary, pest), {})
      facts.remove(curator, blocking.split('/').slice(3).join('/'))
      assert.deepEqual(await relationship(wary, pest), {})
    })

    test('of two follows of one account the second still counts when the first is taken back', async () => {
      const [twice, star] = [facts.create('twice'), facts.create('starring')]
      const first = facts.follow(twice, star)
      const second = facts.follow(twice, star)
      facts.remove(twice, first)
      assert.deepEqual(await relationship(twice, star), { following: `at://${twice}/${second}` })
    })

    test('a new handle replaces the old one', async () => {
      const did = facts.create('oldname')
      assert.equal((await person(did))?.handle, 'oldname.test')
      facts.rename(did, 'newname.test')
      assert.equal((await person(did))?.handle, 'newname.test')
    })

    test('a deactivated account is hidden, and comes back as it was', async () => {
      const did = facts.create('pausing')
      facts.profile(did, { displayName: 'Here' })
      facts.setActive(did, false)
      assert.equal(await person(did), undefined)
      facts.setActive(did, true)
      assert.equal((await person(did))?.displayName, 'Here')
    })

    test('a deleted account is gone, and what it followed with it', async () => {
      const [gone, star] = [facts.create('leaving'), facts.create('staying')]
      facts.follow(gone, star)
      facts.delete(gone)
      assert.equal(await person(gone), undefined)
      assert.deepEqual(await relationship(star, gone), {})
    })

    test('an account that nobody knows has no profile and an empty relationship', async () => {
      const known = facts.create('known')
      const unknown: Did = 'did:plc:zzzzzzzzzzzzzzzzzzzzzzzz'
      assert.equal(await person(unknown), undefined)
      assert.deepEqual(await relationship(known, unknown), {})
      assert.deepEqual(await relationship(unknown, known), {})
    })

    test('what is shown says who is there, who is gone, and how the viewer stands to them', async () => {
      const [viewer, star, gone] = [facts.create('viewer'), facts.create('shown'), facts.create('removed')]
      const follow = facts.follow(viewer, star)
      facts.delete(gone)
      await world.settle()
      const shown = await world.people.show(viewer, [star, gone, viewer, star])
      assert.deepEqual([...shown.keys()], [star, gone, viewer])
      assert.deepEqual(shown.get(star)?.person, (await world.people.profiles([star])).get(star))
      assert.deepEqual(shown.get(star)?.relationship, { following: `at://${viewer}/${follow}` })
      assert.deepEqual(shown.get(gone), { person: 'gone', relationship: {} })
      assert.deepEqual(shown.get(viewer)?.relationship, {})
    })

    test('a long list of accounts is answered in full, each once', async () => {
      const hub = facts.create('hub')
      const dids = Array.from({ length: 61 }, (_, i) => facts.create(`member-${i}`))
      for (const did of dids) facts.follow(did, hub)
      for (const did of dids.slice(0, 7)) facts.follow(hub, did)
      await world.settle()
      const people = await world.people.profiles([...dids, ...dids])
      assert.deepEqual([...people.keys()].sort(), [...dids].sort())
      const relationships = await world.people.relationships(hub, [...dids, ...dids])
      assert.equal(relationships.size, dids.length)
      for (const found of relationships.values()) assert.notEqual(found.followedBy, undefined)
      assert.equal([...relationships.values()].filter(found => found.following !== undefined).length, 7)
    })

    test('records that break their lexicon are not shown, and spoil nothing beside them', async () => {
      const [sound, hostile] = [facts.create('sound'), facts.create('hostile')]
      facts.profile(sound, { displayName: 'Sound' })
      for (const displayName of [42, ['a'], { $type: 'x' }, 'x'.repeat(10_000)]) {
        facts.profile(hostile, { displayName })
        await world.settle()
        const people = await world.people.profiles([hostile, sound])
        assert.equal(people.get(hostile)?.displayName, undefined)
        assert.equal(people.get(sound)?.displayName, 'Sound')
      }
      facts.follow(hostile, 'not a DID')
      facts.follow(hostile, `${sound}/`)
      facts.put(hostile, 'app.bsky.graph.follow/..', { $type: 'app.bsky.graph.follow', subject: sound })
      assert.deepEqual(await relationship(sound, hostile), {})
    })

    test('a name that was valid is not shown any more once it is replaced by one that is not', async () => {
      const did = facts.create('worsening')
      facts.profile(did, { displayName: 'Good' })
      assert.equal((await person(did))?.displayName, 'Good')
      facts.profile(did, { displayName: 42 })
      assert.equal((await person(did))?.displayName, undefined)
    })
  })
}
