import { execFileSync } from 'node:child_process'

/** Where the shell finds a program, as `command -v` in `.ci/run`. Throws where it finds none. */
export function programPath(name: string): string {
  try {
    return execFileSync('sh', ['-c', 'command -v -- "$0"', name], { encoding: 'utf8' }).trim()
  } catch {
    throw new Error(`${name} is not installed: apt-get install -y ${name}`)
  }
}
