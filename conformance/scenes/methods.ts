import type {
  ChatBskyActorDeleteAccount,
  ChatBskyActorGetStatus,
  ChatBskyConvoAcceptConvo,
  ChatBskyConvoAddReaction,
  ChatBskyConvoDeleteMessageForSelf,
  ChatBskyConvoGetConvo,
  ChatBskyConvoGetConvoAvailability,
  ChatBskyConvoGetConvoForMembers,
  ChatBskyConvoGetConvoMembers,
  ChatBskyConvoGetLog,
  ChatBskyConvoGetMessages,
  ChatBskyConvoGetUnreadCounts,
  ChatBskyConvoLeaveConvo,
  ChatBskyConvoListConvoRequests,
  ChatBskyConvoListConvos,
  ChatBskyConvoLockConvo,
  ChatBskyConvoMuteConvo,
  ChatBskyConvoRemoveReaction,
  ChatBskyConvoSendMessage,
  ChatBskyConvoSendMessageBatch,
  ChatBskyConvoUnlockConvo,
  ChatBskyConvoUnmuteConvo,
  ChatBskyConvoUpdateAllRead,
  ChatBskyConvoUpdateRead,
  ChatBskyGroupAddMembers,
  ChatBskyGroupApproveJoinRequest,
  ChatBskyGroupCreateGroup,
  ChatBskyGroupCreateJoinLink,
  ChatBskyGroupDisableJoinLink,
  ChatBskyGroupEditGroup,
  ChatBskyGroupEditJoinLink,
  ChatBskyGroupEnableJoinLink,
  ChatBskyGroupGetJoinLinkPreviews,
  ChatBskyGroupListJoinRequests,
  ChatBskyGroupListMutualGroups,
  ChatBskyGroupRejectJoinRequest,
  ChatBskyGroupRemoveMembers,
  ChatBskyGroupRequestJoin,
  ChatBskyGroupUpdateJoinRequestsRead,
  ChatBskyGroupWithdrawJoinRequest,
  ChatBskyNotificationGetPreferences,
  ChatBskyNotificationPutPreferences,
} from '@atproto/api'
import { lexicons } from '@atproto/api'

/** The methods that scenes call, by the last part of their NSIDs: the params or the input, and the answer. */
export interface Methods extends ActorMethods, ConvoMethods, GroupMethods, NotificationMethods {}

/** `chat.bsky.actor.*` */
interface ActorMethods {
  deleteAccount(): Promise<ChatBskyActorDeleteAccount.OutputSchema>
  getStatus(): Promise<ChatBskyActorGetStatus.OutputSchema>
}

/** `chat.bsky.notification.*` */
interface NotificationMethods {
  getPreferences(): Promise<ChatBskyNotificationGetPreferences.OutputSchema>
  putPreferences(
    input: ChatBskyNotificationPutPreferences.InputSchema,
  ): Promise<ChatBskyNotificationPutPreferences.OutputSchema>
}

/** `chat.bsky.convo.*` */
interface ConvoMethods {
  acceptConvo(input: ChatBskyConvoAcceptConvo.InputSchema): Promise<ChatBskyConvoAcceptConvo.OutputSchema>
  addReaction(input: ChatBskyConvoAddReaction.InputSchema): Promise<ChatBskyConvoAddReaction.OutputSchema>
  deleteMessageForSelf(
    input: ChatBskyConvoDeleteMessageForSelf.InputSchema,
  ): Promise<ChatBskyConvoDeleteMessageForSelf.OutputSchema>
  getConvo(params: ChatBskyConvoGetConvo.QueryParams): Promise<ChatBskyConvoGetConvo.OutputSchema>
  getConvoAvailability(
    params: ChatBskyConvoGetConvoAvailability.QueryParams,
  ): Promise<ChatBskyConvoGetConvoAvailability.OutputSchema>
  getConvoForMembers(
    params: ChatBskyConvoGetConvoForMembers.QueryParams,
  ): Promise<ChatBskyConvoGetConvoForMembers.OutputSchema>
  getConvoMembers(
    params: ChatBskyConvoGetConvoMembers.QueryParams,
  ): Promise<ChatBskyConvoGetConvoMembers.OutputSchema>
  getLog(params?: ChatBskyConvoGetLog.QueryParams): Promise<ChatBskyConvoGetLog.OutputSchema>
  getMessages(params: ChatBskyConvoGetMessages.QueryParams): Promise<ChatBskyConvoGetMessages.OutputSchema>
  getUnreadCounts(
    params?: ChatBskyConvoGetUnreadCounts.QueryParams,
  ): Promise<ChatBskyConvoGetUnreadCounts.OutputSchema>
  leaveConvo(input: ChatBskyConvoLeaveConvo.InputSchema): Promise<ChatBskyConvoLeaveConvo.OutputSchema>
  listConvoRequests(
    params?: ChatBskyConvoListConvoRequests.QueryParams,
  ): Promise<ChatBskyConvoListConvoRequests.OutputSchema>
  listConvos(params?: ChatBskyConvoListConvos.QueryParams): Promise<ChatBskyConvoListConvos.OutputSchema>
  lockConvo(input: ChatBskyConvoLockConvo.InputSchema): Promise<ChatBskyConvoLockConvo.OutputSchema>
  muteConvo(input: ChatBskyConvoMuteConvo.InputSchema): Promise<ChatBskyConvoMuteConvo.OutputSchema>
  removeReaction(
    input: ChatBskyConvoRemoveReaction.InputSchema,
  ): Promise<ChatBskyConvoRemoveReaction.OutputSchema>
  sendMessage(input: ChatBskyConvoSendMessage.InputSchema): Promise<ChatBskyConvoSendMessage.OutputSchema>
  sendMessageBatch(
    input: ChatBskyConvoSendMessageBatch.InputSchema,
  ): Promise<ChatBskyConvoSendMessageBatch.OutputSchema>
  unlockConvo(input: ChatBskyConvoUnlockConvo.InputSchema): Promise<ChatBskyConvoUnlockConvo.OutputSchema>
  unmuteConvo(input: ChatBskyConvoUnmuteConvo.InputSchema): Promise<ChatBskyConvoUnmuteConvo.OutputSchema>
  updateAllRead(
    input: ChatBskyConvoUpdateAllRead.InputSchema,
  ): Promise<ChatBskyConvoUpdateAllRead.OutputSchema>
  updateRead(input: ChatBskyConvoUpdateRead.InputSchema): Promise<ChatBskyConvoUpdateRead.OutputSchema>
}

