import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk in memory, mounted on a folder of its own. */
export interface SmallDisk extends Disposable {
  folder: string
  resize(bytes: number): void
  makeReadOnly(): void
}

/** `undefined` where this process may not mount. */
export function mountSmallDisk(bytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder)
  } catch {
    rmdirSync(folder)
    return undefined
  }
  return {
    folder,
    resize: size => run('mount', '-o', `remount,size=${size}`, folder),
    makeReadOnly: () => run('mount', '-o', 'remount,ro', folder),
    [Symbol.dispose]() {
      run('umount', folder)
      rmdirSync(folder)
    },
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' })
}
