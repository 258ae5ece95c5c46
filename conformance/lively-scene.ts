import { ok } from '@atcute/client'
import type { CanonicalResourceUri } from '@atcute/lexicons/syntax'
import type { Devnet } from '@parley/devnet'
import { type LoggedIn, logIn, openConvo, send } from './account.ts'
import { playLivelyGroups } from './lively-groups.ts'

/**
 * What people do in an afternoon, as seen by Alice: she and Bob talk with everything a message can have, Carla (who
 * lets nobody write to her) is let in, left and comes back, even after she has deleted all she had. Then come the groups.
 * Every method that accounts may call is called at least once.
 */
export async function playLivelyScene(net: Devnet): Promise<void> {
  const [alice, bob, carla] = await Promise.all([
    logIn(net, 'alice.test'),
    logIn(net, 'bob.test'),
    logIn(net, 'carla.test'),
  ])
  const convoId = await talk(alice, bob)
  await react(alice, bob, convoId)
  await tidyUp(alice, convoId)
  await knock(carla, alice)
  const code = await playLivelyGroups({ alice, bob, carla })
  await startAfresh(carla, alice, code)
  await lookAround(alice)
  await lookAtGroups(alice, bob)
}

/** Alice writes all kinds of messages to Bob, who accepts, reads and replies. */
async function talk(alice: LoggedIn, bob: LoggedIn): Promise<string> {
  const post = await publish(bob, 'Look at this')
  await ok(alice.chat.get('chat.bsky.convo.getConvoAvailability', { params: { members: [bob.did] } }))
  const convoId = await openConvo(alice, bob)
  await send(alice, convoId, 'Hello Bob')
  await ok(bob.chat.get('chat.bsky.convo.listConvoRequests', { params: { limit: 10 } }))
  await ok(bob.chat.post('chat.bsky.convo.acceptConvo', { input: { convoId } }))
  await sendAllKinds(alice, { convoId, post })
  const { messages } = await ok(bob.chat.get('chat.bsky.convo.getMessages', { params: { convoId } }))
  const replyTo = { messageId: messages.at(-1)!.id }
  const message = { text: 'Hello Alice', replyTo }
  await ok(bob.chat.post('chat.bsky.convo.sendMessage', { input: { convoId, message } }))
  await ok(bob.chat.post('chat.bsky.convo.updateRead', { input: { convoId, ...replyTo } }))
  return convoId
}

interface Post {
  uri: CanonicalResourceUri
  cid: string
}

async function publish({ pds, did }: LoggedIn, text: string): Promise<Post> {
  const collection = 'app.bsky.feed.post'
  const record = { $type: collection, text, createdAt: new Date().toISOString() }
  const { uri, cid } = await ok(
    pds.post('com.atproto.repo.createRecord', { input: { repo: did, collection, record } }),
  )
  return { uri: uri as CanonicalResourceUri, cid }
}

async function sendAllKinds({ chat, did }: LoggedIn, { convoId, post }: { convoId: string; post: Post }) {
  const text = 'Ask @alice.test about https://example.com'
  const gone = { ...post, uri: `${post.uri.slice(0, -13)}2222222222222` as CanonicalResourceUri }
  const facets = [
    {
      index: { byteStart: 4, byteEnd: 15 },
      features: [{ $type: 'app.bsky.richtext.facet#mention' as const, did }],
    },
    {
      index: { byteStart: 22, byteEnd: 41 },
      features: [{ $type: 'app.bsky.richtext.facet#link' as const, uri: 'https://example.com' as const }],
    },
  ]
  const messages = [
    { text, facets },
    { text: '', embed: { $type: 'app.bsky.embed.record' as const, record: post } },
    { text: 'And this?', embed: { $type: 'app.bsky.embed.record' as const, record: gone } },
    { text: 'Grüße 👩‍👩‍👧‍👦' },
  ]
  const items = messages.map(message => ({ convoId, message }))
  await ok(chat.post('chat.bsky.convo.sendMessageBatch', { input: { items } }))
}

