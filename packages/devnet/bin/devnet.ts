#!/usr/bin/env node
import { type CommandLine, parseCommandLine, UsageError, usage } from '../src/command-line.ts'
import { DevnetError, PortTakenError } from '../src/errors.ts'
import { table } from '../src/table.ts'

// Databases are made here: for their owner's eyes only.
process.umask(0o077)

const parentCheckMs = 500

/** Only one of each signal is awaited: a second Ctrl-C ends the process at once. */
function toldToStop(untilStdinCloses: boolean): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (untilStdinCloses) process.stdin.on('close', resolve).resume()
    if (process.env.npm_lifecycle_event) whenParentEnds(resolve)
  })
}

/** npm hands SIGTERM to the shell between us, which dies without telling us; all that is seen is another parent. */
function whenParentEnds(tell: () => void): void {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && tell(), parentCheckMs)
}

async function run(line: CommandLine): Promise<void> {
  const stop = toldToStop(line.untilStdinCloses)
  // The PDS and the PLC directory would write their logs to standard output, which is ours.
  if (!process.env.LOG_DESTINATION) delete process.env.LOG_ENABLED
  // Not at the top: they read the variable above when they are loaded, which takes seconds.
  const { Devnet } = await import('../src/devnet.ts')
  const { dataDir, json, ports } = line
  const options = { ports, logLevel: 'error', ...(dataDir !== undefined && { dataDir }) } as const
  await using devnet = await Devnet.create(options)
  const network = devnet.describe()
  process.stdout.write(json ? `${JSON.stringify(network)}\n` : table(network, dataDir))
  await stop
}

function complaint(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`
  if (error instanceof PortTakenError) return `${error.message}\nFor example: npm start -- --ports free\n`
  if (error instanceof DevnetError) return `${error.message}\n`
  return `${error instanceof Error ? error.stack : String(error)}\n`
}

try {
  const line = parseCommandLine(process.argv.slice(2))
  if (line.help) process.stdout.write(usage)
  else await run(line)
  process.exitCode = 0
} catch (error) {
  process.stderr.write(complaint(error))
  process.exitCode = 1
}
// Idle connections that a client keeps open would hold the process for minutes.
process.exit()
