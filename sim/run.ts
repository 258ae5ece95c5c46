/**
 * Simulates for as long as you like, a plan of some thousand steps after the other; the first that breaks a promise is
 * shrunk and printed, ready to be kept.
 *
 *   npm run sim -- --seed 1 --steps 100000 [--database sqlite|memory] [--plan <file>]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Counts } from './counts.ts'
import { MemoryDatabase } from './database/memory-database.ts'
import { SqliteDatabase } from './database/sqlite-database.ts'
import { describeFound, explain } from './hunt.ts'
import { makePlan, type PlannedDeed } from './plan/plan.ts'
import { simulate } from './simulate.ts'

/** Steps of one plan: histories grow, and with them every look at all of them. */
const planSteps = 1000

const databases = { sqlite: () => new SqliteDatabase(), memory: () => new MemoryDatabase() }
const asked = read(process.argv.slice(2))
if (!asked) {
  console.error('Say [--seed 1] [--steps 10000] [--database sqlite|memory] [--plan FILE], and nothing else.')
  process.exit(2)
}
const { open, planFile } = asked

/** `undefined` where it is not understood: a plan of no steps would break no promise. */
function read(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        steps: { type: 'string', default: '10000' },
        database: { type: 'string', default: 'sqlite' },
        plan: { type: 'string' },
      },
    })
    const [seed, steps] = [Number(values.seed), Number(values.steps)]
    if (!Object.hasOwn(databases, values.database) || !(seed >= 0) || !(steps > 0)) return undefined
    const open = databases[values.database as keyof typeof databases]
    return { seed, steps, open, planFile: values.plan }
  } catch {
    return undefined
  }
}

const counts = new Counts()
let [seed, left] = [asked.seed, asked.steps]
const startedAt = performance.now()
for (; left > 0; seed++) {
  const plan = planFile
    ? (JSON.parse(readFileSync(planFile, 'utf8')) as PlannedDeed[])
    : makePlan({ seed, steps: Math.min(left, planSteps) })
  left -= planFile ? left : plan.length
  const simulated = await simulate(plan, { seed, open })
  counts.addAll(simulated.counts)
  const { failure, acknowledged, virtualMs } = simulated
  console.log(
    `seed ${seed}: ${plan.length} steps, ${Math.round(virtualMs / 1000)} s of its time, ${acknowledged} messages acknowledged`,
  )
  if (!failure) continue
  console.log(`seed ${seed}, step ${failure.step}: ${failure.what}; shrinking …`)
  console.log(describeFound(await explain(plan, failure, { seed, open }), seed))
  process.exitCode = 1
  break
}
for (const [what, times] of counts.entries()) console.log(`${String(times).padStart(8)}  ${what}`)
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
