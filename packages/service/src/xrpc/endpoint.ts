import type {
  InferInput,
  InferOutput,
  ObjectSchema,
  XRPCBlobBodyParam,
  XRPCBodyParam,
  XRPCLexBodyParam,
  XRPCProcedureMetadata,
  XRPCQueryMetadata,
} from '@atcute/lexicons/validations'
import type { Caller } from '../auth/caller.ts'
import type { Context } from '../context.ts'

/** A query or procedure of a lexicon, as @atcute/bluesky's `mainSchema` describes it. */
export type MethodSchema = XRPCQueryMetadata | XRPCProcedureMetadata

export type ParamsOf<S> = S extends { params: infer P extends ObjectSchema }
  ? InferOutput<P>
  : Record<string, never>
type BodyOf<S> = S extends { input: infer B extends XRPCBodyParam }
  ? B extends XRPCLexBodyParam<infer Schema>
    ? InferOutput<Schema>
    : undefined
  : undefined
type ResultOf<S> = S extends { output: infer B extends XRPCBodyParam }
  ? B extends XRPCLexBodyParam<infer Schema>
    ? InferInput<Schema>
    : B extends XRPCBlobBodyParam
      ? AsyncIterable<string>
      : undefined
  : undefined

/**
 * Who may call: accounts; also whoever sends no token, as logged-out browsers do (behaviour.md 1.2); or only the
 * accounts that the configuration names as moderators.
 */
export type Callers = 'accounts' | 'everybody' | 'moderators'

/** What a handler is given: validated input, defaults filled in, and who asks. */
export interface Call<S extends MethodSchema = MethodSchema> {
  params: ParamsOf<S>
  input: BodyOf<S>
  caller: Caller
}

/** The same where a token is not needed: `caller` is `undefined` without one. */
export interface PublicCall<S extends MethodSchema = MethodSchema> extends Omit<Call<S>, 'caller'> {
  caller: Caller | undefined
}

/**
 * One method of the service: its lexicon schema, who may call it, and the function that answers it.
 * Where the lexicon's output is not JSON (`exportAccountData`), the answer is its text piece by piece.
 */
export interface Endpoint<S extends MethodSchema = MethodSchema> {
  schema: S
  callers: Callers
  handle(ctx: Context, call: Call<S>): Promise<ResultOf<S>>
}

/** Binds a handler to its schema, for all accounts; the types of input and output follow from the schema. */
export function endpoint<const S extends MethodSchema>(
  schema: S,
  handle: Endpoint<S>['handle'],
): Endpoint<S> {
  return { schema, callers: 'accounts', handle }
}

/** The same for moderators. */
export function moderatorEndpoint<const S extends MethodSchema>(
  schema: S,
  handle: Endpoint<S>['handle'],
): Endpoint<S> {
  return { schema, callers: 'moderators', handle }
}

/** The same for everybody. A token that is sent is verified: a bad one is refused, not ignored. */
export function publicEndpoint<const S extends MethodSchema>(
  schema: S,
  handle: (ctx: Context, call: PublicCall<S>) => Promise<ResultOf<S>>,
): Endpoint<S> {
  return { schema, callers: 'everybody', handle }
}
