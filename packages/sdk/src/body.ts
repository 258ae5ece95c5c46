/** Thrown for an answer that is not taken. The message says what came: "more than 16 bytes". */
export class Unusable extends Error {}

/** The body as text, refusing to hold more than `bytesMax` of it. */
export async function readText(response: Response, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  await readChunks(response, bytesMax, chunk => {
    text += decoder.decode(chunk, { stream: true })
  })
  return text + decoder.decode()
}

/** The body as a blob of the type it came with, refusing to hold more than `bytesMax` of it. */
export async function readBlob(response: Response, bytesMax: number): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  await readChunks(response, bytesMax, chunk => chunks.push(chunk))
  return new Blob(chunks, { type: response.headers.get('content-type') ?? '' })
}

async function readChunks(
  response: Response,
  bytesMax: number,
  take: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  if (!response.body) return
  const reader = response.body.getReader()
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.byteLength
    if (bytes > bytesMax) {
      reader.cancel().catch(() => {})
      throw new Unusable(`more than ${bytesMax} bytes`)
    }
    take(value)
  }
}

/** A JSON object of any shape: its fields are unknown, and absent if it is something else. */
export function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
}
