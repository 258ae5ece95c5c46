import * as acceptConvo from '@atcute/bluesky/types/chat/convo/acceptConvo'
import * as addReaction from '@atcute/bluesky/types/chat/convo/addReaction'
import * as deleteMessageForSelf from '@atcute/bluesky/types/chat/convo/deleteMessageForSelf'
import * as getConvo from '@atcute/bluesky/types/chat/convo/getConvo'
import * as getConvoAvailability from '@atcute/bluesky/types/chat/convo/getConvoAvailability'
import * as getConvoForMembers from '@atcute/bluesky/types/chat/convo/getConvoForMembers'
import * as getConvoMembers from '@atcute/bluesky/types/chat/convo/getConvoMembers'
import * as getLog from '@atcute/bluesky/types/chat/convo/getLog'
import * as getMessages from '@atcute/bluesky/types/chat/convo/getMessages'
import * as getUnreadCounts from '@atcute/bluesky/types/chat/convo/getUnreadCounts'
import * as leaveConvo from '@atcute/bluesky/types/chat/convo/leaveConvo'
import * as listConvoRequests from '@atcute/bluesky/types/chat/convo/listConvoRequests'
import * as listConvos from '@atcute/bluesky/types/chat/convo/listConvos'
import * as lockConvo from '@atcute/bluesky/types/chat/convo/lockConvo'
import * as muteConvo from '@atcute/bluesky/types/chat/convo/muteConvo'
import * as removeReaction from '@atcute/bluesky/types/chat/convo/removeReaction'
import * as sendMessage from '@atcute/bluesky/types/chat/convo/sendMessage'
import * as sendMessageBatch from '@atcute/bluesky/types/chat/convo/sendMessageBatch'
import * as unlockConvo from '@atcute/bluesky/types/chat/convo/unlockConvo'
import * as unmuteConvo from '@atcute/bluesky/types/chat/convo/unmuteConvo'
import * as updateAllRead from '@atcute/bluesky/types/chat/convo/updateAllRead'
import * as updateRead from '@atcute/bluesky/types/chat/convo/updateRead'
import type { Actor, CallOptions, MethodTable } from './method.ts'

/** Who shall be in the conversation beside the account itself. */
export interface ActorsParam {
  members: Actor[]
}

/** A message, where it goes, and the key under which it is sent once. */
export interface SendMessageInput extends sendMessage.$input {
  /** Parley sends a message once for each key, however often it is asked; other services pay no heed. */
  idempotencyKey?: string
}

/** Up to a hundred messages that are sent together or not at all. */
export interface SendMessageBatchInput extends sendMessageBatch.$input {
  items: SendMessageInput[]
  /** For items without a key of their own, together with their place. */
  idempotencyKey?: string
}

