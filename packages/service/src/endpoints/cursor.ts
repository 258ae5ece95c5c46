import { invalidRequest } from '../errors.ts'
import { parseCursor, type Tid } from '../tid.ts'

/** A cursor of the wire; any rev is one, an empty string is none (behaviour.md 1.8, 7 (4)). @throws InvalidRequest */
export function readCursor(text: string | undefined): { after: Tid; before: Tid } | undefined {
  if (!text) return undefined
  const cursor = parseCursor(text)
  if (!cursor) throw invalidRequest('Malformed cursor')
  return cursor
}
