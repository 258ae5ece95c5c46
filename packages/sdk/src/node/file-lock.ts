import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { systemClock } from '../clock.ts'

const LOOKS_EVERY_MS = 25
/** Nobody holds one that long: its process has died, on another machine perhaps, or its number is another's by now. */
const HELD_MAX_MS = 60_000

/**
 * Runs `work` while no other process does so under the same path. The lock of a process that has died is taken over; two
 * that find it dead at the same moment may both go on. Where no file can be made there, it runs without a lock.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const name = `${process.pid} ${hostname()} ${randomUUID()}`
  while (!(await take(path, name))) await systemClock.sleep(LOOKS_EVERY_MS * (1 + systemClock.random()))
  try {
    return await work()
  } finally {
    await release(path, name).catch(() => {})
  }
}

/** Not one that was taken over meanwhile. */
async function release(path: string, name: string): Promise<void> {
  if ((await readFile(path, 'utf8')) === name) await rm(path, { force: true })
}

async function take(path: string, name: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(name)
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true
  }
  if (await isDead(path)) await rm(path, { force: true })
  return false
}

async function isDead(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    if (systemClock.now() - mtimeMs > HELD_MAX_MS) return true
    const [pid, host] = (await readFile(path, 'utf8')).split(' ')
    // Written a moment after it is made: empty, it says nothing.
    if (host !== hostname()) return false
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
