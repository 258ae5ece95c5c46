import type { IncomingMessage } from 'node:http'

/** What follows the `?` of a request's URL. */
export function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start + 1)
}

/** Node keeps only the first of several `Authorization` headers; the raw list has them all. */
export function allHeaders({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() === name) values.push(rawHeaders[at + 1]!)
  }
  return values
}

/** How long the body is; `undefined` where it comes in chunks. */
export function bodyBytesOf({ headers }: IncomingMessage): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined
  return Number(headers['content-length'] ?? 0)
}
