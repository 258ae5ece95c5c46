import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of the clock in a second, as /proc counts processor time. */
const ticksPerSec = 100

/** What processes have used so far. Of Linux's /proc. */
export interface Usage {
  cpuSec: number
  /** Handed to the disk, by the system too when it writes back what they wrote. */
  writtenBytes: number
}

/** Of these processes and all that they started. */
export function usageOf(pids: readonly number[]): Usage {
  const usages = pids.flatMap(withChildren).map(usageOfOne)
  return {
    cpuSec: usages.reduce((sum, { cpuSec }) => sum + cpuSec, 0),
    writtenBytes: usages.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0),
  }
}

/** Seconds of processor time that anybody on this machine has used. */
export function busySec(): number {
  const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split(/\s+/).map(Number)
  return (user! + nice! + system! + irq! + softirq!) / ticksPerSec
}

/** Memory that these processes and all that they started hold, in MB; what they share counts once. */
export function memoryMb(pids: readonly number[]): number {
  const kb = pids.flatMap(withChildren).map(pid => field(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+)/m))
  return kb.reduce((sum, one) => sum + one, 0) / 1024
}

/** Resident memory of one process, in MB. */
export function residentMb(pid: number): number {
  return field(`/proc/${pid}/status`, /^VmRSS:\s+(\d+)/m) / 1024
}

function usageOfOne(pid: number): Usage {
  const [, after = ''] = read(`/proc/${pid}/stat`).split(') ')
  const fields = after.split(' ')
  return {
    cpuSec: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSec,
    writtenBytes: field(`/proc/${pid}/io`, /^write_bytes: (\d+)/m),
  }
}

function withChildren(pid: number): number[] {
  const tasks = list(`/proc/${pid}/task`)
  const children = tasks.flatMap(task => read(`/proc/${pid}/task/${task}/children`).trim().split(/\s+/))
  return [pid, ...children.filter(Boolean).map(Number).flatMap(withChildren)]
}

function field(path: string, pattern: RegExp): number {
  return Number(pattern.exec(read(path))?.[1] ?? 0)
}

/** A process may be gone by now: then it has used nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
