import type { Engine } from '../../packages/service/src/store/engine.ts'
import type { Dice } from '../dice.ts'

/**
 * What a crash of a process leaves behind of its commit: nothing, though all of it was handed to the database; part
 * of it on disk, which the database then takes for all or for nothing; or all of it, though nobody was told.
 */
export type CrashWindow = 'before the commit' | 'while it is written' | 'after the commit'

export const crashWindows: readonly CrashWindow[] = [
  'before the commit',
  'while it is written',
  'after the commit',
]

/** A database that outlives the processes on it. */
export interface Database {
  /** How many processes may be on it at once. */
  readonly processesMax: number
  /** A new process comes to it. */
  open(): Promise<Engine>
  /**
   * The next commit, which `commit` runs, is the last of its process and ends in this window. Resolves when the
   * database is what the next process finds.
   */
  crashIn(window: CrashWindow, commit: () => Promise<void>, dice: Dice): Promise<void>
  /** The process on this engine is gone, between two commits. */
  crash(engine: Engine): Promise<void>
  close(): void
}
