import { type Did, isDid } from '@atcute/lexicons/syntax'
import {
  type BaseSchema,
  type InferInput,
  type InferXRPCBodyInput,
  type ObjectSchema,
  safeParse,
  type XRPCProcedureMetadata,
  type XRPCQueryMetadata,
} from '@atcute/lexicons/validations'
import { ChatError } from './errors.ts'

/** A query or a procedure of any lexicon, as generated: its types and its checks. */
export type MethodSchema = XRPCQueryMetadata | XRPCProcedureMetadata

/** What a method takes: the parameters of a query, the input of a procedure. */
export type ArgsOf<S extends MethodSchema> = S extends XRPCProcedureMetadata
  ? InferXRPCBodyInput<S['input']>
  : S['params'] extends ObjectSchema
    ? InferInput<S['params']>
    : Record<string, never>

/** What a method answers. */
export type OutputOf<S extends MethodSchema> = InferXRPCBodyInput<S['output']>

/** The arguments of a call, before anyone has looked at them. */
export type Args = Record<string, unknown>

export function argsSchema(method: MethodSchema): BaseSchema | undefined {
  if (method.type === 'xrpc_query') return method.params ?? undefined
  return method.input?.type === 'lex' ? method.input.schema : undefined
}

/** Refuses arguments that the lexicon does not allow, without a word of what they say. */
export function checkArgs(method: MethodSchema, args: Args): void {
  const schema = argsSchema(method)
  const checked = schema && safeParse(schema, args)
  if (!checked || checked.ok) return
  const details = { method: method.nsid }
  const [issue] = checked.issues
  const name = issue?.path.join('.')
  if (issue?.code === 'invalid_string_graphemes' && issue.minGraphemes === 0) {
    throw new ChatError('too-long', `${name} is longer than ${issue.maxGraphemes} graphemes`, details)
  }
  if (issue?.code === 'invalid_string_length' && issue.minLength === 0) {
    throw new ChatError('too-long', `${name} is longer than ${issue.maxLength} bytes`, details)
  }
  throw new ChatError(
    'invalid-input',
    `${method.nsid} cannot take these arguments: ${checked.message}`,
    details,
  )
}

/** What is wrong with an answer, or undefined if it is as the lexicon says. New fields and new `$type`s are fine. */
export function flawOf(method: MethodSchema, output: unknown): string | undefined {
  if (method.output?.type !== 'lex') return undefined
  const checked = safeParse(method.output.schema, output)
  return checked.ok ? undefined : checked.message
}

/** The arguments with a DID wherever the lexicon wants one and a handle was given. */
export async function resolveActors(
  method: MethodSchema,
  args: Args,
  resolve: (handle: string) => Promise<Did>,
): Promise<Args> {
  const shape = (argsSchema(method) as Partial<ObjectSchema> | undefined)?.shape ?? {}
  const resolved: Args = { ...args }
  const toDid = (actor: unknown) => (typeof actor === 'string' && !isDid(actor) ? resolve(actor) : actor)
  for (const [field, schema] of Object.entries(shape as Record<string, FieldSchema>)) {
    const given = args[field]
    if (schema.format === 'did') resolved[field] = await toDid(given)
    if (schema.item?.format === 'did' && Array.isArray(given))
      resolved[field] = await Promise.all(given.map(toDid))
  }
  return resolved
}

/** As much of a field's schema as tells whether it holds DIDs. */
interface FieldSchema {
  format?: string
  item?: { format?: string }
}
