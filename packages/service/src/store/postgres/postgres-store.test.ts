import { after, before, describe } from 'node:test'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import type { Clock } from '../../clock.ts'
import { storeContract } from '../contract/store-contract.ts'
import { openPostgresStore } from './postgres-store.ts'

describe('the PostgreSQL store', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())

  storeContract(async (clock: Clock) =>
    openPostgresStore({ address: await postgres.createDatabase(), clock }),
  )
})
