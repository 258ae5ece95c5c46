import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'

/**
 * What a page loads to begin with a program that is in this folder: all that it imports but what it loads later, minified
 * and compressed, in bytes.
 */
export async function bundledBytes(source: string, folder: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: folder, loader: 'ts' },
    absWorkingDir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir: 'out',
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  const loaded = loadedFirst(metafile.outputs)
  const sizes = outputFiles
    .filter(({ path }) => loaded.some(name => path.endsWith(name)))
    .map(({ contents }) => gzipSync(contents, { level: 9 }).length)
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The file of the program, and those that it cannot begin without. */
function loadedFirst(outputs: Metafile['outputs']): string[] {
  const [entry] = Object.keys(outputs).filter(name => outputs[name]!.entryPoint === '<stdin>')
  const loaded = new Set<string>()
  const load = (name: string) => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const { path, kind } of outputs[name]!.imports) if (kind === 'import-statement') load(path)
  }
  load(entry!)
  return [...loaded]
}
