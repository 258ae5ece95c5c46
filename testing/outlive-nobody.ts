import { type ChildProcess, spawn } from 'node:child_process'

/** Sees to it that a child is killed when this process has ended, even by SIGKILL, which nobody can answer. */
export function outliveNobody(child: ChildProcess): void {
  // Its input closes with us. In no terminal's process group, so that Ctrl-C does not end it first.
  const watcher = spawn('sh', ['-c', 'read -r _; kill -9 "$1"', 'watcher', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.once('exit', () => watcher.kill('SIGKILL'))
}
