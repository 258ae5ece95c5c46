import type { Nsid } from '@atcute/lexicons/syntax'
import type { BaseSchema, InferInput, XRPCSubscriptionMetadata } from '@atcute/lexicons/validations'
import type { TokenBearer } from '../auth/caller.ts'
import type { Context } from '../context.ts'
import type { OpenMax } from '../limits.ts'
import type { Callers, ParamsOf } from './endpoint.ts'
import type { Framing } from './frame.ts'

/** A subscription of a lexicon, as @atcute/bluesky's `mainSchema` describes it. */
export type SubscriptionSchema = XRPCSubscriptionMetadata

type MessageOf<S> = S extends { message: infer M extends BaseSchema } ? InferInput<M> : never

/** What a handler is given: validated params, who asks, and until when. */
export interface SubscriptionCall<S extends SubscriptionSchema = SubscriptionSchema> {
  params: ParamsOf<S>
  caller: TokenBearer
  /** Aborted when the other side has gone: the messages have to end then. */
  signal: AbortSignal
}

/** What a subscription may have otherwise than others. */
interface SubscriptionSettings {
  openMax: OpenMax
  /** Default: cbor. */
  framing?: Framing
  /** The method that the token has to name; default: the subscription's own. */
  tokenMethod?: Nsid
}

/**
 * One subscription of the service: its lexicon schema, who may open it, and the function that makes its messages,
 * each with its `$type`. The next one is asked for when the one before is on its way.
 * An AppError that it throws is told to the other side by name and ends the subscription.
 */
export interface Subscription<S extends SubscriptionSchema = SubscriptionSchema>
  extends SubscriptionSettings {
  schema: S
  callers: Exclude<Callers, 'everybody'>
  handle(ctx: Context, call: SubscriptionCall<S>): AsyncIterable<MessageOf<S>>
}

/** Binds a handler to its schema, for all accounts; the types of params and messages follow from the schema. */
export function subscription<const S extends SubscriptionSchema>(
  schema: S,
  settings: SubscriptionSettings,
  handle: Subscription<S>['handle'],
): Subscription<S> {
  return { schema, callers: 'accounts', ...settings, handle }
}

/** The same for moderators. */
export function moderatorSubscription<const S extends SubscriptionSchema>(
  schema: S,
  settings: SubscriptionSettings,
  handle: Subscription<S>['handle'],
): Subscription<S> {
  return { schema, callers: 'moderators', ...settings, handle }
}
