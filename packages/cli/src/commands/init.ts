import { basename, relative, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { type BotAccount, missingOf } from '../init/bot-account.ts'
import { findDevnet } from '../init/devnet.ts'
import { makeDevnetAccount } from '../init/devnet-account.ts'
import { install } from '../init/install.ts'
import { fillIn, type Made, nextSteps } from '../init/next-steps.ts'
import { renewAccount, requireBot } from '../init/renew.ts'
import { requireEmpty, writeProject } from '../init/write-project.ts'
import { ask, canAsk } from '../prompts.ts'
import type { Run } from '../run.ts'
import { type AddCommand, examples } from './command.ts'
import { chatFrom, serviceFrom } from './login.ts'

interface InitOptions {
  /** `false` of `--no-devnet`. */
  devnet: boolean
  /** `false` of `--no-install`. */
  install: boolean
  renew?: boolean
  identifier?: string
  service?: string
  chat?: string
}

export const init: AddCommand = (parent, act) =>
  parent
    .command('init')
    .description(
      'make a bot that runs, in a folder of its own; where a devnet runs here, with an account there',
    )
    .argument(
      '<dir>',
      'the folder, which is made; on a devnet the account is called as it is, such as my-bot.test',
    )
    .option('--identifier <account>', 'handle of the account that the bot is')
    .option('--service <url>', 'its PDS (default: https://bsky.social)')
    .option('--chat <did#id>', "the chat service (default: Bluesky's)")
    .option('--no-devnet', 'do not look for a devnet on this machine')
    .option('--no-install', 'do not run npm install')
    .option('--renew', 'give the bot that is in the folder another account; what it kept of the old one goes')
    .addHelpText(
      'after',
      examples('parley init my-bot && cd my-bot && npm start', 'parley init my-bot --renew') +
        '\nA handle has 3 letters at least: on a devnet, x becomes x-bot.test.\n',
    )
    .action(
      act(async (run, options: InitOptions, dir: string) => {
        const folder = resolve(run.world.cwd, dir)
        await (options.renew ? requireBot(folder) : requireEmpty(folder))
        const { account, devnet } = await accountFor(run, options, basename(folder))
        if (options.renew) await renewAccount(folder, account)
        else await writeProject(folder, account)
        if (options.install && !options.renew) {
          await run.notes.line(run.notes.paint.dim('Installing the SDK …'))
          await install(folder, run.signal)
        }
        const where = relative(run.world.cwd, folder) || '.'
        await tell(run, { folder, where, account, devnet, isInstalled: options.install }, options)
      }),
    )

/** On a devnet that runs here, unless the user has an account for it. Throws CliError `usage` where there is none to renew with. */
async function accountFor(run: Run, options: InitOptions, name: string) {
  const isOwn = options.identifier !== undefined || options.service !== undefined
  const devnet = options.devnet && !isOwn ? await findDevnet(run.world) : undefined
  const account = devnet
    ? await makeDevnetAccount({ devnet, name, fetch: run.world.fetch })
    : await ownAccount(run, options)
  if (options.renew && missingOf(account).length > 0)
    throw new CliError(
      'usage',
      'there is no other account for it',
      'Start a devnet (parley dev), or give --identifier and, in the environment, PARLEY_APP_PASSWORD.',
    )
  return { account, devnet }
}

async function ownAccount({ world }: Run, { identifier, service, chat }: InitOptions): Promise<BotAccount> {
  const { env } = world
  const named = identifier ?? (env.PARLEY_IDENTIFIER || undefined)
  const isAsked = canAsk(world)
  const account =
    named ??
    (isAsked ? await ask(world, { message: 'Handle of the bot', placeholder: 'my-bot.example.com' }) : '')
  const password =
    env.PARLEY_APP_PASSWORD ||
    (isAsked
      ? await ask(world, { message: 'Its app password (with access to direct messages)', isSecret: true })
      : '')
  const pds = service ?? (env.PARLEY_PDS || undefined)
  return {
    identifier: account,
    appPassword: password,
    pds: pds === undefined ? undefined : serviceFrom(pds),
    chat: chatFrom(chat ?? (env.PARLEY_CHAT || undefined)),
  }
}

async function tell(run: Run, made: Made & { folder: string }, { renew }: InitOptions): Promise<void> {
  const { out, notes } = run
  const { folder, where, account, devnet } = made
  const { identifier, pds } = account
  const missing = missingOf(account)
  if (run.isJson) {
    const dir = { dir: folder, identifier, service: pds, devnet: devnet !== undefined }
    await out.json({ ...dir, ...(missing.length > 0 && { missing }) })
  } else {
    const whose = identifier || 'nobody yet'
    const on = devnet ? `, on the devnet at ${devnet.pds}` : ''
    await out.line(renew ? 'Renewed ' : 'Made ', out.paint.bold(where), `: ${whose}${on}`)
  }
  // Also where programs read the output: a bot without an account is easily taken for one that runs.
  const request = fillIn(made)
  if (request) await notes.line(notes.paint.yellow(request))
  if (!run.isJson) for (const line of nextSteps(made)) await out.line(line)
}
