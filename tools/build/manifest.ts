/** A package.json, as far as the build looks at it. */
export interface Manifest {
  name: string
  version: string
  private?: boolean
  exports?: Record<string, string>
  bin?: Record<string, string>
  [field: string]: unknown
}

/** The package.json of the built package: what it exports is JavaScript, and nothing is left of how it is worked on. */
export function publishedManifest(manifest: Manifest, files: readonly string[]): object {
  const { devDependencies: _, scripts: __, exports, ...kept } = manifest
  return {
    ...kept,
    ...(exports && { exports: compiledExports(exports) }),
    files,
    publishConfig: { access: 'public' },
  }
}

function compiledExports(exports: Record<string, string>): Record<string, object | string> {
  return Object.fromEntries(
    Object.entries(exports).map(([name, source]) => {
      if (!source.endsWith('.ts')) return [name, source] // such as package.json
      const base = source.replace(/\.ts$/, '')
      return [name, { types: `${base}.d.ts`, default: `${base}.js` }]
    }),
  )
}
