import type { Target } from './calls.ts'
import type { Mark, Part } from './situations.ts'
import { type Name, names, type World } from './world.ts'

/** What nobody may learn of who is not to see it. */
export const secret = { text: 'the text of the secret', groupName: 'the secret group' }

/** A code and an id that lead nowhere. */
export const nowhere = { code: 'zzzzzzz', id: '3kabcdefghi22' }

/** A convo of alice, or for strangers hers with carla, with a message of hers in it. */
export async function playDirect(world: World, part: Part, mark: Mark | undefined): Promise<Target> {
  const other = part === 'stranger' ? 'carla' : 'bob'
  const { convo } = await world.play('alice', 'convo.getConvoForMembers', { members: [world.did(other)] })
  const convoId = convo.id
  let messageId = nowhere.id
  if (part !== 'untold') messageId = await say(world, 'alice', convoId)
  if (part === 'member' || part === 'left') await takePart(world, convoId, messageId)
  if (part === 'left') await world.play('bob', 'convo.leaveConvo', { convoId })
  await setMark(world, mark, ['alice'])
  return { ...peopleOf(world), convoId, messageId, code: nowhere.code }
}

/** A group of alice, or of bob where he is the owner, with carla in it, a link, and erin who asks to join. */
export async function playGroup(
  world: World,
  part: Part,
  mark: Mark | undefined,
  after?: string,
): Promise<Target> {
  const isOwner = part === 'owner'
  const owner: Name = isOwner ? 'bob' : 'alice'
  const isOutside = part === 'stranger' || part === 'waiting'
  const invited: Name[] = isOwner ? ['alice', 'carla'] : isOutside ? ['carla'] : ['bob', 'carla']
  const { convo } = await world.play(owner, 'group.createGroup', {
    name: secret.groupName,
    members: invited.map(name => world.did(name)),
  })
  const convoId = convo.id
  const messageId = await say(world, owner, convoId)
  const { joinLink } = await world.play(owner, 'group.createJoinLink', {
    convoId,
    joinRule: 'anyone',
    requireApproval: true,
  })
  const { code } = joinLink
  for (const name of part === 'waiting' ? (['erin', 'bob'] as const) : (['erin'] as const))
    await world.play(name, 'group.requestJoin', { code })
  if (part !== 'invited' && !isOutside) await takePart(world, convoId, messageId)
  if (part === 'left') await world.play('bob', 'convo.leaveConvo', { convoId })
  if (part === 'removed')
    await world.play('alice', 'group.removeMembers', { convoId, members: [world.did('bob')] })
  if (after === 'disableJoinLink') await world.play(owner, 'group.disableJoinLink', { convoId })
  if (after === 'lockConvo' || mark === 'locked') await world.play(owner, 'convo.lockConvo', { convoId })
  await setMark(world, mark, isOwner ? names.filter(name => name !== 'bob') : ['alice'])
  return { ...peopleOf(world), convoId, messageId, code }
}

function peopleOf(world: World) {
  return {
    other: world.did('alice'),
    candidate: world.did('dave'),
    waiting: world.did('erin'),
    member: world.did('carla'),
  }
}

async function say(world: World, name: Name, convoId: string): Promise<string> {
  const { id } = await world.play(name, 'convo.sendMessage', { convoId, message: { text: secret.text } })
  return id
}

async function takePart(world: World, convoId: string, messageId: string): Promise<void> {
  await world.play('bob', 'convo.acceptConvo', { convoId })
  await world.play('bob', 'convo.addReaction', { convoId, messageId, value: '👍' })
}

async function setMark(world: World, mark: Mark | undefined, others: readonly Name[]): Promise<void> {
  const { people } = world.stage
  const bob = world.did('bob')
  for (const other of others) {
    if (mark === 'blocked') people.block(world.did(other), bob)
    if (mark === 'blocking') people.block(bob, world.did(other))
  }
  if (mark === 'disabled') await world.stage.setDisabled(world.actors.bob, true)
}
