import type { Clock } from '../../clock.ts'
import { EngineStore } from '../engine-store.ts'
import type { Store } from '../store.ts'
import { MemoryEngine } from './memory-engine.ts'

/** A store that forgets: for tests, and as the oracle of the others. */
export function memoryStore(clock: Clock): Store {
  return new EngineStore(new MemoryEngine(), clock)
}
