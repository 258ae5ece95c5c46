import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { type BotAccount, envFileOf, withAccount } from './bot-account.ts'

/** Whether a folder holds a bot as `init` makes them. */
export async function isBot(folder: string): Promise<boolean> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
  return manifest.includes('"@parley/sdk"')
}

/** Throws CliError `usage` where no bot is in the folder. */
export async function requireBot(folder: string): Promise<void> {
  if (await isBot(folder)) return
  throw new CliError('usage', `${folder} holds no bot`, 'Without --renew, one is made there.')
}

/** Gives a bot another account. What it has kept of the old one is of no use any more, and goes. */
export async function renewAccount(folder: string, account: BotAccount): Promise<void> {
  const path = join(folder, '.env')
  const old = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const text = old === undefined ? envFileOf(account) : withAccount(old, account)
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
  await rm(join(folder, '.state'), { recursive: true, force: true })
}
