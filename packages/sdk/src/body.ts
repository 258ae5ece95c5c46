/** Thrown for a body that is longer than anyone has reason to send. */
export class TooLarge extends Error {}

/** The body as text, refusing to hold more than `bytesMax` of it. */
export async function readText(response: Response, bytesMax: number): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > bytesMax) {
      reader.cancel().catch(() => {})
      throw new TooLarge('the answer is too long')
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** A JSON object of any shape: its fields are unknown, and absent if it is something else. */
export function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
}
