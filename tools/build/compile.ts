import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renameImports } from './declarations.ts'
import type { Source } from './source-packages.ts'

const root = join(import.meta.dirname, '../..')

/** What tests need is not for others. */
const excluded = ['**/*.test.ts', '**/testing/**', '**/contract/**', '**/test-*.ts']

/** Compiles the packages into folders of their names below `to`, laid out as their sources are. */
export function compile(packages: readonly Source[], to: string): void {
  const config = join(to, 'tsconfig.json')
  writeFileSync(config, JSON.stringify(tsconfig(packages, to)))
  const compiler = join(root, 'node_modules/.bin/tsc')
  const { status, stdout, stderr, error } = spawnSync(compiler, ['--project', config], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The packages do not compile.\n${stdout}${stderr}${error ?? ''}`)
  rmSync(config)
  renameImports(to)
}

function tsconfig(packages: readonly Source[], to: string): object {
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      // The oldest Node that the SDK is for knows no more.
      target: 'es2022',
      rootDir: join(root, 'packages'),
      outDir: to,
      noEmit: false,
      rewriteRelativeImportExtensions: true,
      declaration: true,
      sourceMap: true,
      inlineSources: true,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: packages.flatMap(({ path }) => [join(path, 'src'), join(path, 'bin')]),
    exclude: excluded.map(pattern => join(root, 'packages', pattern)),
  }
}
