export type { AccessScope } from './access-token.ts'
export type { Agent } from './agent-login.ts'
export { BaseClient, type ClientOptions, type CloneOptions, type LoginOptions } from './base-client.ts'
export type { ActorMethods } from './chat/actor.ts'
export type { ActorsParam, ConvoMethods, SendMessageBatchInput, SendMessageInput } from './chat/convo.ts'
export type {
  CreateGroupInput,
  GroupMethods,
  MemberInput,
  MembersInput,
  MutualGroupsParams,
} from './chat/group.ts'
export type { Actor, CallOptions } from './chat/method.ts'
export type { ActorAccessInput, ActorParam, ModerationMethods } from './chat/moderation.ts'
export type { BaseNamespaces, ChatNamespaces } from './chat/namespaces.ts'
export type { NotificationMethods } from './chat/notification.ts'
export { chatScopes } from './chat-scopes.ts'
export { Client } from './client.ts'
export type { Clock } from './clock.ts'
export type { DidDocument } from './did-document.ts'
export type { BroadcastOptions, BroadcastResult } from './dm/broadcast.ts'
export type { Content, MessageContent, Text } from './dm/content.ts'
export { Conversation, type HistoryOptions } from './dm/conversation.ts'
export type { Allow, AllowIncoming } from './dm/declaration.ts'
export {
  type ConversationsOptions,
  DirectMessages,
  type MayMessage,
  type OwnJoinRequest,
} from './dm/direct-messages.ts'
export type { DoctorCheck, DoctorReport } from './dm/doctor.ts'
export type { Backfill } from './dm/events/backfill.ts'
export type {
  ChatEvent,
  ConvoEvent,
  GroupEvent,
  JoinRequestEvent,
  MessageDeletedEvent,
  MessageEvent,
  ReactionEvent,
  ReadEvent,
  UnknownEvent,
} from './dm/events/chat-event.ts'
export { EventStream, type EventsOptions, type StreamState } from './dm/events/event-stream.ts'
export type { ExportOptions, ExportProgress } from './dm/export/export-lines.ts'
export type { JsonLine } from './dm/export/json-lines.ts'
export { Group, type JoinLinkSettings, type JoinRequest } from './dm/group.ts'
export type { Member } from './dm/member.ts'
export {
  type Answered,
  type AnyMessage,
  type DeletedMessage,
  Message,
  type Reaction,
  type UnknownMessage,
} from './dm/message.ts'
export type { SendOptions } from './dm/outbox.ts'
export type { SystemMessage } from './dm/system-message.ts'
export type { TypedView } from './dm/views.ts'
export type { EventOf, WaitOptions } from './dm/wait-for.ts'
export { ChatError, type ChatErrorCode, type ChatErrorDetails } from './errors.ts'
export type { ClientHooks } from './hooks.ts'
export {
  type AtprotoData,
  type DidLookups,
  type HandleLookups,
  IdResolver,
  type IdResolverOptions,
  type ResolvedActor,
  type ResolveOptions,
} from './id-resolver.ts'
export { type IdentityCache, type MemoryIdentityCacheOptions, memoryIdentityCache } from './identity-cache.ts'
export { type KeyValueStore, memoryKeyValueStore } from './key-value-store.ts'
export type { ArgsOf, MethodSchema, OutputOf } from './lexicon.ts'
export { type CursorStore, memoryCursorStore } from './log/cursor-store.ts'
export type { PollOptions } from './log/log-poller.ts'
export type { Session, SessionEvent, SessionListener } from './login.ts'
export type { PagingOptions } from './pages.ts'
export { BSKY_CHAT, type ServiceRef } from './proxy.ts'
export type { RateLimitView } from './rate-limits.ts'
export type { RetryPolicy } from './retry.ts'
export { detect } from './rich-text/detect.ts'
export { link, mention, rich, tag } from './rich-text/rich.ts'
export { type FacetedText, type RichPart, RichText } from './rich-text/rich-text.ts'
export { type Segment, segmentsOf } from './rich-text/segments.ts'
export { TextBuilder } from './rich-text/text-builder.ts'
export type { SessionData } from './session-data.ts'
export { memorySessionStore, type SessionStore } from './session-store.ts'
export type { OpenWebSocket, WebSocketLike } from './web-socket.ts'
