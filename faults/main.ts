/**
 * Kills and checks at length; docs/reliability.md says what for.
 *
 *   npm run faults -- kill [--engine sqlite|postgres] [--rounds 300] [--seed N] [--processes 1] [--keep]
 *   npm run faults -- check FOLDER
 */
import { parseArgs } from 'node:util'
import { check, type Flaw } from './checker/check.ts'
import { readStory } from './checker/history.ts'
import { startDatabase } from './kill/databases.ts'
import { killRounds } from './kill/kill-rounds.ts'

const usage = `Say
  kill [--engine sqlite|postgres] [--rounds 300] [--seed N] [--processes 1] [--keep]
  check FOLDER`

const asked = read(process.argv.slice(2))
if (typeof asked === 'string') {
  console.error(asked)
  process.exitCode = 2
} else {
  const isGood = 'folder' in asked ? print(check(readStory(asked.folder))) : await kill(asked)
  process.exitCode = isGood ? 0 : 1
}

interface Kill {
  engine: string
  rounds: number
  seed: number
  processes: number
  keep: boolean
}

/** What is asked for, or a sentence that says what is wrong with it. */
function read(args: string[]): Kill | { folder: string } | string {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'sqlite' },
        rounds: { type: 'string', default: '300' },
        seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
        processes: { type: 'string', default: '1' },
        keep: { type: 'boolean', default: false },
      },
    })
    const [command, folder] = positionals
    if (command === 'check' && folder !== undefined) return { folder }
    if (command !== 'kill') return usage
    // A story of no rounds would have no flaws.
    const [rounds, seed, processes] = [values.rounds, values.seed, values.processes].map(Number)
    if (!(rounds! > 0) || !(seed! >= 0) || !(processes! > 0)) return usage
    if (!['sqlite', 'postgres'].includes(values.engine)) return usage
    if (values.engine === 'sqlite' && processes! > 1) return 'SQLite has one process: add --engine postgres'
    return { ...values, rounds: rounds!, seed: seed!, processes: processes! }
  } catch {
    return usage
  }
}

async function kill({ engine, rounds, seed, processes, keep }: Kill): Promise<boolean> {
  await using database = await startDatabase(engine)
  console.log(`${engine}, ${rounds} rounds, seed ${seed}, ${processes} process(es)`)
  const startedAt = performance.now()
  const result = await killRounds({
    database: database.address,
    disturb: database.disturb,
    rounds,
    seed,
    processes,
    report: round => {
      if (round % 25 === 0)
        console.log(`${round} rounds, ${Math.round((performance.now() - startedAt) / 1000)} s`)
    },
  })
  console.log(
    `${result.acknowledged} acknowledged sends, ${result.unanswered} calls left unanswered by kills`,
  )
  const isGood = print(result.flaws)
  if (isGood && !keep) result.forget()
  else console.log(`History and final state: ${result.folder} (npm run faults -- check ${result.folder})`)
  return isGood
}

function print(flaws: readonly Flaw[]): boolean {
  for (const { invariant, text } of flaws.slice(0, 100)) console.log(`${invariant}: ${text}`)
  console.log(`${flaws.length} flaws`)
  return flaws.length === 0
}
