import { isUtf8 } from 'node:buffer'
import type { Name } from './cast.ts'
import type { Credentials, FuzzRequest } from './request.ts'

/**
 * A request as a report shows it and kept.json keeps it. Ids that the population has stand as `<id 3>`, so that
 * the case survives a population that changes.
 */
export interface WrittenRequest {
  nsid: string
  caller: Name
  credentials: Credentials
  verb: string
  query: string
  contentType: string | null
  /** In base64 where it is no UTF-8. */
  body: string | { base64: string }
}

export function writeRequest(request: FuzzRequest, ids: readonly string[]): WrittenRequest {
  const { query, contentType, body, ...rest } = request
  return {
    ...rest,
    query: named(query, ids),
    contentType: contentType ?? null,
    body: isUtf8(body) ? named(body.toString(), ids) : { base64: body.toString('base64') },
  }
}

export function readRequest(written: WrittenRequest, ids: readonly string[]): FuzzRequest {
  const { query, contentType, body, ...rest } = written
  return {
    ...rest,
    query: unnamed(query, ids),
    contentType: contentType ?? undefined,
    body: typeof body === 'string' ? Buffer.from(unnamed(body, ids)) : Buffer.from(body.base64, 'base64'),
  }
}

function named(text: string, ids: readonly string[]): string {
  return ids.reduce((rest, id, place) => rest.replaceAll(id, `<id ${place}>`), text)
}

function unnamed(text: string, ids: readonly string[]): string {
  return text.replaceAll(/<id ([0-9]+)>/g, (mark, place) => ids[Number(place)] ?? mark)
}
