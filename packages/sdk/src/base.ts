/** Layer 1 alone, for pages where each KB counts: the calls, handles and DIDs; those about groups as functions. */
export { BaseClient, type ClientOptions, type CloneOptions, type LoginOptions } from './base-client.ts'
export { groupMethodsOf, moderationMethodsOf } from './chat/methods-of.ts'
export { ChatError, type ChatErrorCode } from './errors.ts'
export { IdResolver, type IdResolverOptions } from './id-resolver.ts'
export { BSKY_CHAT } from './proxy.ts'
export type { Session, SessionEvent, SessionListener } from './session.ts'
export type { SessionData } from './session-data.ts'
export { memorySessionStore, type SessionStore } from './session-store.ts'
