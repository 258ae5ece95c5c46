import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What a program weighs that is in this folder, with everything that it imports: minified and compressed, in bytes. */
export async function bundledBytes(source: string, folder: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}
