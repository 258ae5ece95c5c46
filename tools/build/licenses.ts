import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a package says whose code it contains. */
export const licensesFile = 'THIRD-PARTY-LICENSES.txt'

/** The licenses of the packages in these folders, one after another. Throws where one has none. */
export function licensesOf(folders: readonly string[]): string {
  return folders
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const [file] = globSync('{LICENSE,LICENCE,license}*', { cwd: folder })
      if (file === undefined) throw new Error(`${name} has no license file: it cannot be put into a bundle.`)
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
    })
    .join('\n---\n\n')
}
