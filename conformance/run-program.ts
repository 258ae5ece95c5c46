import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

export interface Program {
  command: string
  args: string[]
  cwd?: string
  /** All that it gets: nothing of this process's environment but its PATH and HOME. */
  env?: Record<string, string>
}

/** Runs a program to its end. Throws only where it cannot be started. */
export async function runProgram({ command, args, cwd, env = {} }: Program): Promise<Finished> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}
