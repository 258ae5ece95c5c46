/**
 * Measures and prints what it found, with the budgets beside it:
 *
 *   npm run bench [-- part …] [--engine sqlite|postgres] [--quick] [--rounds n] [--seconds n] [--folder path]
 *
 * Without names all parts run, about an hour; bench/README.md says what each is about.
 */

import { mkdir } from 'node:fs/promises'
import { readOptions } from './options.ts'
import { parts } from './parts/parts.ts'
import { printed } from './report/print.ts'
import { keep } from './report/results-file.ts'

try {
  const { parts: asked, ...options } = readOptions(process.argv.slice(2))
  const unknown = asked.filter(name => !parts.some(part => part.name === name))
  if (unknown.length > 0)
    throw new Error(
      `There is no part ${unknown.join(', ')}. Parts:\n${parts.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join('\n')}`,
    )
  await mkdir(options.folder, { recursive: true })
  for (const part of parts.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const findings = await part.run(options)
    console.log(printed(findings))
    if (!options.quick) keep(findings)
  }
} catch (error) {
  console.error(error instanceof Error && !process.env.PARLEY_BENCH_DEBUG ? error.message : error)
  process.exitCode = 1
}
