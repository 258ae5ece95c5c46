import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** A disk in memory on a folder of its own, that nobody sees but what is run within. */
export interface SmallDisk extends AsyncDisposable {
  folder: string
  /** Before a command: it sees the disk. */
  within: readonly string[]
  resize(bytes: number): void
  /** Only while no file is open for writing. */
  makeReadOnly(): void
  makeWritable(): void
}

/** Holds what it has made for as long as its input is open. */
const holding = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo mounted && read -r _'

/**
 * In a mount namespace of its own, so that it goes with this process whatever becomes of it. Who is not root has to be
 * root of a user namespace for that. Throws where neither is allowed.
 */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const isRoot = process.getuid!() === 0
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  const unshared = [...(isRoot ? [] : ['--user', '--map-root-user']), '--mount']
  const holder = spawn('unshare', [...unshared, 'sh', '-c', holding, 'disk', String(bytes), folder], {
    stdio: 'pipe',
  })
  const complaint = text(holder.stderr)
  const gone = once(holder, 'exit')
  const mounted = await Promise.race([once(holder.stdout, 'data'), gone.then(() => undefined)])
  if (!mounted) {
    rmdirSync(folder)
    throw new Error(
      `This test needs a disk of its own, and may not mount one: ${(await complaint).trim()}. Run it as root, or let` +
        ' everybody make user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)',
    )
  }
  const entering = isRoot ? [] : ['--user', '--preserve-credentials']
  const within = ['nsenter', '--target', String(holder.pid), ...entering, '--mount']
  const remount = (option: string) =>
    run([...within, 'mount', '--options-mode', 'ignore', '-o', `remount,${option}`, folder])
  return {
    folder,
    within,
    resize: size => remount(`size=${size}`),
    makeReadOnly: () => remount('ro'),
    makeWritable: () => remount('rw'),
    async [Symbol.asyncDispose]() {
      holder.stdin.end()
      await gone
      rmdirSync(folder)
    },
  }
}

function run([command, ...args]: string[]): void {
  execFileSync(command!, args, { stdio: 'pipe' })
}
