/**
 * Fuzzes every method for as long as you like and prints what it finds. `FUZZ_SEED` is the first round's seed,
 * `FUZZ_CALLS` the number of calls to each method; `FUZZ_LOOK_EVERY=1` looks at the whole store after every call that
 * wrote, to see which one it was. `FUZZ_ENGINE=PostgreSQL` has another store than SQLite.
 *
 *   FUZZ_SEED=7 FUZZ_CALLS=100000 node packages/service/test/fuzz/run.ts
 */
import { endpoints } from '../../src/endpoints/index.ts'
import { inspectedSqlite } from '../inspected.ts'
import { inspectedPostgres } from '../inspected-postgres.ts'
import { databases } from '../stores.ts'
import { describeFinding, fuzz } from './fuzz.ts'
import { callsPerRound } from './round.ts'
import { describeTallies } from './tally.ts'
import { TokenDesk } from './world.ts'

const seed = Number(process.env.FUZZ_SEED ?? 1)
const callsPerMethod = Number(process.env.FUZZ_CALLS ?? 10_000)
const lookEvery = Number(process.env.FUZZ_LOOK_EVERY ?? 60)
const inspect = process.env.FUZZ_ENGINE === 'PostgreSQL' ? inspectedPostgres : inspectedSqlite
const desk = await TokenDesk.open()
const calls = Math.min(callsPerMethod, callsPerRound)
const { findings, tallies } = await fuzz({ endpoints, desk, inspect, seed, callsPerMethod, calls, lookEvery })
for (const line of describeTallies(tallies)) console.log(line)
for (const finding of findings) console.log(describeFinding(finding))
console.log(`${findings.length} findings`)
await databases.stop()
process.exitCode = findings.length === 0 ? 0 : 1
