/**
 * Makes of every package under packages/ what others can install: JavaScript with declarations, in dist/<folder>.
 *
 *   node tools/build.ts                  dist/sdk, dist/lexicons …
 *   node tools/build.ts --pack <folder>  and their tarballs, as npm would publish them
 */
import { parseArgs } from 'node:util'
import { buildPackages, dist } from './build/build-packages.ts'
import { packPackages } from './build/pack-packages.ts'

const { values } = parseArgs({ options: { pack: { type: 'string' } } })
const built = buildPackages(dist)
const made = values.pack === undefined ? built : packPackages(built, values.pack)
for (const { name, path } of made) console.log(`${name}  ${path}`)
