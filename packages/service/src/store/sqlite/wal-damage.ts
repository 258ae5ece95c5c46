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
 * How many committed transactions of a write-ahead log SQLite would pass over in silence: it reads up to the first
 * frame whose checksum is wrong, for which it takes a torn write, and forgets the rest. A power failure tears the last
 * transaction, which nobody was told of. Where two or more end behind the wrong frame, the disk has changed what was
 * synced. 0 where there is no log.
 */
export function transactionsBehindDamage(walPath: string): number {
  const first = inspect(walPath)
  if (!first) return 0
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs)
  const second = inspect(walPath)
  return second?.offset === first.offset ? second.transactions : 0
}

interface Damage {
  /** Of the first wrong frame. */
  offset: number
  transactions: number
}

function inspect(walPath: string): Damage | undefined {
  if (!existsSync(walPath)) return undefined
  const file = openSync(walPath, 'r')
  try {
    return findDamage((bytes, offset) => readWhole(file, bytes, offset))
  } finally {
    closeSync(file)
  }
}

/** `undefined` where the file ends before. */
type Reader = (bytes: number, offset: number) => Buffer | undefined

function findDamage(read: Reader): Damage | undefined {
  const header = read(headerBytes, 0)
  if (!header) return undefined
  // The lowest bit of the magic number: whether checksums are of big-endian words.
  const sum = header.readUInt32BE(0) & 1 ? bigEndianSum : littleEndianSum
  const pageBytes = header.readUInt32BE(pageSizeAt)
  if (pageBytes < 512 || pageBytes > 65_536) return { offset: 0, transactions: 2 }
  const salts = Buffer.from(header.subarray(saltsAt.header, saltsAt.header + 8))
  let running = sum([0, 0], header.subarray(0, checksumAt.header))
  let offset = headerBytes
  let damagedAt = isSum(header, checksumAt.header, running) ? undefined : 0
  let transactions = 0
  const readFrame = (at: number) => read(frameHeaderBytes + pageBytes, at)
  for (let frame = readFrame(offset); frame; offset += frame.length, frame = readFrame(offset)) {
    // From before the log was last begun anew.
    const isOfToday = frame.compare(salts, 0, 8, saltsAt.frame, saltsAt.frame + 8) === 0
    if (!isOfToday && damagedAt === undefined) damagedAt = offset
    if (damagedAt === undefined) {
      running = sum(sum(running, frame.subarray(0, 8)), frame.subarray(frameHeaderBytes))
      if (!isSum(frame, checksumAt.frame, running)) damagedAt = offset
    }
    if (damagedAt !== undefined && isOfToday && frame.readUInt32BE(commitAt) !== 0) transactions += 1
  }
  return damagedAt !== undefined && transactions > 1 ? { offset: damagedAt, transactions } : undefined
}

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
