import type { Clock } from '../../clock.ts'
import { EngineStore } from '../engine-store.ts'
import { HeadCache } from '../head-cache.ts'
import type { Store } from '../store.ts'
import type { WakeUps } from '../wake-ups.ts'
import { placeOf, readAddress } from './address.ts'
import { connect } from './driver.ts'
import { failureOf } from './failures.ts'
import { PostgresEngine } from './postgres-engine.ts'
import { migrate } from './schema.ts'

export interface PostgresStoreOptions {
  /** As readAddress() has it; the database must exist. */
  address: string
  clock: Clock
  /** How the processes that share the database tell each other. Default: they do not. */
  wakeUps?: WakeUps
}

/** A store that several processes may share. */
export async function openPostgresStore({ address, clock, wakeUps }: PostgresStoreOptions): Promise<Store> {
  const engine = await openPostgresEngine(address)
  const rows = new HeadCache(engine, clock)
  wakeUps?.onNews(({ accounts }) => rows.outdate(accounts))
  return new EngineStore(engine, clock, { rows, wakeUps })
}

export async function openPostgresEngine(text: string): Promise<PostgresEngine> {
  const address = readAddress(text)
  const driver = connect(address)
  try {
    await migrate(driver)
  } catch (cause) {
    if (failureOf(cause) === 'bug') throw cause
    throw new Error(`Cannot open the database ${placeOf(address)}: ${(cause as Error).message}`)
  } finally {
    await driver.end({ timeout: 0 })
  }
  return new PostgresEngine(address)
}
