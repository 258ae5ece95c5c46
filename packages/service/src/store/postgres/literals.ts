import type { SqlValue } from '../sql/sql.ts'

/**
 * A value as it goes to the server. Its text holds every character but U+0000, which JSON and our clients know: here it
 * is written as U+FFFF and a digit, and so is U+FFFF itself.
 */
export type Literal = string | null

/** Throws where there is no way to say it, and then says nothing of the value. */
export function literalOf(value: SqlValue): Literal {
  if (value === null) return null
  return Array.isArray(value) ? listLiteral(value) : scalarLiteral(value as string | number)
}

function toText(text: string): string {
  if (!/[\0\uffff]/.test(text)) return text
  return text.replaceAll('\uffff', '\uffff1').replaceAll('\0', '\uffff0')
}

export function fromText(text: string): string {
  if (!text.includes('\uffff')) return text
  return text.replaceAll('\uffff0', '\0').replaceAll('\uffff1', '\uffff')
}

/** `{1,2}`, or `{"a","b"}` of texts. */
function listLiteral(values: readonly (string | number | null)[]): string {
  return `{${values.map(itemLiteral).join(',')}}`
}

function itemLiteral(value: string | number | null): string {
  if (value === null) return 'NULL'
  const text = scalarLiteral(value)
  return typeof value === 'number' ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

function scalarLiteral(value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return toText(value)
  throw new TypeError(`the database has no form for a value of the type ${typeof value}`)
}
