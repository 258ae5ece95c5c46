import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Source } from './source-packages.ts'

/**
 * Puts the modules of a package, and those of its dependencies, into few files: one for each entry and what several share.
 * A hundred files take four times as long to import. Returns the folders of the dependencies that are in there.
 */
export function bundle({ path, manifest }: Source, to: string): string[] {
  for (const file of globSync('**/*.{js,js.map}', { cwd: to })) rmSync(join(to, file))
  const { metafile } = buildSync({
    entryPoints: Object.values(manifest.exports ?? {})
      .filter(entry => entry.endsWith('.ts'))
      .map(entry => join(path, entry)),
    absWorkingDir: path,
    outbase: path,
    outdir: to,
    chunkNames: 'src/shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['production'],
    target: 'es2022',
    external: ['node:*', ...Object.keys(manifest.peerDependencies ?? {})],
    sourcemap: true,
    metafile: true,
  })
  const inputs = Object.keys(metafile.inputs).map(input => join(path, input))
  const folders = inputs.flatMap(input => /^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? [])
  return [...new Set(folders)].sort()
}
