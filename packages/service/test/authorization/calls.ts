import type { Did } from '@atcute/lexicons/syntax'
import type { Given } from './world.ts'

/** What a call is about. */
export interface Target {
  convoId: string
  /** One that others may see and the caller may not. */
  messageId: string
  /** Of the group's link. */
  code: string
  /** In a direct convo the other side; in a group its owner, or a member where the caller is the owner. */
  other: Did
  /** No member of the group. */
  candidate: Did
  /** Asks to join the group. */
  waiting: Did
  /** Of the group, and neither the caller nor the owner. */
  member: Did
}

/** One good call of a method. */
export interface MatrixCall {
  given(target: Target): Given
  /** Its answer holds whichever convos the caller is to see: the matrix tells whether this one is among them. */
  lists?: true
  /** What the group's owner has to have done for the call to make sense. */
  after?: 'lockConvo' | 'disableJoinLink'
}

const message = { text: 'from outside' }
const value = '❤️'
const ofConvo = ({ convoId }: Target) => ({ convoId })
const ofMessage = ({ convoId, messageId }: Target) => ({ convoId, messageId })
const ofNothing = () => ({})
const fromTheBeginning = () => ({ cursor: '2222222222222' })

/** What the tables call a method: its NSID without `chat.bsky.`, or of our own without `chat.`. */
export function methodOf(nsid: string): string {
  return nsid.replace(/^chat\.(bsky\.)?/, '')
}

export function nsidOf(method: string): string {
  return method.startsWith('parley.') ? `chat.${method}` : `chat.bsky.${method}`
}

/** By `methodOf`. */
export const calls: Readonly<Record<string, MatrixCall>> = {
  'actor.deleteAccount': { given: ofNothing },
  'actor.exportAccountData': { given: ofNothing, lists: true },
  'actor.getStatus': { given: ofNothing },

  'convo.acceptConvo': { given: ofConvo },
  'convo.addReaction': { given: target => ({ ...ofMessage(target), value }) },
  'convo.deleteMessageForSelf': { given: ofMessage },
  'convo.getConvo': { given: ofConvo },
  'convo.getConvoAvailability': { given: ({ other }) => ({ members: [other] }), lists: true },
  'convo.getConvoForMembers': { given: ({ other }) => ({ members: [other] }) },
  'convo.getConvoMembers': { given: ofConvo },
  'convo.getLog': { given: fromTheBeginning, lists: true },
  'convo.getMessages': { given: ofConvo },
  'convo.getUnreadCounts': { given: ofNothing },
  'convo.leaveConvo': { given: ofConvo },
  'convo.listConvoRequests': { given: ofNothing, lists: true },
  'convo.listConvos': { given: ofNothing, lists: true },
  'convo.lockConvo': { given: ofConvo },
  'convo.muteConvo': { given: ofConvo },
  'convo.removeReaction': { given: target => ({ ...ofMessage(target), value: '👍' }) },
  'convo.sendMessage': { given: target => ({ ...ofConvo(target), message }) },
  'convo.sendMessageBatch': { given: target => ({ items: [{ ...ofConvo(target), message }] }) },
  'convo.unlockConvo': { given: ofConvo, after: 'lockConvo' },
  'convo.unmuteConvo': { given: ofConvo },
  'convo.updateAllRead': { given: () => ({ status: 'accepted' }) },
  'convo.updateRead': { given: ofMessage },

  'group.addMembers': { given: target => ({ ...ofConvo(target), members: [target.candidate] }) },
  'group.approveJoinRequest': { given: target => ({ ...ofConvo(target), member: target.waiting }) },
  'group.createGroup': { given: ({ other }) => ({ name: 'another', members: [other] }) },
  'group.createJoinLink': {
    given: target => ({ ...ofConvo(target), joinRule: 'anyone' }),
    after: 'disableJoinLink',
  },
  'group.disableJoinLink': { given: ofConvo },
  'group.editGroup': { given: target => ({ ...ofConvo(target), name: 'renamed' }) },
  'group.editJoinLink': { given: target => ({ ...ofConvo(target), joinRule: 'followedByOwner' }) },
  'group.enableJoinLink': { given: ofConvo, after: 'disableJoinLink' },
  'group.getJoinLinkPreviews': { given: ({ code }) => ({ codes: [code] }), lists: true },
  'group.listJoinRequests': { given: ofConvo },
  'group.listMutualGroups': { given: ({ other }) => ({ subject: other }), lists: true },
  'group.rejectJoinRequest': { given: target => ({ ...ofConvo(target), member: target.waiting }) },
  'group.removeMembers': { given: target => ({ ...ofConvo(target), members: [target.member] }) },
  'group.requestJoin': { given: ({ code }) => ({ code }) },
  'group.updateJoinRequestsRead': { given: ofConvo },
  'group.withdrawJoinRequest': { given: ofConvo },

  'moderation.getActorMetadata': { given: ({ other }) => ({ actor: other }) },
  'moderation.getConvo': { given: ofConvo },
  'moderation.getConvoMembers': { given: ofConvo },
  'moderation.getConvos': { given: ({ convoId }) => ({ convoIds: [convoId] }), lists: true },
  'moderation.getMessageContext': { given: ofMessage },
  'moderation.subscribeModEvents': { given: fromTheBeginning, lists: true },
  'moderation.updateActorAccess': { given: ({ other }) => ({ actor: other, allowAccess: false }) },

  'notification.getPreferences': { given: ofNothing },
  'notification.putPreferences': { given: () => ({ chat: { include: 'all', push: false } }) },

  'parley.convo.subscribeLog': { given: fromTheBeginning, lists: true },
}
