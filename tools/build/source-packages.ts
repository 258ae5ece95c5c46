import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Manifest } from './manifest.ts'

/** A package of this repository that is for others. */
export interface Source {
  /** Name of its folder under packages/. */
  folder: string
  path: string
  manifest: Manifest
}

const packagesFolder = join(import.meta.dirname, '../../packages')

/** All of them but the private ones. */
export function sources(): Source[] {
  return globSync('*/package.json', { cwd: packagesFolder })
    .sort()
    .map(file => join(packagesFolder, file))
    .map(file => ({
      folder: basename(dirname(file)),
      path: dirname(file),
      manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true)
}
