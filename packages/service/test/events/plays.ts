import { deleteAccount } from '../../src/account/delete.ts'
import { putPreferences } from '../../src/endpoints/chat/bsky/notification/putPreferences.ts'
import { updateActorAccess } from '../../src/moderation/access.ts'
import { reportRateLimit } from '../../src/moderation/mod-events.ts'
import type { Actor, Stage } from '../stage.ts'
import { directPlays, pair } from './direct-plays.ts'
import { asking, groupPlays } from './group-plays.ts'
import { byMira, byOwner, bySam } from './group-setup.ts'
import type { Scene } from './scene.ts'
import type { Action } from './table.ts'

/** What happens to an account, Mira's in a group. */
function toMira(act: (set: Stage, mira: Actor) => unknown) {
  return (set: Stage): Promise<Scene> => byMira(async ({ mira }) => act(set, mira))(set)
}

/** What an account has in chats is deleted. */
async function withDeletion(preparing: Promise<Scene>, set: Stage): Promise<Scene> {
  const scene = await preparing
  return { ...scene, act: () => deleteAccount(set.ctx, scene.actor.did) }
}

const nothing = async () => {}

const accountPlays = {
  'deleteAccount: with a direct convo': async set => {
    const { actor, other, convoId } = await pair(set)
    return { actor, others: [other], convoId, act: () => deleteAccount(set.ctx, actor.did) }
  },
  'deleteAccount: of a member of a group': set => withDeletion(byMira(nothing)(set), set),
  'deleteAccount: of the owner of a group': set => withDeletion(byOwner(nothing)(set), set),
  'deleteAccount: of one who asks to join': set => withDeletion(bySam(nothing, ...asking)(set), set),
  'updateActorAccess: the actor’s chat is disabled': toMira((set, { did }) =>
    updateActorAccess(set.ctx, { actor: did, allowAccess: false }),
  ),
  'putPreferences: for notifications': toMira((_, mira) =>
    mira.call(putPreferences, { chat: { include: 'follows', push: false } }),
  ),
  'an account changes its profile and its declaration': toMira((set, { did }) =>
    set.people.add(did, { handle: 'mira.test', displayName: 'Mira the Great', allowIncoming: 'none' }),
  ),
  'an account blocks another': toMira((set, { did }) => set.people.block(did, set.actor('ivo').did)),
  'an account is deactivated': toMira((set, { did }) => set.people.remove(did)),
  'an account exceeds a rate': toMira((set, { did }) =>
    set.ctx.store.transact({}, tx => reportRateLimit(tx, did, 'chat.bsky.convo.sendMessage')),
  ),
} satisfies Record<string, (set: Stage) => Promise<Scene>>

/** How each action of the table comes about on a stage. */
export const plays: Record<Action, (set: Stage) => Promise<Scene>> = {
  ...directPlays,
  ...groupPlays,
  ...accountPlays,
}
