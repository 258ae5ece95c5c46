import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CliError } from '../errors.ts'

/** Runs `npm install` in a folder. Throws CliError with what npm said. */
export async function install(folder: string, signal: AbortSignal): Promise<void> {
  // Named, because an npx that runs us tells npm of another folder.
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error']
  const isWindows = process.platform === 'win32'
  const npm = spawn('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: isWindows,
    signal,
  })
  const [said, [code]] = await Promise.all([text(npm.stderr), once(npm, 'close') as Promise<[number | null]>])
  if (code === 0) return
  throw new CliError(
    'failed',
    `npm install failed: ${said.trim()}`,
    `Try it again: cd ${folder} && npm install`,
  )
}
