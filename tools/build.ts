/**
 * Makes of every package under packages/ what others can install: JavaScript with declarations.
 *
 *   node tools/build.ts                  as folders: dist/sdk, dist/lexicons …
 *   node tools/build.ts --pack <folder>  as tarballs, as npm would publish them; dist/ stays as it is
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Built, buildPackages, dist } from './build/build-packages.ts'
import { packPackages } from './build/pack-packages.ts'

const { values } = parseArgs({ options: { pack: { type: 'string' } } })
const made = values.pack === undefined ? buildPackages(dist) : packedInto(values.pack)
for (const { name, path } of made) console.log(`${name}  ${path}`)

function packedInto(folder: string): Built[] {
  const built = mkdtempSync(join(tmpdir(), 'parley-built-'))
  try {
    return packPackages(buildPackages(built), folder)
  } finally {
    rmSync(built, { recursive: true, force: true })
  }
}
