import { acceptConvo } from '../../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../../src/endpoints/chat/bsky/convo/addReaction.ts'
import { leaveConvo } from '../../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { lockConvo } from '../../src/endpoints/chat/bsky/convo/lockConvo.ts'
import { unlockConvo } from '../../src/endpoints/chat/bsky/convo/unlockConvo.ts'
import { addMembers } from '../../src/endpoints/chat/bsky/group/addMembers.ts'
import { approveJoinRequest } from '../../src/endpoints/chat/bsky/group/approveJoinRequest.ts'
import { createGroup } from '../../src/endpoints/chat/bsky/group/createGroup.ts'
import { createJoinLink } from '../../src/endpoints/chat/bsky/group/createJoinLink.ts'
import { disableJoinLink } from '../../src/endpoints/chat/bsky/group/disableJoinLink.ts'
import { editGroup } from '../../src/endpoints/chat/bsky/group/editGroup.ts'
import { editJoinLink } from '../../src/endpoints/chat/bsky/group/editJoinLink.ts'
import { enableJoinLink } from '../../src/endpoints/chat/bsky/group/enableJoinLink.ts'
import { rejectJoinRequest } from '../../src/endpoints/chat/bsky/group/rejectJoinRequest.ts'
import { removeMembers } from '../../src/endpoints/chat/bsky/group/removeMembers.ts'
import { requestJoin } from '../../src/endpoints/chat/bsky/group/requestJoin.ts'
import { updateJoinRequestsRead } from '../../src/endpoints/chat/bsky/group/updateJoinRequestsRead.ts'
import { withdrawJoinRequest } from '../../src/endpoints/chat/bsky/group/withdrawJoinRequest.ts'
import { type Stage, say } from '../stage.ts'
import { byIvo, byMira, byOwner, bySam, type Do, type Group, group, newGroup, toSam } from './group-setup.ts'
import type { Scene } from './scene.ts'

const open: Do = ({ olga, convoId }) => {
  return olga.call(createJoinLink, { convoId, joinRule: 'anyone', requireApproval: false })
}
const guard: Do = ({ olga, convoId }) => olga.call(editJoinLink, { convoId, requireApproval: true })
const unguard: Do = ({ olga, convoId }) => olga.call(editJoinLink, { convoId, requireApproval: false })
const disable: Do = ({ olga, convoId }) => olga.call(disableJoinLink, { convoId })
const enable: Do = ({ olga, convoId }) => olga.call(enableJoinLink, { convoId })
/** The stage's first code. */
const join: Do = ({ sam }) => sam.call(requestJoin, { code: 'code000' })
export const asking = [open, guard, join]
const add: Do = ({ olga, convoId, sam }) => olga.call(addMembers, { convoId, members: [sam.did] })
const remove: Do = ({ olga, convoId, sam }) => olga.call(removeMembers, { convoId, members: [sam.did] })
const approve: Do = ({ olga, convoId, sam }) => olga.call(approveJoinRequest, { convoId, member: sam.did })
const reject: Do = ({ olga, convoId, sam }) => olga.call(rejectJoinRequest, { convoId, member: sam.did })
const lock: Do = ({ olga, convoId }) => olga.call(lockConvo, { convoId })
const unlock: Do = ({ olga, convoId }) => olga.call(unlockConvo, { convoId })
const end: Do = ({ olga, convoId }) => olga.call(leaveConvo, { convoId })
const lookAtRequests: Do = ({ olga, convoId }) => olga.call(updateJoinRequestsRead, { convoId })
const rename =
  (name: string): Do =>
  ({ olga, convoId }) =>
    olga.call(editGroup, { convoId, name })

