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

type ParamsOf<S> = S extends { params: infer P extends ObjectSchema } ? InferOutput<P> : Record<string, never>
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

/** What a handler is given: validated input, defaults filled in, and who asks. */
export interface Call<S extends MethodSchema = MethodSchema> {
  params: ParamsOf<S>
  input: BodyOf<S>
  caller: Caller
}

/**
 * One method of the service: its lexicon schema and the function that answers it.
 * Where the lexicon's output is not JSON (`exportAccountData`), the answer is its text piece by piece.
 */
export interface Endpoint<S extends MethodSchema = MethodSchema> {
  schema: S
  handle(ctx: Context, call: Call<S>): Promise<ResultOf<S>>
}

/** Binds a handler to its schema; the types of input and output follow from it. */
export function endpoint<const S extends MethodSchema>(
  schema: S,
  handle: Endpoint<S>['handle'],
): Endpoint<S> {
  return { schema, handle }
}
