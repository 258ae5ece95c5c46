/**
 * Who is told what: one row per action, in the order of behaviour.md 4. The tests play every row, and docs/events.md is
 * written from them. Whoever is in no column of a row is told nothing: strangers, and those who left.
 */

/** Those whom an action can concern, each with a log of their own. */
export type Audience = 'actor' | 'others' | 'owner' | 'subject'

export interface Row {
  /** Begins with the name of the method, where it is one. */
  action: string
  /** What comes into their logs, in order; types of `chat.bsky.convo.defs` without their `log`. */
  actor: readonly string[]
  /** Every other member, also one who has not accepted or has muted the convo. */
  others: readonly string[]
  /** Of the group. Absent where the owner acts, or is told what the other members are. */
  owner?: readonly string[]
  /** The one it is about: added, removed, asking to join. Absent where there is none, or it is the actor. */
  subject?: readonly string[]
  /** System messages that it leaves in the history; types of `chat.bsky.convo.defs` without their `systemMessageData`. */
  stored?: readonly string[]
  /** For whom of those who had the convo before its `rev` rises: it moves up in their list. */
  raises?: readonly Audience[]
  /** Events of `subscribeModEvents` without their `event`, with how it came where the event says so. */
  moderators?: readonly string[]
}

const all: readonly Audience[] = ['actor', 'others', 'owner', 'subject']
const nothing: readonly string[] = []
const read = ['ReadMessage', 'ReadConvo'] as const

const direct = [
  { action: 'getConvoForMembers: the first time', actor: ['BeginConvo'], others: nothing },
  { action: 'getConvoForMembers: again', actor: nothing, others: nothing },
  {
    action: 'getConvoForMembers: after leaving',
    actor: ['BeginConvo'],
    others: nothing,
    raises: ['actor'],
  },
  {
    action: 'sendMessage: the first in a direct convo',
    actor: ['CreateMessage'],
    others: ['BeginConvo', 'CreateMessage'],
    raises: ['actor'],
    moderators: ['ConvoFirstMessage'],
  },
  { action: 'sendMessage: a later one', actor: ['CreateMessage'], others: ['CreateMessage'], raises: all },
  {
    action: 'sendMessage: with unread messages above',
    actor: ['CreateMessage', ...read],
    others: ['CreateMessage'],
    raises: all,
  },
  {
    action: 'sendMessage: answering a request',
    actor: ['AcceptConvo', 'CreateMessage', ...read],
    others: ['CreateMessage'],
    raises: all,
    moderators: ['ChatAccepted: message'],
  },
  {
    action: 'sendMessage: to one who left',
    actor: ['CreateMessage'],
    others: ['CreateMessage'],
    raises: all,
  },
  { action: 'sendMessage: again, by its idempotencyKey', actor: nothing, others: nothing },
  {
    action: 'sendMessageBatch: two messages',
    actor: ['CreateMessage', 'CreateMessage'],
    others: ['CreateMessage', 'CreateMessage'],
    raises: all,
  },
  { action: 'deleteMessageForSelf: the first time', actor: ['DeleteMessage'], others: nothing },
  { action: 'deleteMessageForSelf: again', actor: nothing, others: nothing },
  { action: 'addReaction: the first time', actor: ['AddReaction'], others: ['AddReaction'] },
  { action: 'addReaction: again', actor: nothing, others: nothing },
  { action: 'removeReaction: one that is there', actor: ['RemoveReaction'], others: ['RemoveReaction'] },
  { action: 'removeReaction: one that is not there', actor: nothing, others: nothing },
  {
    action: 'acceptConvo: the first time',
    actor: ['AcceptConvo'],
    others: nothing,
    moderators: ['ChatAccepted: explicit'],
  },
  { action: 'acceptConvo: again', actor: nothing, others: nothing },
  { action: 'muteConvo: the first time', actor: ['MuteConvo'], others: nothing },
  { action: 'muteConvo: again', actor: nothing, others: nothing },
  { action: 'unmuteConvo: the first time', actor: ['UnmuteConvo'], others: nothing },
  { action: 'unmuteConvo: again', actor: nothing, others: nothing },
  { action: 'updateRead: with something unread', actor: read, others: nothing },
  { action: 'updateRead: with nothing unread', actor: read, others: nothing },
  { action: 'updateRead: of an empty convo', actor: nothing, others: nothing },
  { action: 'updateAllRead: one convo unread, one not', actor: read, others: nothing },
  { action: 'leaveConvo: of a direct convo', actor: ['LeaveConvo'], others: nothing, raises: ['actor'] },
  { action: 'leaveConvo: of a direct convo, again', actor: nothing, others: nothing },
] as const satisfies readonly Row[]

