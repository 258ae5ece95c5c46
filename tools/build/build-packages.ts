import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundle } from './bundle.ts'
import { compile } from './compile.ts'
import { removeDeclarations } from './declarations.ts'
import { licensesFile, licensesOf } from './licenses.ts'
import { publishedManifest } from './manifest.ts'
import { placePrograms } from './programs.ts'
import { type Source, sources } from './source-packages.ts'

export interface Built {
  name: string
  /** Its folder, or its tarball. */
  path: string
}

/** Where `npm run build` puts the packages. */
export const dist: string = join(import.meta.dirname, '../../dist')

const license = join(import.meta.dirname, '../../LICENSE')

/** Builds all packages that are for others into `<folder>/<package>`, anew. Throws what the compiler says. */
export function buildPackages(folder: string): Built[] {
  const to = resolve(folder)
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  const packages = sources()
  compile(packages, to)
  return packages.map(source => finish(source, join(to, source.folder)))
}

/** Packages that are one bundle: those that pages load and short programs import. */
const bundled = new Set(['sdk'])

/** What is in a package's folder and is not for others as it is. */
const ours = new Set(['package.json', 'src', 'bin', 'test', 'node_modules'])

/** Puts beside the compiled files whatever else belongs into the package. */
function finish(source: Source, to: string): Built {
  const { folder, path, manifest } = source
  if (bundled.has(folder)) writeFileSync(join(to, licensesFile), licensesOf(bundle(source, to)))
  if (manifest.exports === undefined) removeDeclarations(to)
  placePrograms(join(path, 'bin'), join(to, 'bin'))
  for (const name of readdirSync(path))
    if (!ours.has(name)) cpSync(join(path, name), join(to, name), { recursive: true })
  cpSync(license, join(to, 'LICENSE'))
  const published = publishedManifest(manifest, readdirSync(to))
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
  return { name: manifest.name, path: to }
}
