import type { Engine } from '../../packages/service/src/store/engine.ts'
import { MemoryEngine } from '../../packages/service/src/store/memory/memory-engine.ts'
import type { CrashWindow, Database } from './database.ts'

/** The oracle's tables as the database of several processes: what it has taken it never loses. */
export class MemoryDatabase implements Database {
  readonly processesMax = 3
  readonly #engine = new MemoryEngine()

  async open(): Promise<Engine> {
    return this.#engine
  }

  async crashIn(window: CrashWindow, commit: () => Promise<void>): Promise<void> {
    if (window === 'after the commit') await commit()
  }

  async crash(): Promise<void> {}

  close(): void {}
}