/** Conversations and messages: `chat.bsky.convo.*`. */
export interface ConvoMethods {
  /** Conversations of the account, most recently changed first; pages with `cursor`. */
  listConvos(params?: listConvos.$params, options?: CallOptions): Promise<listConvos.$output>
  /** Conversations waiting to be accepted, and own requests to join groups. */
  listConvoRequests(
    params?: listConvoRequests.$params,
    options?: CallOptions,
  ): Promise<listConvoRequests.$output>
  /** One conversation. Throws `convo/not-found`, also for one that the account is not in. */
  getConvo(params: getConvo.$params, options?: CallOptions): Promise<getConvo.$output>
  /** The direct conversation with these people, begun if there is none. Handles are looked up. */
  getConvoForMembers(params: ActorsParam, options?: CallOptions): Promise<getConvoForMembers.$output>
  /** Whether these people can be messaged, and the conversation if there is one. Begins nothing. */
  getConvoAvailability(params: ActorsParam, options?: CallOptions): Promise<getConvoAvailability.$output>
  /** Members of a conversation, in order of joining. */
  getConvoMembers(params: getConvoMembers.$params, options?: CallOptions): Promise<getConvoMembers.$output>
  /** Messages of a conversation, newest first; pages backwards with `cursor`. */
  getMessages(params: getMessages.$params, options?: CallOptions): Promise<getMessages.$output>
  /** What happened in all conversations since `cursor`. Without one: nothing but the cursor of now. */
  getLog(params?: getLog.$params, options?: CallOptions): Promise<getLog.$output>
  /** How many conversations have something unread. */
  getUnreadCounts(params?: getUnreadCounts.$params, options?: CallOptions): Promise<getUnreadCounts.$output>
  /** Sends a message. Never repeated by itself: on failure see `delivered` of the error. */
  sendMessage(input: SendMessageInput, options?: CallOptions): Promise<sendMessage.$output>
  /** Sends up to 100 messages, to one conversation or several: all of them or none. */
  sendMessageBatch(input: SendMessageBatchInput, options?: CallOptions): Promise<sendMessageBatch.$output>
  /** Removes a message from the own view; others keep theirs. */
  deleteMessageForSelf(
    input: deleteMessageForSelf.$input,
    options?: CallOptions,
  ): Promise<deleteMessageForSelf.$output>
  /** Adds an emoji to a message. Adding it twice is adding it once. */
  addReaction(input: addReaction.$input, options?: CallOptions): Promise<addReaction.$output>
  /** Takes an own emoji back. */
  removeReaction(input: removeReaction.$input, options?: CallOptions): Promise<removeReaction.$output>
  /** Marks a conversation read, up to `messageId` or to its end. */
  updateRead(input: updateRead.$input, options?: CallOptions): Promise<updateRead.$output>
  /** Marks all conversations read, or those of one status. */
  updateAllRead(input?: updateAllRead.$input, options?: CallOptions): Promise<updateAllRead.$output>
  /** Moves a conversation from the requests to the accepted ones. */
  acceptConvo(input: acceptConvo.$input, options?: CallOptions): Promise<acceptConvo.$output>
  /** Leaves a conversation; its history is gone for the account. */
  leaveConvo(input: leaveConvo.$input, options?: CallOptions): Promise<leaveConvo.$output>
  /** No notifications and no unread count from this conversation. */
  muteConvo(input: muteConvo.$input, options?: CallOptions): Promise<muteConvo.$output>
  /** Undoes muteConvo. */
  unmuteConvo(input: unmuteConvo.$input, options?: CallOptions): Promise<unmuteConvo.$output>
  /** Closes a group for new messages. Owner only. */
  lockConvo(input: lockConvo.$input, options?: CallOptions): Promise<lockConvo.$output>
  /** Undoes lockConvo. */
  unlockConvo(input: unlockConvo.$input, options?: CallOptions): Promise<unlockConvo.$output>
}

export const convoMethods: MethodTable<ConvoMethods> = {
  listConvos: listConvos.mainSchema,
  listConvoRequests: listConvoRequests.mainSchema,
  getConvo: getConvo.mainSchema,
  getConvoForMembers: getConvoForMembers.mainSchema,
  getConvoAvailability: getConvoAvailability.mainSchema,
  getConvoMembers: getConvoMembers.mainSchema,
  getMessages: getMessages.mainSchema,
  getLog: getLog.mainSchema,
  getUnreadCounts: getUnreadCounts.mainSchema,
  sendMessage: sendMessage.mainSchema,
  sendMessageBatch: sendMessageBatch.mainSchema,
  deleteMessageForSelf: deleteMessageForSelf.mainSchema,
  addReaction: addReaction.mainSchema,
  removeReaction: removeReaction.mainSchema,
  updateRead: updateRead.mainSchema,
  updateAllRead: updateAllRead.mainSchema,
  acceptConvo: acceptConvo.mainSchema,
  leaveConvo: leaveConvo.mainSchema,
  muteConvo: muteConvo.mainSchema,
  unmuteConvo: unmuteConvo.mainSchema,
  lockConvo: lockConvo.mainSchema,
  unlockConvo: unlockConvo.mainSchema,
}
