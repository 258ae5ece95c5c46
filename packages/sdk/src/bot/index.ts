/** Layer 3: programs that answer. `@parley/sdk/bot`. */

export { type KeyValueStore, memoryKeyValueStore } from '../key-value-store.ts'
export type { AutoAccept } from './auto-accept.ts'
export { Bot, type BotOptions, type ErrorHandler, type Handler, type StartOptions } from './bot.ts'
export { type AskOptions, Context } from './context.ts'
export type { Filter, Filters } from './filters.ts'
export type { Job } from './jobs.ts'
export type { Middleware } from './middleware.ts'
export { NoAnswer } from './questions.ts'
