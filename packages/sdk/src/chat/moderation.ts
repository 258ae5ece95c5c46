import * as getActorMetadata from '@atcute/bluesky/types/chat/moderation/getActorMetadata'
import * as getConvo from '@atcute/bluesky/types/chat/moderation/getConvo'
import * as getConvoMembers from '@atcute/bluesky/types/chat/moderation/getConvoMembers'
import * as getConvos from '@atcute/bluesky/types/chat/moderation/getConvos'
import * as getMessageContext from '@atcute/bluesky/types/chat/moderation/getMessageContext'
import * as updateActorAccess from '@atcute/bluesky/types/chat/moderation/updateActorAccess'
import type { Actor, CallOptions, MethodTable } from './method.ts'

/** The account that moderators ask about. */
export interface ActorParam {
  actor: Actor
}

/** Whether an account may chat. */
export interface ActorAccessInput {
  actor: Actor
  allowAccess: boolean
  /** Anything that helps to find out later why. */
  ref?: string
}

/** For moderation services: `chat.bsky.moderation.*`. Ordinary accounts are refused. */
export interface ModerationMethods {
  /** How much someone writes and is written to. A handle is looked up. */
  getActorMetadata(params: ActorParam, options?: CallOptions): Promise<getActorMetadata.$output>
  /** A conversation as a moderator sees it. */
  getConvo(params: getConvo.$params, options?: CallOptions): Promise<getConvo.$output>
  /** Up to 100 conversations; unknown ids are left out. */
  getConvos(params: getConvos.$params, options?: CallOptions): Promise<getConvos.$output>
  /** Members of a conversation. */
  getConvoMembers(params: getConvoMembers.$params, options?: CallOptions): Promise<getConvoMembers.$output>
  /** A reported message and those around it. */
  getMessageContext(
    params: getMessageContext.$params,
    options?: CallOptions,
  ): Promise<getMessageContext.$output>
  /** Takes the right to chat from someone or gives it back. A handle is looked up. */
  updateActorAccess(input: ActorAccessInput, options?: CallOptions): Promise<void>
}

export const moderationMethods: MethodTable<ModerationMethods> = {
  getActorMetadata: getActorMetadata.mainSchema,
  getConvo: getConvo.mainSchema,
  getConvos: getConvos.mainSchema,
  getConvoMembers: getConvoMembers.mainSchema,
  getMessageContext: getMessageContext.mainSchema,
  updateActorAccess: updateActorAccess.mainSchema,
}
