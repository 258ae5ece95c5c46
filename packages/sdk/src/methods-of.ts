import type { BaseClient } from './base-client.ts'
import { type GroupMethods, groupMethods } from './chat/group.ts'
import { bindMethods, type Caller } from './chat/method.ts'
import { type ModerationMethods, moderationMethods } from './chat/moderation.ts'
import { type NotificationMethods, notificationMethods } from './chat/notification.ts'

/** `chat.bsky.group.*` of a client that does not carry it: what is not called for is not bundled. */
export function groupMethodsOf(client: Pick<BaseClient, 'call'>): GroupMethods {
  return bindMethods(groupMethods, callerOf(client))
}

/** `chat.bsky.moderation.*`, likewise. */
export function moderationMethodsOf(client: Pick<BaseClient, 'call'>): ModerationMethods {
  return bindMethods(moderationMethods, callerOf(client))
}

/** `chat.bsky.notification.*`, likewise. */
export function notificationMethodsOf(client: Pick<BaseClient, 'call'>): NotificationMethods {
  return bindMethods(notificationMethods, callerOf(client))
}

function callerOf(client: Pick<BaseClient, 'call'>): Caller {
  return (method, args, options) => client.call(method, args as never, options)
}
