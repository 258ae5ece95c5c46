import { invalidRequest } from '../errors.ts'

/**
 * Lexicons leave sets of values open; a filter that we do not know must not pass for no filter at all.
 * @throws InvalidRequest
 */
export function readKnown<const V extends string>(
  name: string,
  value: string | undefined,
  known: readonly V[],
): V | undefined {
  if (value === undefined) return undefined
  const found = known.find(one => one === value)
  if (!found) throw invalidRequest(`${name} must be one of: ${known.join(', ')}`)
  return found
}

/** @throws InvalidRequest */
export function readJoinRule(value: string): 'anyone' | 'followedByOwner' {
  return readKnown('joinRule', value, ['anyone', 'followedByOwner'])!
}
