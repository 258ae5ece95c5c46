import type { BaseSchema, InferInput, XRPCSubscriptionMetadata } from '@atcute/lexicons/validations'
import type { Caller } from '../auth/caller.ts'
import type { Context } from '../context.ts'
import type { Callers, ParamsOf } from './endpoint.ts'

/** A subscription of a lexicon, as @atcute/bluesky's `mainSchema` describes it. */
export type SubscriptionSchema = XRPCSubscriptionMetadata

type MessageOf<S> = S extends { message: infer M extends BaseSchema } ? InferInput<M> : never

/** What a handler is given: validated params, who asks, and until when. */
export interface SubscriptionCall<S extends SubscriptionSchema = SubscriptionSchema> {
  params: ParamsOf<S>
  caller: Caller
  /** Aborted when the other side has gone: the messages have to end then. */
  signal: AbortSignal
}

/**
 * One subscription of the service: its lexicon schema, who may open it, and the function that makes its messages,
 * each with its `$type`. The next one is asked for when the one before is on its way.
 * An AppError that it throws is told to the other side by name and ends the subscription.
 */
export interface Subscription<S extends SubscriptionSchema = SubscriptionSchema> {
  schema: S
  callers: Exclude<Callers, 'everybody'>
  handle(ctx: Context, call: SubscriptionCall<S>): AsyncIterable<MessageOf<S>>
}

/** Binds a handler to its schema, for all accounts; the types of params and messages follow from the schema. */
export function subscription<const S extends SubscriptionSchema>(
  schema: S,
  handle: Subscription<S>['handle'],
): Subscription<S> {
  return { schema, callers: 'accounts', handle }
}

/** The same for moderators. */
export function moderatorSubscription<const S extends SubscriptionSchema>(
  schema: S,
  handle: Subscription<S>['handle'],
): Subscription<S> {
  return { schema, callers: 'moderators', handle }
}
