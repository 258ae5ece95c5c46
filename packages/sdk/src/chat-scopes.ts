import { BSKY_CHAT, serviceRef } from './proxy.ts'

/** What the published permission set leaves out. */
const missing = [
  'chat.bsky.actor.exportAccountData',
  'chat.bsky.convo.getUnreadCounts',
  'chat.bsky.group.updateJoinRequestsRead',
  'chat.bsky.notification.getPreferences',
  'chat.bsky.notification.putPreferences',
  'chat.parley.server.describeServer',
]

/**
 * What an OAuth client asks for, as `scope`, to use everything of a chat service, given as `did#id`: the permission set
 * `chat.bsky.authFullChatClient` and what that lacks. Default: Bluesky's.
 */
export function chatScopes(chat: string = BSKY_CHAT): string {
  const aud = serviceRef(chat).replace('#', '%23')
  const methods = missing.map(method => `lxm=${method}`).join('&')
  return `atproto include:chat.bsky.authFullChatClient?aud=${aud} rpc?${methods}&aud=${aud}`
}
