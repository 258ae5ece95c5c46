import { ok } from '@atcute/client'
import { type LoggedIn, send } from './account.ts'

/** Whom the scene is about; `alice` sees all that there is to see of groups. */
export interface Friends {
  alice: LoggedIn
  bob: LoggedIn
  carla: LoggedIn
}

/**
 * What the same people do in groups. Alice owns one, and everything that can happen to a group happens to it; she is a
 * member of Bob's until it ends, invited to another, and waits to be let into a third. After it her log has every kind of
 * event about groups, her history every system message, and the links that she was sent lead, lead no more, or never led.
 * @returns the code that leads to her group
 */
export async function playLivelyGroups(friends: Friends): Promise<string> {
  const readers = await own(friends)
  await comeAndGo(friends, readers)
  await rearrange(friends, readers)
  await belong(friends)
  await invite(friends, 'Poets')
  await wait(friends, readers)
  return readers.code
}

interface Group {
  convoId: string
  code: string
}

async function invite({ alice, bob }: Friends, name: string): Promise<string> {
  const input = { name, members: [alice.did] }
  return (await ok(bob.chat.post('chat.bsky.group.createGroup', { input }))).convo.id
}

async function openLink({ chat }: LoggedIn, convoId: string, requireApproval: boolean): Promise<Group> {
  const input = { convoId, joinRule: 'anyone', requireApproval }
  const { joinLink } = await ok(chat.post('chat.bsky.group.createJoinLink', { input }))
  return { convoId, code: joinLink.code }
}

/** Alice begins a group with Bob and makes a link. */
async function own({ alice, bob }: Friends): Promise<Group> {
  const input = { name: 'Readers', members: [bob.did] }
  const { convo } = await ok(alice.chat.post('chat.bsky.group.createGroup', { input }))
  const convoId = convo.id
  await ok(bob.chat.post('chat.bsky.convo.acceptConvo', { input: { convoId } }))
  const messageId = await send(bob, convoId, 'What do we read?')
  await ok(alice.chat.post('chat.bsky.convo.addReaction', { input: { convoId, messageId, value: '📚' } }))
  const message = { text: 'Something long', replyTo: { messageId } }
  await ok(alice.chat.post('chat.bsky.convo.sendMessage', { input: { convoId, message } }))
  return openLink(alice, convoId, false)
}

/** Carla joins by the link and leaves; asks, thinks better of it, is turned away, is let in; Bob is put out and taken in again. */
async function comeAndGo({ alice, bob, carla }: Friends, { convoId, code }: Group): Promise<void> {
  const join = () => ok(carla.chat.post('chat.bsky.group.requestJoin', { input: { code } }))
  await ok(carla.chat.get('chat.bsky.group.getJoinLinkPreviews', { params: { codes: [code] } }))
  await join()
  await send(carla, convoId, 'Hello, I read too')
  await ok(carla.chat.post('chat.bsky.convo.leaveConvo', { input: { convoId } }))

  await ok(alice.chat.post('chat.bsky.group.editJoinLink', { input: { convoId, requireApproval: true } }))
  await join()
  await ok(carla.chat.post('chat.bsky.group.withdrawJoinRequest', { input: { convoId } }))
  const aboutCarla = { input: { convoId, member: carla.did } }
  await join()
  await ok(alice.chat.post('chat.bsky.group.rejectJoinRequest', aboutCarla))
  await join()
  await ok(alice.chat.get('chat.bsky.group.listJoinRequests', { params: { convoId } }))
  await ok(alice.chat.post('chat.bsky.group.updateJoinRequestsRead', { input: { convoId } }))
  await ok(alice.chat.post('chat.bsky.group.approveJoinRequest', aboutCarla))

  const aboutBob = { input: { convoId, members: [bob.did] } }
  await ok(alice.chat.post('chat.bsky.group.removeMembers', aboutBob))
  await ok(alice.chat.post('chat.bsky.group.addMembers', aboutBob))
}

/** Alice renames the group, closes it and opens it again, and its link too. */
async function rearrange({ alice }: Friends, { convoId }: Group): Promise<void> {
  await ok(
    alice.chat.post('chat.bsky.group.editGroup', { input: { convoId, name: 'Readers of long books' } }),
  )
  await ok(alice.chat.post('chat.bsky.convo.lockConvo', { input: { convoId } }))
  await ok(alice.chat.post('chat.bsky.convo.unlockConvo', { input: { convoId } }))
  await ok(alice.chat.post('chat.bsky.group.disableJoinLink', { input: { convoId } }))
  await ok(alice.chat.post('chat.bsky.group.enableJoinLink', { input: { convoId } }))
}

/** Alice is in Bob's group, put out of it and in again: what he replies to is from before that. Then Bob ends it. */
async function belong(friends: Friends): Promise<void> {
  const { alice, bob } = friends
  const convoId = await invite(friends, 'Gardeners')
  const messageId = await send(bob, convoId, 'Only for those who are early')
  const aboutAlice = { input: { convoId, members: [alice.did] } }
  await ok(bob.chat.post('chat.bsky.group.removeMembers', aboutAlice))
  await ok(bob.chat.post('chat.bsky.group.addMembers', aboutAlice))
  const message = { text: 'As I said', replyTo: { messageId } }
  await ok(bob.chat.post('chat.bsky.convo.sendMessage', { input: { convoId, message } }))
  await send(alice, convoId, 'What did you say?')
  await ok(bob.chat.post('chat.bsky.convo.lockConvo', { input: { convoId } }))
  await ok(bob.chat.post('chat.bsky.convo.leaveConvo', { input: { convoId } }))
}

/** Alice asks to join a group of Bob's, twice; then he takes its link back. He has sent her links of all kinds. */
async function wait(friends: Friends, readers: Group): Promise<void> {
  const { alice, bob } = friends
  const input = { name: 'Cooks', members: [] }
  const { convo } = await ok(bob.chat.post('chat.bsky.group.createGroup', { input }))
  const { convoId, code } = await openLink(bob, convo.id, true)
  await ok(alice.chat.post('chat.bsky.group.requestJoin', { input: { code } }))
  await ok(alice.chat.post('chat.bsky.group.withdrawJoinRequest', { input: { convoId } }))
  await ok(alice.chat.post('chat.bsky.group.requestJoin', { input: { code } }))
  await ok(bob.chat.post('chat.bsky.group.disableJoinLink', { input: { convoId } }))

  const members = [alice.did]
  const direct = await ok(bob.chat.get('chat.bsky.convo.getConvoForMembers', { params: { members } }))
  const items = [readers.code, code, 'nowhere'].map(code => ({
    convoId: direct.convo.id,
    message: { text: 'Join us', embed: { $type: 'chat.bsky.embed.joinLink' as const, code } },
  }))
  await ok(bob.chat.post('chat.bsky.convo.sendMessageBatch', { input: { items } }))
}
