import { execFileSync } from 'node:child_process'

/** An account of this machine by its name, for a child process. */
export function accountOf(name: string): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map(kind => Number(execFileSync('id', [kind, name], { encoding: 'utf8' })))
  return { uid: uid!, gid: gid! }
}
