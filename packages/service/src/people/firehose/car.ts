import { toString as cidToString, decodeFirst } from '@atcute/cid'

/**
 * The blocks of a CAR file (version 1) by CID: what a commit on the firehose carries.
 * Throws where `car` is not one. Blocks are not hashed: who serves the stream is trusted for what it says.
 */
export function readBlocks(car: Uint8Array): Map<string, Uint8Array> {
  const blocks = new Map<string, Uint8Array>()
  const header = readSection(car, 0)
  let offset = header.end
  while (offset < car.length) {
    const section = readSection(car, offset)
    const [cid, bytes] = decodeFirst(car.subarray(section.start, section.end))
    blocks.set(cidToString(cid), bytes)
    offset = section.end
  }
  return blocks
}

/** A length as an unsigned LEB128 number, and as many bytes. */
function readSection(car: Uint8Array, offset: number): { start: number; end: number } {
  let length = 0
  let position = offset
  for (let factor = 1; ; factor *= 128) {
    const byte = car[position++]
    if (byte === undefined || factor > 128 ** 4) throw new RangeError('CAR section has no length')
    length += (byte & 0x7f) * factor
    if (byte < 0x80) break
  }
  if (position + length > car.length) throw new RangeError('CAR section is longer than the file')
  return { start: position, end: position + length }
}
