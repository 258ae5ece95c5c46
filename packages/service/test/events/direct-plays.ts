import { acceptConvo } from '../../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../../src/endpoints/chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from '../../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { leaveConvo } from '../../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { muteConvo } from '../../src/endpoints/chat/bsky/convo/muteConvo.ts'
import { removeReaction } from '../../src/endpoints/chat/bsky/convo/removeReaction.ts'
import { sendMessage } from '../../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { sendMessageBatch } from '../../src/endpoints/chat/bsky/convo/sendMessageBatch.ts'
import { unmuteConvo } from '../../src/endpoints/chat/bsky/convo/unmuteConvo.ts'
import { updateAllRead } from '../../src/endpoints/chat/bsky/convo/updateAllRead.ts'
import { updateRead } from '../../src/endpoints/chat/bsky/convo/updateRead.ts'
import { openConvo, type Stage, say } from '../stage.ts'
import type { Scene } from './scene.ts'

/** What `ada` and `ben` do in a direct convo; `ada` acts unless it says otherwise. */

/** A scene between two, or what they do next when something was done before. */
export type Pair = Required<Pick<Scene, 'actor' | 'convoId'>> & { other: Scene['actor'] }

/** They know each other: both have written, accepted and read. */
export async function pair(set: Stage): Promise<Pair> {
  const [actor, other] = [set.actor('ada'), set.actor('ben')]
  const convoId = (await openConvo(actor, other)).id
  await say(actor, { id: convoId }, 'hello')
  await say(other, { id: convoId }, 'hello yourself')
  await actor.call(updateRead, { convoId })
  return { actor, other, convoId }
}

/** Ben has written to Ada, who has not answered. */
async function knocked(set: Stage): Promise<Pair> {
  const [actor, other] = [set.actor('ada'), set.actor('ben')]
  const convoId = (await openConvo(other, actor)).id
  await say(other, { id: convoId }, 'may I come in?')
  return { actor, other, convoId }
}

async function lastMessage({ other, convoId }: Pair): Promise<{ convoId: string; messageId: string }> {
  const { id } = await say(other, { id: convoId }, 'what do you say to this?')
  return { convoId, messageId: id }
}

function scene({ actor, other, convoId }: Pair, act: Scene['act']): Scene {
  return { actor, others: [other], convoId, act }
}

const simple = (act: (pair: Pair) => Promise<unknown>, before?: (pair: Pair) => Promise<unknown>) => {
  return async (set: Stage): Promise<Scene> => {
    const friends = await pair(set)
    await before?.(friends)
    return scene(friends, () => act(friends))
  }
}

/** About a message that Ben wrote; `before` is done to it first. */
const about = (act: About, before?: About) => {
  return async (set: Stage): Promise<Scene> => {
    const friends = await pair(set)
    const input = await lastMessage(friends)
    await before?.(friends, input)
    return scene(friends, () => act(friends, input))
  }
}
type About = (pair: Pair, input: { convoId: string; messageId: string }) => Promise<unknown>

const mute = ({ actor, convoId }: Pair) => actor.call(muteConvo, { convoId })
const unmute = ({ actor, convoId }: Pair) => actor.call(unmuteConvo, { convoId })
const leave = ({ actor, convoId }: Pair) => actor.call(leaveConvo, { convoId })
const readAll = ({ actor, convoId }: Pair) => actor.call(updateRead, { convoId })
const write = ({ actor, convoId }: Pair) => say(actor, { id: convoId }, 'a word')
const hide: About = ({ actor }, input) => actor.call(deleteMessageForSelf, input)
const like: About = ({ actor }, input) => actor.call(addReaction, { ...input, value: '👍' })
const unlike: About = ({ actor }, input) => actor.call(removeReaction, { ...input, value: '👍' })

function sendWithKey({ actor, convoId }: Pair) {
  return actor.call(sendMessage, { convoId, message: { text: 'only once' }, idempotencyKey: 'one' })
}

async function empty(set: Stage): Promise<Pair> {
  const [actor, other] = [set.actor('ada'), set.actor('ben')]
  return { actor, other, convoId: (await openConvo(actor, other)).id }
}

export const directPlays = {
  'getConvoForMembers: the first time': async set => {
    const [actor, other] = [set.actor('ada'), set.actor('ben')]
    return { actor, others: [other], act: () => openConvo(actor, other) }
  },
  'getConvoForMembers: again': simple(({ actor, other }) => openConvo(actor, other)),
  'getConvoForMembers: after leaving': simple(({ actor, other }) => openConvo(actor, other), leave),
  'sendMessage: the first in a direct convo': async set => {
    const strangers = await empty(set)
    return scene(strangers, () => write(strangers))
  },
  'sendMessage: a later one': simple(write),
  'sendMessage: with unread messages above': about(write),
  'sendMessage: answering a request': async set => {
    const strangers = await knocked(set)
    return scene(strangers, () => write(strangers))
  },
  'sendMessage: to one who left': simple(write, ({ other, convoId }) => other.call(leaveConvo, { convoId })),
  'sendMessage: again, by its idempotencyKey': simple(sendWithKey, sendWithKey),
  'sendMessageBatch: two messages': simple(({ actor, convoId }) => {
    const items = ['one', 'two'].map(text => ({ convoId, message: { text } }))
    return actor.call(sendMessageBatch, { items })
  }),
  'deleteMessageForSelf: the first time': about(hide),
  'deleteMessageForSelf: again': about(hide, hide),
  'addReaction: the first time': about(like),
  'addReaction: again': about(like, like),
  'removeReaction: one that is there': about(unlike, like),
  'removeReaction: one that is not there': about(unlike),
  'acceptConvo: the first time': async set => {
    const strangers = await knocked(set)
    const { actor, convoId } = strangers
    return scene(strangers, () => actor.call(acceptConvo, { convoId }))
  },
  'acceptConvo: again': simple(({ actor, convoId }) => actor.call(acceptConvo, { convoId })),
  'muteConvo: the first time': simple(mute),
  'muteConvo: again': simple(mute, mute),
  'unmuteConvo: the first time': simple(unmute, mute),
  'unmuteConvo: again': simple(unmute),
  'updateRead: with something unread': about(readAll),
  'updateRead: with nothing unread': simple(readAll),
  'updateRead: of an empty convo': async set => {
    const strangers = await empty(set)
    return scene(strangers, () => readAll(strangers))
  },
  'updateAllRead: one convo unread, one not': async set => {
    const friends = await pair(set)
    const third = set.actor('cleo')
    await say(friends.actor, await openConvo(friends.actor, third), 'nothing to read here')
    await lastMessage(friends)
    return scene(friends, () => friends.actor.call(updateAllRead, {}))
  },
  'leaveConvo: of a direct convo': simple(leave),
  'leaveConvo: of a direct convo, again': simple(leave, leave),
} satisfies Record<string, (set: Stage) => Promise<Scene>>
