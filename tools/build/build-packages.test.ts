import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Built, buildPackages } from './build-packages.ts'

const imports = /(?:^(?:import|export|}).* from |^import |\bimport\()['"]([^'"\s]+)['"]/gm

describe('the packages for others', () => {
  let folder: string
  let built: Built[]
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-build-'))
    built = buildPackages(folder)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const manifestOf = ({ path }: Built) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))

  it('are those of packages/', () => {
    const names = globSync('packages/*/package.json').map(file => JSON.parse(readFileSync(file, 'utf8')).name)
    assert.deepEqual(built.map(({ name }) => name).sort(), names.sort())
  })

  it('hold what they export: JavaScript and declarations', () => {
    for (const one of built) {
      const { exports = {}, bin = {} } = manifestOf(one)
      const files = Object.values<string | Record<string, string>>(exports).flatMap(entry =>
        typeof entry === 'string' ? entry : Object.values(entry),
      )
      for (const file of [...files, ...Object.values<string>(bin)])
        assert.notDeepEqual(
          globSync(file.replace('*', '**/*'), { cwd: one.path }),
          [],
          `${one.name}: ${file}`,
        )
    }
  })

  it('hold no test, and nothing in TypeScript but declarations', () => {
    for (const { path } of built) {
      const files = globSync('**/*', { cwd: path })
      assert.deepEqual(
        files.filter(file => /\.test\.|\/testing\/|(?<!\.d)\.ts$/.test(file)),
        [],
      )
    }
  })

  it('import nothing that is not among what they depend on', () => {
    for (const one of built) {
      const { dependencies = {}, peerDependencies = {} } = manifestOf(one)
      const known = Object.keys({ ...dependencies, ...peerDependencies })
      for (const file of globSync('**/*.{js,d.ts}', { cwd: one.path })) {
        const text = readFileSync(join(one.path, file), 'utf8')
        for (const [, name = ''] of text.matchAll(imports)) {
          if (name.startsWith('.'))
            assert.ok(leadsSomewhere(join(one.path, file, '..', name)), `${file}: ${name}`)
          else if (!name.startsWith('node:'))
            assert.ok(
              known.some(other => name === other || name.startsWith(`${other}/`)),
              `${one.name} ${file}: ${name}`,
            )
        }
      }
    }
  })

  it('say whose code they contain', () => {
    const sdk = built.find(({ name }) => name === '@parley/sdk')!
    const licenses = readFileSync(join(sdk.path, 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    assert.match(licenses, /^@atcute\/bluesky \d/m)
    assert.match(licenses, /^esm-env [\s\S]*Permission is hereby granted/m)
  })
})

/** In declarations a `.js` stands for the `.d.ts` beside it. */
function leadsSomewhere(path: string): boolean {
  return existsSync(path) || existsSync(path.replace(/\.js$/, '.d.ts'))
}
