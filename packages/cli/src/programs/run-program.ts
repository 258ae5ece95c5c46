import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CliError } from '../errors.ts'
import type { World } from '../world.ts'

export interface Program {
  /** The package that brings it. */
  package: string
  /** Its name among the programs of that package. */
  bin: string
  args: readonly string[]
  /** Over the environment. */
  env?: Record<string, string>
}

/** Runs a program of another package, with our terminal, until it ends. Throws CliError where it is not there or fails. */
export async function runProgram(program: Program, world: World): Promise<void> {
  const path = pathOf(program)
  const env = { ...world.env, ...program.env }
  const child = spawn(process.execPath, [path, ...program.args], { stdio: 'inherit', env, cwd: world.cwd })
  const passOn = () => {
    // A terminal tells all of its programs about Ctrl-C; twice would mean "at once".
    const isTold = world.stdin.isTTY && world.signal.reason.by === 'SIGINT'
    if (!isTold) child.kill(world.signal.reason.by)
  }
  world.signal.addEventListener('abort', passOn, { once: true })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0 && !world.signal.aborted)
    throw new CliError('failed', `${program.bin} ended with code ${code}`)
}

function pathOf({ package: name, bin }: Program): string {
  const manifest = find(`${name}/package.json`)
  if (manifest === undefined)
    throw new CliError(
      'failed',
      `${name} is not installed`,
      `It needs Node 24 or newer; then install it where parley is: npm install -g ${name}`,
    )
  const { bin: bins } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> }
  return join(dirname(manifest), bins[bin]!)
}

function find(path: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(path)
  } catch {
    return undefined
  }
}
