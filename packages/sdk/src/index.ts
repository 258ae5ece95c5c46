export type { AccessScope } from './access-token.ts'
export type { ActorMethods } from './chat/actor.ts'
export type { ConvoMethods, SendMessageInput } from './chat/convo.ts'
export type { GroupMethods } from './chat/group.ts'
export type { Actor, CallOptions } from './chat/method.ts'
export type { ModerationMethods } from './chat/moderation.ts'
export type { ChatNamespaces } from './chat/namespaces.ts'
export type { NotificationMethods } from './chat/notification.ts'
export { Client, type ClientOptions, type CloneOptions, type LoginOptions } from './client.ts'
export type { Clock } from './clock.ts'
export type { DidDocument } from './did-document.ts'
export { ChatError, type ChatErrorCode } from './errors.ts'
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
export type { ArgsOf, MethodSchema, OutputOf } from './lexicon.ts'
export { BSKY_CHAT, type ServiceRef } from './proxy.ts'
export type { RetryPolicy } from './retry.ts'
export type { Session, SessionEvent, SessionListener } from './session.ts'
export type { SessionData } from './session-data.ts'
export { memorySessionStore, type SessionStore } from './session-store.ts'
