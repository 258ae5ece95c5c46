import type { IncomingMessage } from 'node:http'
import { AppError, invalidRequest } from '../errors.ts'
import { bodyBytesOf } from './read-head.ts'

const nothing = Buffer.alloc(0)

/** All of a request's body, or a refusal: PayloadTooLarge, or InvalidRequest where it is compressed or cut off. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const bytes = bodyBytesOf(request)
  if (bytes === 0) return nothing
  // Nobody compresses a message of a few hundred bytes, and a decompressed size is only known afterwards.
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw invalidRequest('Compressed request bodies are not supported: send no Content-Encoding')
  }
  if (bytes !== undefined && bytes > bytesMax) throw tooLarge(bytesMax)
  // It closed while nobody listened, and nothing more will be heard of it.
  if (request.destroyed) throw cutOff()
  return collect(request, bytesMax)
}

/** By events: iterating over the stream costs several times as much as the body of a typical message. */
function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) {
        chunks.length = 0
        reject(tooLarge(bytesMax))
      } else {
        chunks.push(chunk)
      }
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    // An aborted request closes without having ended; it emits `error` as well, which must be heard.
    request.on('error', () => {})
    request.on('close', () => {
      if (!request.readableEnded) reject(cutOff())
    })
  })
}

function cutOff(): AppError {
  return invalidRequest('The request body was cut off')
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('PayloadTooLarge', `Request body is larger than ${bytesMax} bytes`)
}
