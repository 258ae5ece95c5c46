import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildPackages } from '../build-packages.ts'
import { packPackages } from '../pack-packages.ts'

const run = promisify(execFile)

/** Somebody's project in an empty folder, outside this repository. */
export interface Project extends Disposable {
  folder: string
  /** Installs our packages as they would be published, by name, and others by name and version. */
  install(ours: readonly string[], others?: readonly string[]): Promise<void>
  /** Copies a program from `programs/` here. Returns its path. */
  add(program: string): string
}

/** Tarballs of all packages, made once for all projects of a process. */
let tarballs: Map<string, string> | undefined

export function emptyProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'parley-installed-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  return {
    folder,
    install: async (ours, others = []) => {
      tarballs ??= makeTarballs()
      await npmInstall(folder, [...ours.map(name => tarballs!.get(name)!), ...others])
    },
    add: program => {
      cpSync(join(import.meta.dirname, 'programs', program), join(folder, program))
      return join(folder, program)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export async function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--save-exact']
  await run('npm', ['install', ...options, ...packages], { cwd: folder })
}

function makeTarballs(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-packages-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const packed = packPackages(buildPackages(join(folder, 'built')), join(folder, 'packed'))
  return new Map(packed.map(({ name, path }) => [name, path]))
}