async function react(alice: LoggedIn, bob: LoggedIn, convoId: string): Promise<void> {
  const params = { convoId, limit: 3 }
  const { messages } = await ok(alice.chat.get('chat.bsky.convo.getMessages', { params }))
  for (const { id: messageId } of messages) {
    for (const { chat } of [alice, bob]) {
      await ok(chat.post('chat.bsky.convo.addReaction', { input: { convoId, messageId, value: '👍' } }))
    }
    const input = { convoId, messageId, value: '❤️' }
    await ok(bob.chat.post('chat.bsky.convo.addReaction', { input }))
    await ok(bob.chat.post('chat.bsky.convo.removeReaction', { input }))
  }
}

/** Alice hides two of her messages, one of which has a reply, and has some peace. */
async function tidyUp({ chat }: LoggedIn, convoId: string): Promise<void> {
  const { messages } = await ok(chat.get('chat.bsky.convo.getMessages', { params: { convoId } }))
  for (const place of [1, -1]) {
    const input = { convoId, messageId: messages.at(place)!.id }
    await ok(chat.post('chat.bsky.convo.deleteMessageForSelf', { input }))
  }
  await ok(chat.post('chat.bsky.convo.muteConvo', { input: { convoId } }))
  await ok(chat.post('chat.bsky.convo.unmuteConvo', { input: { convoId } }))
  await ok(chat.post('chat.bsky.convo.updateRead', { input: { convoId } }))
}

/** A stranger writes, is accepted, is left, and writes again. */
async function knock(stranger: LoggedIn, host: LoggedIn): Promise<void> {
  const convoId = await openConvo(stranger, host)
  await send(stranger, convoId, 'May I come in?')
  await ok(host.chat.post('chat.bsky.convo.acceptConvo', { input: { convoId } }))
  await ok(host.chat.post('chat.bsky.convo.leaveConvo', { input: { convoId } }))
  await send(stranger, convoId, 'Is anybody there?')
}

/** Carla deletes all that she has in chats, has something to say again, and asks to be in Alice's group again. */
async function startAfresh(carla: LoggedIn, alice: LoggedIn, code: string): Promise<void> {
  await ok(carla.chat.post('chat.bsky.actor.deleteAccount', { as: 'json' }))
  await send(carla, await openConvo(carla, alice), 'Forget what I said')
  await ok(carla.chat.post('chat.bsky.group.requestJoin', { input: { code } }))
}

/** All that an inbox shows. */
async function lookAround({ chat }: LoggedIn): Promise<void> {
  await ok(chat.get('chat.bsky.actor.getStatus', {}))
  await ok(chat.get('chat.bsky.convo.getUnreadCounts', { params: {} }))
  await ok(chat.get('chat.bsky.convo.listConvoRequests', { params: {} }))
  const { convos } = await ok(chat.get('chat.bsky.convo.listConvos', { params: {} }))
  for (const { id: convoId } of convos) {
    await ok(chat.get('chat.bsky.convo.getConvo', { params: { convoId } }))
    await ok(chat.get('chat.bsky.convo.getConvoMembers', { params: { convoId } }))
    await ok(chat.get('chat.bsky.convo.getMessages', { params: { convoId } }))
  }
  await ok(chat.get('chat.bsky.convo.getLog', { params: {} }))
  await ok(chat.get('chat.bsky.convo.getLog', { params: { cursor: '2222222222222' } }))
  await ok(chat.post('chat.bsky.convo.updateAllRead', { input: {} }))
  const push = { include: 'all', push: false }
  await ok(chat.post('chat.bsky.notification.putPreferences', { input: { chatRequest: push } }))
  await ok(chat.get('chat.bsky.notification.getPreferences', {}))
  await ok(chat.get('chat.bsky.actor.exportAccountData', { as: 'bytes' }))
}

/** What those who have groups look at besides. */
async function lookAtGroups({ chat }: LoggedIn, other: LoggedIn): Promise<void> {
  const params = { subject: other.did }
  const { convos } = await ok(chat.get('chat.bsky.group.listMutualGroups', { params }))
  const codes = convos.flatMap(({ kind }) => (kind && 'joinLink' in kind && kind.joinLink?.code) || [])
  await ok(chat.get('chat.bsky.group.getJoinLinkPreviews', { params: { codes: [...codes, 'nowhere'] } }))
}
