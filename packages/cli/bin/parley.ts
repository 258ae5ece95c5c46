/** The command `parley`: hands the process to the program, and ends with its exit code. */
import { homedir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@parley/sdk'
import { main } from '../src/main.ts'
import { Interrupted } from '../src/world.ts'

const clock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    wait(ms, undefined, { ...(signal && { signal }) }).catch(error => {
      throw signal?.aborted ? signal.reason : error
    }),
}

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Only one of each: a second Ctrl-C ends the process at once.
  process.once(signal, () => interrupted.abort(new Interrupted(signal)))
}
// Whoever reads us may stop reading (`parley ls | head -1`). The write that fails says so to the program.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const exitCode = await main({
  args: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  home: homedir(),
  clock,
  timeZone: undefined,
  fetch: (input, init) => fetch(input, init),
  signal: interrupted.signal,
})
// Idle connections that a server keeps open would hold the process.
process.exit(exitCode)
