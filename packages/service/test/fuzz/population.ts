import type { Name } from './cast.ts'
import { theBusy, theCrowd } from './cast.ts'
import { knownPost } from './meanings.ts'
import { beginGroup, makeLink, openConvo, play, say } from './play.ts'
import { canary } from './texts.ts'
import type { World } from './world.ts'

/**
 * Who the world's accounts are to each other, played through the endpoints. frank blocks alice and bob grace, ivan is
 * gone, heidi disabled; mallory takes no messages, olivia those of alice only; peggy's account is new.
 */
export async function populate(world: World): Promise<void> {
  const { people, records, clock } = world.stage
  records.known.set(knownPost.uri, {
    $type: 'app.bsky.embed.record#viewRecord',
    ...knownPost,
    author: { did: world.actors.alice.did, handle: 'alice.test' },
    value: { $type: 'app.bsky.feed.post', text: canary },
    indexedAt: '2026-11-22T00:00:00.000Z',
  })
  await playFriends(world)
  await playRequests(world)
  await playGroups(world)
  await playFullGroup(world)
  const { alice, bob, frank, grace, heidi, ivan, mallory, olivia, peggy } = world.actors
  people.block(frank.did, alice.did)
  people.block(bob.did, grace.did)
  people.remove(ivan.did)
  people.add(mallory.did, { handle: 'mallory.test', allowIncoming: 'none' })
  people.add(olivia.did, { handle: 'olivia.test', allowIncoming: 'following' })
  people.follow(olivia.did, alice.did)
  const createdAt = new Date(clock.now()).toISOString()
  people.add(peggy.did, { handle: 'peggy.test', allowIncoming: 'all', createdAt })
  await play(world, 'trent', 'moderation.updateActorAccess', { actor: heidi.did, allowAccess: false })
}

/** Accepted on both sides, with a history; the busy have no reaction left. The rest are strangers to alice. */
async function playFriends(world: World): Promise<void> {
  for (const friend of ['bob', 'carla', 'dave', 'frank', 'grace', 'heidi', 'ivan'] as const) {
    const convoId = await openConvo(world, 'alice', friend)
    const first = await say(world, 'alice', convoId, 'hello')
    await say(world, friend, convoId, 'and hello to you', { replyTo: { messageId: first.id } })
    for (const value of theBusy.includes(friend) ? ['👍', '❤️', '😆', '👀', '😢'] : ['👍'])
      await play(world, friend, 'convo.addReaction', { convoId, messageId: first.id, value })
    await say(world, 'alice', convoId, 'look', {
      embed: { $type: 'app.bsky.embed.record', record: knownPost },
    })
    await play(world, 'alice', 'convo.deleteMessageForSelf', { convoId, messageId: first.id })
  }
}

/** Convos that their recipient has not accepted, one that somebody left, one that somebody muted, an empty one. */
async function playRequests(world: World): Promise<void> {
  for (const [from, to] of [
    ['bob', 'carla'],
    ['bob', 'dave'],
    ['bob', 'erin'],
    ['carla', 'erin'],
    ['dave', 'grace'],
  ] as const) {
    const convoId = await openConvo(world, from, to)
    await say(world, from, convoId, 'may I?')
    if (to === 'grace') await play(world, to, 'convo.leaveConvo', { convoId })
    if (to === 'dave') await play(world, to, 'convo.muteConvo', { convoId })
  }
  await openConvo(world, 'carla', 'dave')
}

/** Groups in every state, each with a link and a history. */
async function playGroups(world: World): Promise<void> {
  const begin = async (owner: Name, name: string) => {
    const others = (['bob', 'carla', 'dave', 'erin', 'grace'] as const).filter(other => other !== owner)
    const convoId = await beginGroup(world, owner, {
      name,
      members: others.map(other => world.actors[other].did),
    })
    await play(world, 'dave', 'convo.acceptConvo', { convoId })
    await say(world, owner, convoId, 'hello all')
    await say(world, 'dave', convoId, 'hello')
    return convoId
  }

  const open = await begin('alice', 'open')
  const openCode = await makeLink(world, 'alice', open)
  await play(world, 'judy', 'group.requestJoin', { code: openCode })
  const { erin } = world.actors
  await play(world, 'alice', 'group.removeMembers', { convoId: open, members: [erin.did] })

  const byApproval = await begin('bob', 'by approval')
  const code = await makeLink(world, 'bob', byApproval, true)
  for (const asking of ['olivia', 'niaj', 'judy'] as const)
    await play(world, asking, 'group.requestJoin', { code })

  const locked = await begin('carla', 'locked')
  await makeLink(world, 'carla', locked)
  await play(world, 'carla', 'convo.lockConvo', { convoId: locked })

  const unlinked = await begin('carla', 'link disabled')
  await makeLink(world, 'carla', unlinked)
  await play(world, 'carla', 'group.disableJoinLink', { convoId: unlinked })

  for (const ownerInTrouble of ['heidi', 'ivan'] as const)
    await makeLink(world, ownerInTrouble, await begin(ownerInTrouble, 'without its owner'), true)

  const ended = await beginGroup(world, 'erin', { name: 'ended', members: [world.actors.bob.did] })
  await say(world, 'erin', ended, 'goodbye')
  await play(world, 'erin', 'convo.lockConvo', { convoId: ended })
  await play(world, 'erin', 'convo.leaveConvo', { convoId: ended })
}

/** Nobody else finds room, and two wait all the same. */
async function playFullGroup(world: World): Promise<void> {
  const convoId = await beginGroup(world, 'alice', { name: 'full', members: theCrowd })
  const code = await makeLink(world, 'alice', convoId, true)
  for (const asking of ['oscar', 'olivia'] as const) await play(world, asking, 'group.requestJoin', { code })
  const { bob, carla } = world.actors
  await play(world, 'alice', 'group.addMembers', { convoId, members: [bob.did, carla.did] })
}
