import { readText } from './body.ts'

export interface Question {
  url: string
  accept: string
  /** Statuses that say there surely is no answer. */
  none: readonly number[]
  signal: AbortSignal
}

const ANSWER_BYTES_MAX = 64 * 1024

/** Asks about an identity: the text of the answer, undefined for surely none. Throws if it cannot be told. */
export async function ask(
  fetchThis: typeof fetch,
  { url, accept, none, signal }: Question,
): Promise<string | undefined> {
  // A redirect may lead out of https and into our own network, and fetch cannot follow only those that do not.
  const response = await fetchThis(url, { signal, redirect: 'error', headers: { accept } })
  const text = await readText(response, ANSWER_BYTES_MAX)
  if (none.includes(response.status)) return undefined
  if (!response.ok) throw new Error(`answered with status ${response.status}`)
  return text
}
