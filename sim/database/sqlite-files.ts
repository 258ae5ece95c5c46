import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Dice } from '../dice.ts'

/** A database as it lies on disk; of the index of its log file nothing outlives a crash. */
export interface Files {
  database: Buffer
  log: Buffer
}

/** After so many pages the log is carried over into the database, and begun anew: every few commits. */
export const carryOverPages = 60

const logHeaderBytes = 32
const frameHeadBytes = 24
const sectorBytes = 512

export function copyFiles(from: string, to: string): void {
  copyFileSync(from, to)
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
}

export function readFiles(path: string): Files {
  return {
    database: readFileSync(path),
    log: existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0),
  }
}

export function writeFiles(path: string, { database, log }: Files): void {
  writeFileSync(path, database)
  writeFileSync(`${path}-wal`, log)
}

export function removeFiles(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}

/**
 * What a power failure leaves of a commit that was being written: the log file up to some byte, or some of its sectors
 * and not others; where the commit went on to carry the log over into the database, the whole log and some of that.
 * Never frames under a header that is not there: SQLite syncs a new header first.
 */
export function torn(before: Files, after: Files, dice: Dice): Files {
  const carriesOver = !after.database.equals(before.database)
  if (carriesOver && dice.oneIn(2)) {
    return { database: someSectors(before.database, after.database, dice), log: after.log }
  }
  const database = before.database
  const begun = Buffer.concat([after.log.subarray(0, logHeaderBytes), before.log.subarray(logHeaderBytes)])
  const log = dice.oneIn(3)
    ? someSectors(begun, after.log, dice, logHeaderBytes)
    : prefix(begun, after.log, dice, logHeaderBytes)
  return { database, log }
}

/** A log file as it was one commit ago; the same where some of it has been carried over into the database. */
export function withoutLastCommit(log: Buffer): Buffer {
  if (log.length < logHeaderBytes) return log
  const frameBytes = frameHeadBytes + log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  const commits: number[] = []
  let [start, frames] = [logHeaderBytes, 0]
  for (; start + frameBytes <= log.length; start += frameBytes, frames++) {
    if (!log.subarray(start + 8, start + 16).equals(salt)) break
    // A frame that ends a transaction says how large the database is then.
    if (log.readUInt32BE(start + 4) > 0) commits.push(start + frameBytes)
  }
  return frames < carryOverPages && commits.length > 1 ? log.subarray(0, commits.at(-2)) : log
}

function prefix(before: Buffer, after: Buffer, dice: Dice, from: number): Buffer {
  const changed = firstDifference(before, after, from)
  const end = changed + Math.floor((after.length - changed) * dice.share())
  return Buffer.concat([after.subarray(0, end), before.subarray(end)])
}

function someSectors(before: Buffer, after: Buffer, dice: Dice, from = 0): Buffer {
  const mixed = Buffer.alloc(Math.max(before.length, after.length))
  before.copy(mixed)
  for (let start = from; start < after.length; start += sectorBytes) {
    if (dice.oneIn(2)) after.copy(mixed, start, start, Math.min(after.length, start + sectorBytes))
  }
  return mixed
}

function firstDifference(one: Buffer, other: Buffer, from: number): number {
  let place = from
  while (place < one.length && one[place] === other[place]) place++
  return Math.min(place, other.length)
}
