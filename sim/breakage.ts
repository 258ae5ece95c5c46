import type { Engine } from '../packages/service/src/store/engine.ts'
import type { Database } from './database/database.ts'

/** Ways to break the service on purpose, to see that it is found. */
export interface Breakage {
  database(database: Database): Database
  /** Of one process, each time it starts. */
  engine(engine: Engine): Engine
  /** The same, beyond the scheduler. */
  scheduled(engine: Engine): Engine
}

export const nothingBroken: Breakage = {
  database: database => database,
  engine: engine => engine,
  scheduled: engine => engine,
}
