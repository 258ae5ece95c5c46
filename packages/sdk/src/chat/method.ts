import type { Args, MethodSchema } from '../lexicon.ts'
import type { RetryPolicy } from '../retry.ts'

/** A DID or a handle. */
export type Actor = string

/** How one call behaves, in place of what its client says. */
export interface CallOptions {
  /** Gives the call up. */
  signal?: AbortSignal
  /** Limit of each try, in place of the client's. */
  timeoutMs?: number
  /** In place of the client's; `false` tries once. */
  retry?: RetryPolicy | false
}

/** The schema behind each method of a namespace: nothing left out, nothing added. */
export type MethodTable<Methods> = Record<keyof Methods, MethodSchema>

export type Caller = (method: MethodSchema, args: Args, options: CallOptions | undefined) => Promise<unknown>

/** Makes a namespace's methods out of its table. Types are promised by the interface, facts checked by the schemas. */
export function bindMethods<Methods>(table: MethodTable<Methods>, call: Caller): Methods {
  const methods: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries<MethodSchema>(table)) {
    methods[name] = (args: Args = {}, options?: CallOptions) => call(schema, args, options)
  }
  return methods as Methods
}
