import { closeSync, existsSync, openSync, readSync } from 'node:fs'

/** What the file format says (sqlite.org/fileformat2.html, "The Write-Ahead Log"). */
const headerBytes = 32
const frameHeaderBytes = 24
const pageSizeAt = 8
const saltsAt = { header: 16, frame: 8 }
const checksumAt = { header: 24, frame: 16 }
/** In a frame's header: not zero where the frame ends a transaction. */
const commitAt = 4

/** Another process that writes at this moment is further on after it. */
const lookAgainMs = 100

/**
 * Whether a write-ahead log holds committed transactions that SQLite would pass over in silence: it reads up to the
 * first frame whose checksum is wrong, for which it takes a torn write, and forgets the rest. A power failure tears the
 * last transaction, which nobody was told of. Where two or more end behind the wrong frame, the disk has changed what
 * was synced.
 */
export function isLogDamaged(walPath: string): boolean {
  const first = findDamage(walPath)
  if (first === undefined) return false
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs)
  return findDamage(walPath) === first
}

/** Where the first wrong frame begins that has lost transactions behind it. */
function findDamage(walPath: string): number | undefined {
  if (!existsSync(walPath)) return undefined
  const file = openSync(walPath, 'r')
  try {
    const header = readWhole(file, headerBytes, 0)
    if (!header) return undefined
    // The lowest bit of the magic number: whether checksums are of big-endian words.
    const sum = header.readUInt32BE(0) & 1 ? bigEndianSum : littleEndianSum
    const running = sum([0, 0], header.subarray(0, checksumAt.header))
    // It was on disk before the first frame.
    if (!isSum(header, checksumAt.header, running)) return 0
    return findWrongFrame(file, { header, sum, running })
  } finally {
    closeSync(file)
  }
}

interface Chain {
  header: Buffer
  sum: (from: Sum, bytes: Buffer) => Sum
  /** Up to the first frame: each one's checksum goes on from that of the one before. */
  running: Sum
}

function findWrongFrame(file: number, { header, sum, running }: Chain): number | undefined {
  const frameBytes = frameHeaderBytes + header.readUInt32BE(pageSizeAt)
  let wrongAt: number | undefined
  let transactionsBehind = 0
  for (let offset = headerBytes; ; offset += frameBytes) {
    const frame = readWhole(file, frameBytes, offset)
    if (!frame) return transactionsBehind > 1 ? wrongAt : undefined
    // Others are from before the log was last begun anew.
    const isOfThisLog =
      frame.compare(header, saltsAt.header, saltsAt.header + 8, saltsAt.frame, saltsAt.frame + 8) === 0
    if (wrongAt === undefined) {
      running = sum(sum(running, frame.subarray(0, 8)), frame.subarray(frameHeaderBytes))
      if (!isOfThisLog || !isSum(frame, checksumAt.frame, running)) wrongAt = offset
    }
    if (wrongAt !== undefined && isOfThisLog && frame.readUInt32BE(commitAt) !== 0) transactionsBehind += 1
  }
}

/** `undefined` where the file ends before. */
function readWhole(file: number, bytes: number, offset: number): Buffer | undefined {
  const buffer = Buffer.alloc(bytes)
  return readSync(file, buffer, 0, bytes, offset) === bytes ? buffer : undefined
}

type Sum = [number, number]

function isSum(buffer: Buffer, at: number, [first, second]: Sum): boolean {
  return buffer.readUInt32BE(at) === first && buffer.readUInt32BE(at + 4) === second
}

function littleEndianSum(from: Sum, bytes: Buffer): Sum {
  let [first, second] = from
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + bytes.readUInt32LE(at) + second) >>> 0
    second = (second + bytes.readUInt32LE(at + 4) + first) >>> 0
  }
  return [first, second]
}

function bigEndianSum(from: Sum, bytes: Buffer): Sum {
  return littleEndianSum(from, Buffer.from(bytes).swap32())
}
