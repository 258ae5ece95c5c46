import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../errors.ts'
import { type BotAccount, envFileOf } from './bot-account.ts'
import { isBot } from './renew.ts'
import { sdkFor } from './sdk-source.ts'

const template = fileURLToPath(new URL('../../template', import.meta.url))

/** Throws CliError `usage` where something is in the folder already. */
export async function requireEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (found.length === 0) return
  const hint = (await isBot(folder))
    ? 'A bot is in it: --renew gives it another account.'
    : 'Name a folder that is not there yet.'
  throw new CliError('usage', `${folder} is not empty`, hint)
}

/** Makes a folder with a bot in it, ready for `npm install`: whole, or not at all. */
export async function writeProject(folder: string, account: BotAccount): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const part = await mkdtemp(`${folder}.part-`)
  try {
    await fill(part, { name: basename(folder), account })
    await mkdir(folder, { recursive: true })
    // One by one: the folder may be there, and be the one that its user stands in.
    for (const name of await readdir(part)) await rename(join(part, name), join(folder, name))
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

async function fill(folder: string, { name, account }: { name: string; account: BotAccount }): Promise<void> {
  await cp(template, folder, { recursive: true })
  // npm leaves files of that name out of packages.
  await rename(join(folder, 'gitignore'), join(folder, '.gitignore'))
  await writeFile(join(folder, '.env'), envFileOf(account), { mode: 0o600 })
  const manifest = {
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[._-]+/, '') || 'my-bot',
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.12' },
    scripts: {
      start: 'node --env-file=.env bot.js',
      dev: 'node --watch --env-file=.env bot.js',
    },
    dependencies: await sdkFor(folder),
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
}
