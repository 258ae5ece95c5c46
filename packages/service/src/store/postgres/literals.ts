/**
 * Text and lists as PostgreSQL takes them. Its text holds every character but U+0000, which JSON and our clients
 * know: here it is written as U+FFFF and a digit, and so is U+FFFF itself.
 */

export function toText(text: string): string {
  if (!/[\0\uffff]/.test(text)) return text
  return text.replaceAll('\uffff', '\uffff1').replaceAll('\0', '\uffff0')
}

export function fromText(text: string): string {
  if (!text.includes('\uffff')) return text
  return text.replaceAll('\uffff0', '\0').replaceAll('\uffff1', '\uffff')
}

/** `{1,2}`, or `{"a","b"}` of texts. */
export function listLiteral(values: readonly (string | number | null)[]): string {
  return `{${values.map(itemLiteral).join(',')}}`
}

function itemLiteral(value: string | number | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  return `"${toText(value).replace(/["\\]/g, '\\$&')}"`
}