export const groupPlays = {
  'createGroup: with members': async set => {
    const [actor, ...others] = [set.actor('olga'), set.actor('mira'), set.actor('ivo')]
    const members = others.map(({ did }) => did)
    return { actor, others, act: () => actor.call(createGroup, { name: 'Readers', members }) }
  },
  'sendMessage: the first in a group': async set => {
    const { olga: owner, mira: actor, ned, ivo, convoId } = await newGroup(set)
    return { actor, owner, others: [ned, ivo], convoId, act: () => say(actor, { id: convoId }, 'hello') }
  },
  'acceptConvo: of a group': byIvo(({ ivo, convoId }) => ivo.call(acceptConvo, { convoId })),
  'sendMessage: by one invited': byIvo(({ ivo, convoId }) => say(ivo, { id: convoId }, 'hello')),
  'addReaction: to a message from before the subject joined': async set => {
    const made = await group(set)
    const { olga: actor, mira, ned, ivo, sam, convoId } = made
    const { id: messageId } = await say(mira, { id: convoId }, 'before Sam was there')
    await add(made)
    const act = () => actor.call(addReaction, { convoId, messageId, value: '👍' })
    return { actor, others: [mira, ned, ivo], subject: sam, convoId, act }
  },
  'leaveConvo: of a group': byMira(({ mira, convoId }) => mira.call(leaveConvo, { convoId })),
  'leaveConvo: of a group, by one invited': byIvo(({ ivo, convoId }) => ivo.call(leaveConvo, { convoId })),
  'leaveConvo: of a locked group by its owner, while the subject asks to join': toSam(end, ...asking, lock),
  'leaveConvo: of a group that has ended': byMira(
    ({ mira, convoId }) => mira.call(leaveConvo, { convoId }),
    lock,
    end,
  ),
  'addMembers: somebody new': toSam(add),
  'addMembers: the subject, and then one more': async set => {
    const nora = set.actor('nora')
    return toSam(({ olga, convoId, sam }) => {
      return olga.call(addMembers, { convoId, members: [sam.did, nora.did] })
    })(set)
  },
  'addMembers: one who asks to join': toSam(add, ...asking),
  'addMembers: a member': byOwner(({ olga, convoId, mira }) => {
    return olga.call(addMembers, { convoId, members: [mira.did] })
  }),
  'removeMembers: a member': toSam(remove, add),
  'removeMembers: the subject, and then one more': async set => {
    const nora = set.actor('nora')
    const both = ({ convoId, sam }: Group) => ({ convoId, members: [sam.did, nora.did] })
    const addBoth: Do = made => made.olga.call(addMembers, both(made))
    return toSam(made => made.olga.call(removeMembers, both(made)), addBoth)(set)
  },
  'removeMembers: no member': toSam(remove),
  'requestJoin: by a link for everybody': bySam(join, open),
  'requestJoin: by a link that needs approval': bySam(join, open, guard),
  'requestJoin: again, while asking': bySam(join, ...asking),
  'requestJoin: again, once the link needs no approval': bySam(join, ...asking, unguard),
  'requestJoin: by a member': byMira(({ mira }) => mira.call(requestJoin, { code: 'code000' }), open),
  'approveJoinRequest: of one who asks': toSam(approve, ...asking),
  'approveJoinRequest: of a member': toSam(approve, add),
  'rejectJoinRequest: of one who asks': toSam(reject, ...asking),
  'rejectJoinRequest: of nobody who asks': toSam(reject),
  'withdrawJoinRequest: one’s own': bySam(
    ({ sam, convoId }) => sam.call(withdrawJoinRequest, { convoId }),
    ...asking,
  ),
  'updateJoinRequestsRead: with a new one': byOwner(lookAtRequests, ...asking),
  'updateJoinRequestsRead: with none': byOwner(lookAtRequests, ...asking, lookAtRequests),
  'lockConvo: an open group': byOwner(lock),
  'unlockConvo: a locked group': byOwner(unlock, lock),
  'unlockConvo: an open group': byOwner(unlock),
  'editGroup: another name': byOwner(rename('Writers')),
  'editGroup: the same name': byOwner(rename('Readers')),
  'createJoinLink: the first': byOwner(open),
  'createJoinLink: in place of a disabled one': byOwner(open, open, disable),
  'editJoinLink: other settings': byOwner(guard, open),
  'editJoinLink: the same settings': byOwner(unguard, open),
  'disableJoinLink: an enabled one': byOwner(disable, open),
  'disableJoinLink: a disabled one': byOwner(disable, open, disable),
  'enableJoinLink: a disabled one': byOwner(enable, open, disable),
} satisfies Record<string, (set: Stage) => Promise<Scene>>
