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

const { positionals, values } = parseArgs({
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
if (command === 'kill') process.exitCode = (await kill()) ? 0 : 1
else if (command === 'check' && folder !== undefined)
  process.exitCode = print(check(readStory(folder))) ? 0 : 1
else {
  console.error('Say `kill`, with --engine, --rounds, --seed, --processes, or `check FOLDER`.')
  process.exitCode = 2
}

async function kill(): Promise<boolean> {
  const [rounds, seed, processes] = [values.rounds, values.seed, values.processes].map(Number) as [
    number,
    number,
    number,
  ]
  await using database = await startDatabase(values.engine)
  console.log(`${values.engine}, ${rounds} rounds, seed ${seed}, ${processes} process(es)`)
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
  if (isGood && !values.keep) result.forget()
  else console.log(`History and final state: ${result.folder} (npm run faults -- check ${result.folder})`)
  return isGood
}

function print(flaws: readonly Flaw[]): boolean {
  for (const { invariant, text } of flaws.slice(0, 100)) console.log(`${invariant}: ${text}`)
  console.log(`${flaws.length} flaws`)
  return flaws.length === 0
}
