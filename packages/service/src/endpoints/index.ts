import type { Endpoint } from '../xrpc/endpoint.ts'
import type { Subscription } from '../xrpc/subscription.ts'
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
import { muteConvo } from './chat/bsky/convo/muteConvo.ts'
import { removeReaction } from './chat/bsky/convo/removeReaction.ts'
import { sendMessage } from './chat/bsky/convo/sendMessage.ts'
import { sendMessageBatch } from './chat/bsky/convo/sendMessageBatch.ts'
import { unmuteConvo } from './chat/bsky/convo/unmuteConvo.ts'
import { updateAllRead } from './chat/bsky/convo/updateAllRead.ts'
import { updateRead } from './chat/bsky/convo/updateRead.ts'

/** Every method that this service answers: its table of contents. */
export const endpoints: readonly Endpoint[] = [
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
  muteConvo,
  removeReaction,
  sendMessage,
  sendMessageBatch,
  unmuteConvo,
  updateAllRead,
  updateRead,
]

/** And every one that it answers with a stream of messages. */
export const subscriptions: readonly Subscription[] = []
