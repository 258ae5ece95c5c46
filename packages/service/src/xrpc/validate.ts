import { type BaseSchema, type InferOutput, safeParse } from '@atcute/lexicons/validations'
import { invalidRequest } from '../errors.ts'

/**
 * `value` with the schema's defaults filled in, or InvalidRequest with the path and what was expected there.
 * Fields unknown to the schema stay. The message is built from the schema alone and repeats nothing of the value.
 */
export function validate<S extends BaseSchema>(
  schema: S,
  value: unknown,
  what: 'params' | 'input',
): InferOutput<S> {
  const result = safeParse(schema, value)
  if (!result.ok) throw invalidRequest(`Invalid ${what}: ${result.message}`)
  return result.value
}

/** An answer of ours that its lexicon does not allow is a bug, whoever asked. */
export function assertOutput(schema: BaseSchema, value: unknown, nsid: string): void {
  const result = safeParse(schema, value)
  if (!result.ok) throw new Error(`output of ${nsid} breaks its lexicon: ${result.message}`)
}
