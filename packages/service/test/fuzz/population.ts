import { call } from './call.ts'
import { knownPost } from './meanings.ts'
import type { FuzzRequest } from './request.ts'
import { canary } from './texts.ts'
import { type Name, theBusy, type World } from './world.ts'

/**
 * Who the world's accounts are to each other, played through the endpoints. A method that is not there is passed
 * over: fuzz.test.ts notices if nothing can be found for one that is.
 */
export async function populate(world: World): Promise<void> {
  const { people, records } = world.stage
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
  const { alice, bob, frank, grace, heidi, ivan, mallory, olivia } = world.actors
  people.block(frank.did, alice.did)
  people.block(bob.did, grace.did)
  people.remove(ivan.did)
  people.add(mallory.did, { handle: 'mallory.test', allowIncoming: 'none' })
  people.add(olivia.did, { handle: 'olivia.test', allowIncoming: 'following' })
  people.follow(olivia.did, alice.did)
  await world.stage.setDisabled(heidi, true)
}

/** Everybody but judy, mallory and olivia, who are strangers to alice: accepted on both sides, with a history; the busy have no reaction left. */
async function playFriends(world: World): Promise<void> {
  for (const friend of ['bob', 'carla', 'dave', 'frank', 'grace', 'heidi', 'ivan'] as const) {
    const { convo } = await play(world, 'alice', 'convo.getConvoForMembers', {
      members: [world.actors[friend].did],
    })
    const convoId = convo?.id
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
    const { convo } = await play(world, from, 'convo.getConvoForMembers', { members: [world.actors[to].did] })
    await say(world, from, convo?.id, 'may I?')
    if (to === 'grace') await play(world, to, 'convo.leaveConvo', { convoId: convo?.id })
    if (to === 'dave') await play(world, to, 'convo.muteConvo', { convoId: convo?.id })
  }
  await play(world, 'carla', 'convo.getConvoForMembers', { members: [world.actors.dave.did] })
}

/** A group with an open link, one with a link by approval that olivia waits at, one that is locked. */
async function playGroups(world: World): Promise<void> {
  const members = (['bob', 'carla', 'dave', 'erin', 'ivan'] as const).map(name => world.actors[name].did)
  for (const [place, owner] of (['alice', 'bob', 'carla'] as const).entries()) {
    const { convo } = await play(world, owner, 'group.createGroup', { name: `group ${place}`, members })
    const convoId = convo?.id
    if (!convoId) return
    await play(world, 'dave', 'convo.acceptConvo', { convoId })
    await say(world, owner, convoId, 'hello all')
    await say(world, 'dave', convoId, 'hello')
    const { joinLink } = await play(world, owner, 'group.createJoinLink', {
      convoId,
      joinRule: 'anyone',
      requireApproval: place === 1,
    })
    const joiner = place === 0 ? 'judy' : 'olivia'
    if (place < 2) await play(world, joiner, 'group.requestJoin', { code: joinLink?.code })
    else await play(world, owner, 'convo.lockConvo', { convoId })
  }
}

/** As much of an answer as the next step needs. */
interface Played {
  id?: string
  convo?: { id: string }
  joinLink?: { code: string }
}

async function play(world: World, caller: Name, method: string, given: object): Promise<Played> {
  const nsid = `chat.bsky.${method}`
  const isQuery = method === 'convo.getConvoForMembers'
  const request: FuzzRequest = {
    nsid,
    caller,
    credentials: 'good',
    verb: isQuery ? 'GET' : 'POST',
    query: isQuery ? new URLSearchParams(given as Record<string, string>).toString() : '',
    contentType: 'application/json',
    body: Buffer.from(isQuery ? '' : JSON.stringify(given)),
  }
  const { answer, text } = await call(world, request)
  if (answer?.status !== 200) return {}
  const played = JSON.parse(text) as Played
  world.known.learn(world.actors[caller].did, played, (given as { convoId?: string }).convoId ?? '')
  return played
}

function say(world: World, caller: Name, convoId: string | undefined, text: string, more: object = {}) {
  return play(world, caller, 'convo.sendMessage', {
    convoId,
    message: { text: `${text} ${canary}`, ...more },
  })
}