const groups = [
  {
    action: 'createGroup: with members',
    actor: ['BeginConvo'],
    others: ['BeginConvo'],
    moderators: ['GroupChatCreated'],
  },
  {
    action: 'sendMessage: the first in a group',
    actor: ['CreateMessage'],
    others: ['CreateMessage'],
    raises: all,
    moderators: ['ConvoFirstMessage'],
  },
  {
    action: 'acceptConvo: of a group',
    actor: ['AcceptConvo'],
    others: nothing,
    moderators: ['ChatAccepted: explicit'],
  },
  {
    action: 'sendMessage: by one invited',
    actor: ['AcceptConvo', 'CreateMessage', ...read],
    others: ['CreateMessage'],
    raises: all,
    moderators: ['ChatAccepted: message'],
  },
  {
    action: 'addReaction: to a message from before the subject joined',
    actor: ['AddReaction'],
    others: ['AddReaction'],
    subject: nothing,
  },
  {
    action: 'leaveConvo: of a group',
    actor: ['LeaveConvo'],
    others: ['MemberLeave'],
    stored: ['MemberLeave'],
    raises: ['others', 'owner'],
    moderators: ['GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'leaveConvo: of a group, by one invited',
    actor: ['LeaveConvo'],
    others: ['MemberLeave'],
    stored: ['MemberLeave'],
    raises: ['others', 'owner'],
    moderators: ['GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'leaveConvo: of a locked group by its owner, while the subject asks to join',
    actor: ['LeaveConvo'],
    others: ['LockConvoPermanently', 'MemberLeave'],
    subject: ['WithdrawOutgoingJoinRequest'],
    stored: ['LockConvoPermanently', 'MemberLeave'],
    raises: ['others'],
    moderators: ['GroupChatUpdated: locked_permanently', 'GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'leaveConvo: of a group that has ended',
    actor: ['LeaveConvo'],
    others: ['MemberLeave'],
    owner: nothing,
    stored: ['MemberLeave'],
    raises: ['others'],
    moderators: ['GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'addMembers: somebody new',
    actor: ['AddMember'],
    others: ['AddMember'],
    subject: ['BeginConvo', 'AddMember'],
    stored: ['AddMember'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatMemberAdded'],
  },
  {
    action: 'addMembers: the subject, and then one more',
    actor: ['AddMember', 'AddMember'],
    others: ['AddMember', 'AddMember'],
    subject: ['BeginConvo', 'AddMember', 'AddMember'],
    stored: ['AddMember', 'AddMember'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatMemberAdded', 'GroupChatMemberAdded'],
  },
  {
    action: 'addMembers: one who asks to join',
    actor: ['ApproveJoinRequest', 'AddMember'],
    others: ['AddMember'],
    subject: ['BeginConvo', 'AddMember'],
    stored: ['AddMember'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatMemberAdded'],
  },
  { action: 'addMembers: a member', actor: nothing, others: nothing },
  {
    action: 'removeMembers: a member',
    actor: ['RemoveMember'],
    others: ['RemoveMember'],
    subject: ['LeaveConvo'],
    stored: ['RemoveMember'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatMemberLeft: kicked'],
  },
  {
    action: 'removeMembers: the subject, and then one more',
    actor: ['RemoveMember', 'RemoveMember'],
    others: ['RemoveMember', 'RemoveMember'],
    subject: ['LeaveConvo'],
    stored: ['RemoveMember', 'RemoveMember'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatMemberLeft: kicked', 'GroupChatMemberLeft: kicked'],
  },
  { action: 'removeMembers: no member', actor: nothing, others: nothing, subject: nothing },
  {
    action: 'requestJoin: by a link for everybody',
    actor: ['BeginConvo', 'MemberJoin'],
    others: ['MemberJoin'],
    stored: ['MemberJoin'],
    raises: ['others', 'owner'],
    moderators: ['GroupChatMemberJoined'],
  },
  {
    action: 'requestJoin: by a link that needs approval',
    actor: ['OutgoingJoinRequest'],
    others: nothing,
    owner: ['IncomingJoinRequest'],
    raises: ['owner'],
    moderators: ['GroupChatJoinRequest'],
  },
  { action: 'requestJoin: again, while asking', actor: nothing, others: nothing, owner: nothing },
  {
    action: 'requestJoin: again, once the link needs no approval',
    actor: ['BeginConvo', 'MemberJoin'],
    others: ['MemberJoin'],
    owner: ['WithdrawIncomingJoinRequest', 'MemberJoin'],
    stored: ['MemberJoin'],
    raises: ['others', 'owner'],
    moderators: ['GroupChatMemberJoined'],
  },
  { action: 'requestJoin: by a member', actor: nothing, others: nothing },
  {
    action: 'approveJoinRequest: of one who asks',
    actor: ['ApproveJoinRequest', 'MemberJoin'],
    others: ['MemberJoin'],
    subject: ['BeginConvo', 'MemberJoin'],
    stored: ['MemberJoin'],
    raises: ['actor', 'others'],
    moderators: ['GroupChatJoinRequestApproved'],
  },
  { action: 'approveJoinRequest: of a member', actor: nothing, others: nothing, subject: nothing },
  {
    action: 'rejectJoinRequest: of one who asks',
    actor: ['RejectJoinRequest'],
    others: nothing,
    subject: nothing,
    raises: ['actor'],
    moderators: ['GroupChatJoinRequestRejected'],
  },
  { action: 'rejectJoinRequest: of nobody who asks', actor: nothing, others: nothing, subject: nothing },
  {
    action: 'withdrawJoinRequest: one’s own',
    actor: ['WithdrawOutgoingJoinRequest'],
    others: nothing,
    owner: ['WithdrawIncomingJoinRequest'],
    raises: ['owner'],
  },
  { action: 'updateJoinRequestsRead: with a new one', actor: ['ReadJoinRequests'], others: nothing },
  { action: 'updateJoinRequestsRead: with none', actor: nothing, others: nothing },
  {
    action: 'lockConvo: an open group',
    actor: ['LockConvo'],
    others: ['LockConvo'],
    stored: ['LockConvo'],
    moderators: ['GroupChatUpdated: locked'],
  },
  {
    action: 'unlockConvo: a locked group',
    actor: ['UnlockConvo'],
    others: ['UnlockConvo'],
    stored: ['UnlockConvo'],
    moderators: ['GroupChatUpdated: unlocked'],
  },
  { action: 'unlockConvo: an open group', actor: nothing, others: nothing },
  {
    action: 'editGroup: another name',
    actor: ['EditGroup'],
    others: ['EditGroup'],
    stored: ['EditGroup'],
    moderators: ['GroupChatUpdated: name_changed'],
  },
  { action: 'editGroup: the same name', actor: nothing, others: nothing },
  {
    action: 'createJoinLink: the first',
    actor: ['CreateJoinLink'],
    others: ['CreateJoinLink'],
    stored: ['CreateJoinLink'],
    moderators: ['GroupChatUpdated: join_link_created'],
  },
  {
    action: 'createJoinLink: in place of a disabled one',
    actor: ['CreateJoinLink'],
    others: ['CreateJoinLink'],
    stored: ['CreateJoinLink'],
    moderators: ['GroupChatUpdated: join_link_created'],
  },
  {
    action: 'editJoinLink: other settings',
    actor: ['EditJoinLink'],
    others: ['EditJoinLink'],
    stored: ['EditJoinLink'],
    moderators: ['GroupChatUpdated: join_link_settings_changed'],
  },
  { action: 'editJoinLink: the same settings', actor: nothing, others: nothing },
  {
    action: 'disableJoinLink: an enabled one',
    actor: ['DisableJoinLink'],
    others: ['DisableJoinLink'],
    stored: ['DisableJoinLink'],
    moderators: ['GroupChatUpdated: join_link_disabled'],
  },
  { action: 'disableJoinLink: a disabled one', actor: nothing, others: nothing },
  {
    action: 'enableJoinLink: a disabled one',
    actor: ['EnableJoinLink'],
    others: ['EnableJoinLink'],
    stored: ['EnableJoinLink'],
    moderators: ['GroupChatUpdated: join_link_settings_changed'],
  },
] as const satisfies readonly Row[]

const rest = [
  {
    action: 'deleteAccount: with a direct convo',
    actor: ['LeaveConvo'],
    others: nothing,
  },
  {
    action: 'deleteAccount: of a member of a group',
    actor: ['LeaveConvo'],
    others: ['MemberLeave'],
    stored: ['MemberLeave'],
    raises: ['others', 'owner'],
    moderators: ['GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'deleteAccount: of the owner of a group',
    actor: ['LeaveConvo'],
    others: ['LockConvoPermanently', 'MemberLeave'],
    stored: ['LockConvoPermanently', 'MemberLeave'],
    raises: ['others'],
    moderators: ['GroupChatUpdated: locked_permanently', 'GroupChatMemberLeft: voluntary'],
  },
  {
    action: 'deleteAccount: of one who asks to join',
    actor: ['WithdrawOutgoingJoinRequest'],
    others: nothing,
    owner: ['WithdrawIncomingJoinRequest'],
    raises: ['owner'],
  },
  { action: 'updateActorAccess: the actor’s chat is disabled', actor: nothing, others: nothing },
  { action: 'putPreferences: for notifications', actor: nothing, others: nothing },
  { action: 'an account changes its profile and its declaration', actor: nothing, others: nothing },
  { action: 'an account blocks another', actor: nothing, others: nothing },
  { action: 'an account is deactivated', actor: nothing, others: nothing },
  {
    action: 'an account exceeds a rate',
    actor: nothing,
    others: nothing,
    moderators: ['RateLimitExceeded'],
  },
] as const satisfies readonly Row[]

const rows = [...direct, ...groups, ...rest] as const

export type Action = (typeof rows)[number]['action']

/** The table, in sections. */
export const sections: readonly { title: string; rows: readonly (Row & { action: Action })[] }[] = [
  { title: 'Convos and messages', rows: direct },
  { title: 'Groups', rows: groups },
  { title: 'Accounts', rows: rest },
]
