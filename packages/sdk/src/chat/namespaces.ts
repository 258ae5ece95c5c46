import { type ActorMethods, actorMethods } from './actor.ts'
import { type ConvoMethods, convoMethods } from './convo.ts'
import { type GroupMethods, groupMethods } from './group.ts'
import { bindMethods, type Caller } from './method.ts'
import { type ModerationMethods, moderationMethods } from './moderation.ts'
import { type NotificationMethods, notificationMethods } from './notification.ts'

/** What every program that talks needs. */
export interface BaseNamespaces {
  bsky: {
    actor: ActorMethods
    convo: ConvoMethods
  }
}

/** Every method of `chat.bsky.*` that is a call, at the place its NSID names. */
export interface ChatNamespaces extends BaseNamespaces {
  bsky: BaseNamespaces['bsky'] & {
    group: GroupMethods
    moderation: ModerationMethods
    notification: NotificationMethods
  }
}

export function baseNamespaces(call: Caller): BaseNamespaces {
  return {
    bsky: {
      actor: bindMethods(actorMethods, call),
      convo: bindMethods(convoMethods, call),
    },
  }
}

export function chatNamespaces(call: Caller): ChatNamespaces {
  return {
    bsky: {
      ...baseNamespaces(call).bsky,
      group: bindMethods(groupMethods, call),
      moderation: bindMethods(moderationMethods, call),
      notification: bindMethods(notificationMethods, call),
    },
  }
}
