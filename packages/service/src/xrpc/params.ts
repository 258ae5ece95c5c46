import type { BaseSchema, ObjectSchema } from '@atcute/lexicons/validations'
import { invalidRequest } from '../errors.ts'
import { validate } from './validate.ts'

/** Reads a query string (without its `?`) as a method's parameters, or refuses with InvalidRequest. */
export type ParamsReader = (query: string) => Record<string, unknown>

interface Param {
  repeats: boolean
  /** From the text in the query to the lexicon's type; what does not convert is left for validation to refuse. */
  convert(text: string): unknown
}

/** Built once per method from its schema. Names the schema does not know are ignored. */
export function createParamsReader(schema: ObjectSchema | null): ParamsReader {
  if (schema === null) return () => ({})
  const known = new Map(Object.entries(schema.shape).map(([name, type]) => [name, describeParam(type)]))

  return query => {
    const values: Record<string, unknown> = {}
    for (const [name, text] of new URLSearchParams(query)) {
      const param = known.get(name)
      // `cursor=` is how several clients ask for the first page (behaviour.md 1.8).
      if (param === undefined || text === '') continue
      if (!Object.hasOwn(values, name)) {
        values[name] = param.repeats ? [param.convert(text)] : param.convert(text)
      } else if (param.repeats) {
        const list = values[name] as unknown[]
        list.push(param.convert(text))
      } else {
        throw invalidRequest(`Invalid params: ${name} may be given only once`)
      }
    }
    return validate(schema, values, 'params')
  }
}

type SchemaNode = BaseSchema & { wrapped?: BaseSchema; item?: BaseSchema }

function describeParam(schema: SchemaNode): Param {
  if (schema.type === 'optional') return describeParam(schema.wrapped!)
  if (schema.type === 'array') return { ...describeParam(schema.item!), repeats: true }
  if (schema.type === 'integer') return { repeats: false, convert: toInteger }
  if (schema.type === 'boolean') return { repeats: false, convert: toBoolean }
  return { repeats: false, convert: text => text }
}

function toInteger(text: string): unknown {
  return /^-?[0-9]{1,16}$/.test(text) ? Number(text) : text
}

function toBoolean(text: string): unknown {
  if (text === 'true') return true
  if (text === 'false') return false
  return text
}
