import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packedPackages } from './packed-packages.ts'

/** The dependencies of a project that uses the SDK, as its package.json names them. */
export type Dependencies = Record<string, string>

/** Whether this program runs from its sources, and is not installed. */
export const isClone: boolean = import.meta.url.endsWith('.ts')

/** From a clone, whose packages nobody can download, the SDK is built and put beside the project. */
export function sdkFor(folder: string): Promise<Dependencies> {
  return isClone ? vendored(folder) : published()
}

/** The SDK that this program is made for. */
async function published(): Promise<Dependencies> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> }
  return { '@parley/sdk': dependencies['@parley/sdk']! }
}

async function vendored(folder: string): Promise<Dependencies> {
  const packed = await packedPackages()
  const vendor = join(folder, 'vendor')
  await mkdir(vendor)
  const dependencies: Dependencies = {}
  for (const file of await readdir(packed)) {
    const [, name] = /^parley-(sdk|lexicons)-.*\.tgz$/.exec(file) ?? []
    if (name === undefined) continue
    await copyFile(join(packed, file), join(vendor, file))
    dependencies[`@parley/${name}`] = `file:vendor/${file}`
  }
  return dependencies
}
