import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Built } from './build-packages.ts'

/** The tarballs of built packages, in this folder. Throws what npm says. */
export function packPackages(built: readonly Built[], to: string): Built[] {
  mkdirSync(to, { recursive: true })
  const folders = built.map(({ path }) => path)
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', to, ...folders], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const packed: { name: string; filename: string }[] = Object.values(JSON.parse(output))
  return packed.map(({ name, filename }) => ({ name, path: join(to, filename) }))
}
