/** A thread that fuzzes its share and reports: see workers.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { endpoints } from '../../src/endpoints/index.ts'
import { inspectedSqlite } from '../inspected.ts'
import { fuzz } from './fuzz.ts'
import { TokenDesk } from './world.ts'

/** Which rounds: `callsPerMethod` calls to each method, the first round with this seed. */
export interface Share {
  seed: number
  callsPerMethod: number
}

const desk = await TokenDesk.open()
parentPort!.postMessage(await fuzz({ endpoints, desk, inspect: inspectedSqlite, ...(workerData as Share) }))
