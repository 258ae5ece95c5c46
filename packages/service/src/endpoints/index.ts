import type { Endpoint } from '../xrpc/endpoint.ts'
import type { Subscription } from '../xrpc/subscription.ts'
import { deleteAccount } from './chat/bsky/actor/deleteAccount.ts'
import { exportAccountData } from './chat/bsky/actor/exportAccountData.ts'
import { getStatus } from './chat/bsky/actor/getStatus.ts'
import { acceptConvo } from './chat/bsky/convo/acceptConvo.ts'
import { addReaction } from './chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from './chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvo } from './chat/bsky/convo/getConvo.ts'
import { getConvoAvailability } from './chat/bsky/convo/getConvoAvailability.ts'
import { getConvoForMembers } from './chat/bsky/convo/getConvoForMembers.ts'
import { getConvoMembers } from './chat/bsky/convo/getConvoMembers.ts'
import { getLog } from './chat/bsky/convo/getLog.ts'
import { getMessages } from './chat/bsky/convo/getMessages.ts'
import { getUnreadCounts } from './chat/bsky/convo/getUnreadCounts.ts'
import { leaveConvo } from './chat/bsky/convo/leaveConvo.ts'
import { listConvoRequests } from './chat/bsky/convo/listConvoRequests.ts'
import { listConvos } from './chat/bsky/convo/listConvos.ts'
import { lockConvo } from './chat/bsky/convo/lockConvo.ts'
import { muteConvo } from './chat/bsky/convo/muteConvo.ts'
import { removeReaction } from './chat/bsky/convo/removeReaction.ts'
import { sendMessage } from './chat/bsky/convo/sendMessage.ts'
import { sendMessageBatch } from './chat/bsky/convo/sendMessageBatch.ts'
import { unlockConvo } from './chat/bsky/convo/unlockConvo.ts'
import { unmuteConvo } from './chat/bsky/convo/unmuteConvo.ts'
import { updateAllRead } from './chat/bsky/convo/updateAllRead.ts'
import { updateRead } from './chat/bsky/convo/updateRead.ts'
import { addMembers } from './chat/bsky/group/addMembers.ts'
import { approveJoinRequest } from './chat/bsky/group/approveJoinRequest.ts'
import { createGroup } from './chat/bsky/group/createGroup.ts'
import { createJoinLink } from './chat/bsky/group/createJoinLink.ts'
import { disableJoinLink } from './chat/bsky/group/disableJoinLink.ts'
import { editGroup } from './chat/bsky/group/editGroup.ts'
import { editJoinLink } from './chat/bsky/group/editJoinLink.ts'
import { enableJoinLink } from './chat/bsky/group/enableJoinLink.ts'
import { getJoinLinkPreviews } from './chat/bsky/group/getJoinLinkPreviews.ts'
import { listJoinRequests } from './chat/bsky/group/listJoinRequests.ts'
import { listMutualGroups } from './chat/bsky/group/listMutualGroups.ts'
import { rejectJoinRequest } from './chat/bsky/group/rejectJoinRequest.ts'
import { removeMembers } from './chat/bsky/group/removeMembers.ts'
import { requestJoin } from './chat/bsky/group/requestJoin.ts'
import { updateJoinRequestsRead } from './chat/bsky/group/updateJoinRequestsRead.ts'
import { withdrawJoinRequest } from './chat/bsky/group/withdrawJoinRequest.ts'
import { getActorMetadata } from './chat/bsky/moderation/getActorMetadata.ts'
import { getConvo as getModeratedConvo } from './chat/bsky/moderation/getConvo.ts'
import { getConvoMembers as getModeratedConvoMembers } from './chat/bsky/moderation/getConvoMembers.ts'
import { getConvos } from './chat/bsky/moderation/getConvos.ts'
import { getMessageContext } from './chat/bsky/moderation/getMessageContext.ts'
import { subscribeModEvents } from './chat/bsky/moderation/subscribeModEvents.ts'
import { updateActorAccess } from './chat/bsky/moderation/updateActorAccess.ts'
import { getPreferences } from './chat/bsky/notification/getPreferences.ts'
import { putPreferences } from './chat/bsky/notification/putPreferences.ts'
import { subscribeLog } from './chat/parley/convo/subscribeLog.ts'

/** Every method that this service answers: its table of contents. */
export const endpoints: readonly Endpoint[] = [
  deleteAccount,
  exportAccountData,
  getStatus,
  acceptConvo,
  addReaction,
  deleteMessageForSelf,
  getConvo,
  getConvoAvailability,
  getConvoForMembers,
  getConvoMembers,
  getLog,
  getMessages,
  getUnreadCounts,
  leaveConvo,
  listConvoRequests,
  listConvos,
  lockConvo,
  muteConvo,
  removeReaction,
  sendMessage,
  sendMessageBatch,
  unlockConvo,
  unmuteConvo,
  updateAllRead,
  updateRead,
  addMembers,
  approveJoinRequest,
  createGroup,
  createJoinLink,
  disableJoinLink,
  editGroup,
  editJoinLink,
  enableJoinLink,
  getJoinLinkPreviews,
  listJoinRequests,
  listMutualGroups,
  rejectJoinRequest,
  removeMembers,
  requestJoin,
  updateJoinRequestsRead,
  withdrawJoinRequest,
  getActorMetadata,
  getModeratedConvo,
  getModeratedConvoMembers,
  getConvos,
  getMessageContext,
  updateActorAccess,
  getPreferences,
  putPreferences,
]

/** The same for event streams. */
export const subscriptions: readonly Subscription[] = [subscribeLog, subscribeModEvents]