/** `chat.bsky.group.*` */
interface GroupMethods {
  addMembers(input: ChatBskyGroupAddMembers.InputSchema): Promise<ChatBskyGroupAddMembers.OutputSchema>
  approveJoinRequest(
    input: ChatBskyGroupApproveJoinRequest.InputSchema,
  ): Promise<ChatBskyGroupApproveJoinRequest.OutputSchema>
  createGroup(input: ChatBskyGroupCreateGroup.InputSchema): Promise<ChatBskyGroupCreateGroup.OutputSchema>
  createJoinLink(
    input: Partial<Pick<ChatBskyGroupCreateJoinLink.InputSchema, 'requireApproval'>> &
      Omit<ChatBskyGroupCreateJoinLink.InputSchema, 'requireApproval'>,
  ): Promise<ChatBskyGroupCreateJoinLink.OutputSchema>
  disableJoinLink(
    input: ChatBskyGroupDisableJoinLink.InputSchema,
  ): Promise<ChatBskyGroupDisableJoinLink.OutputSchema>
  editGroup(input: ChatBskyGroupEditGroup.InputSchema): Promise<ChatBskyGroupEditGroup.OutputSchema>
  editJoinLink(input: ChatBskyGroupEditJoinLink.InputSchema): Promise<ChatBskyGroupEditJoinLink.OutputSchema>
  enableJoinLink(
    input: ChatBskyGroupEnableJoinLink.InputSchema,
  ): Promise<ChatBskyGroupEnableJoinLink.OutputSchema>
  getJoinLinkPreviews(
    params: ChatBskyGroupGetJoinLinkPreviews.QueryParams,
  ): Promise<ChatBskyGroupGetJoinLinkPreviews.OutputSchema>
  listJoinRequests(
    params: ChatBskyGroupListJoinRequests.QueryParams,
  ): Promise<ChatBskyGroupListJoinRequests.OutputSchema>
  listMutualGroups(
    params: ChatBskyGroupListMutualGroups.QueryParams,
  ): Promise<ChatBskyGroupListMutualGroups.OutputSchema>
  rejectJoinRequest(
    input: ChatBskyGroupRejectJoinRequest.InputSchema,
  ): Promise<ChatBskyGroupRejectJoinRequest.OutputSchema>
  removeMembers(
    input: ChatBskyGroupRemoveMembers.InputSchema,
  ): Promise<ChatBskyGroupRemoveMembers.OutputSchema>
  requestJoin(input: ChatBskyGroupRequestJoin.InputSchema): Promise<ChatBskyGroupRequestJoin.OutputSchema>
  updateJoinRequestsRead(
    input: ChatBskyGroupUpdateJoinRequestsRead.InputSchema,
  ): Promise<ChatBskyGroupUpdateJoinRequestsRead.OutputSchema>
  withdrawJoinRequest(
    input: ChatBskyGroupWithdrawJoinRequest.InputSchema,
  ): Promise<ChatBskyGroupWithdrawJoinRequest.OutputSchema>
}

export interface Method {
  nsid: string
  kind: 'query' | 'procedure'
  /** A procedure may take nothing at all. */
  takesInput: boolean
}

/** Calls one method: with the params of a query, or the input of a procedure. */
export type Call = (method: Method, given: Record<string, unknown>) => Promise<unknown>

const methods: readonly Method[] = [...lexicons]
  .filter(({ id }) => /^chat\.bsky\.(actor|convo|group|notification)\./.test(id))
  .flatMap(({ id: nsid, defs }): Method[] => {
    const { main } = defs
    if (main?.type === 'query') return [{ nsid, kind: main.type, takesInput: false }]
    if (main?.type !== 'procedure') return []
    return [{ nsid, kind: main.type, takesInput: main.input !== undefined }]
  })

export function methodsBy(call: Call): Methods {
  const named = methods.map(method => [
    method.nsid.split('.').at(-1),
    (given: Record<string, unknown> = {}) => call(method, given),
  ])
  return Object.fromEntries(named) as Methods
}
