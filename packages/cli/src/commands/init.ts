import { basename, relative, resolve } from 'node:path'
import type { BotAccount } from '../init/bot-account.ts'
import { type Devnet, findDevnet } from '../init/devnet.ts'
import { makeDevnetAccount } from '../init/devnet-account.ts'
import { install } from '../init/install.ts'
import { isClone } from '../init/sdk-source.ts'
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
    .argument('<dir>', 'the folder, which is made')
    .option('--identifier <account>', 'handle of the account that the bot is')
    .option('--service <url>', 'its PDS (default: https://bsky.social)')
    .option('--chat <did#id>', "the chat service (default: Bluesky's)")
    .option('--no-devnet', 'do not look for a devnet on this machine')
    .option('--no-install', 'do not run npm install')
    .addHelpText('after', examples('parley init my-bot && cd my-bot && npm start'))
    .action(
      act(async (run, options: InitOptions, dir: string) => {
        const { world, notes, signal } = run
        const folder = resolve(world.cwd, dir)
        await requireEmpty(folder)
        const isOwn = options.identifier !== undefined || options.service !== undefined
        const devnet = options.devnet && !isOwn ? await findDevnet(world) : undefined
        const account = devnet
          ? await makeDevnetAccount({ devnet, name: basename(folder), fetch: world.fetch })
          : await ownAccount(run, options)
        await writeProject(folder, account)
        if (options.install) {
          await notes.line(notes.paint.dim('Installing the SDK …'))
          await install(folder, signal)
        }
        const { identifier } = account
        const view = { dir: folder, identifier, service: account.pds, devnet: devnet !== undefined }
        if (run.isJson) await run.out.json(view)
        else await showNext(run, { folder, account, devnet, isInstalled: options.install })
      }),
    )

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

interface Made {
  folder: string
  account: BotAccount
  devnet: Devnet | undefined
  isInstalled: boolean
}

async function showNext({ out, world }: Run, { folder, account, devnet, isInstalled }: Made): Promise<void> {
  const { paint } = out
  const where = relative(world.cwd, folder) || '.'
  const whose = account.identifier || 'nobody yet'
  await out.line(
    'Made ',
    paint.bold(where),
    devnet ? `: ${whose}, on the devnet at ${devnet.pds}` : `: ${whose}`,
  )
  if (!account.identifier || !account.appPassword)
    await out.line('Put its account into ', paint.bold(`${where}/.env`))
  await out.line()
  await out.line(`  cd ${where}${isInstalled ? '' : ' && npm install'} && npm start`)
  if (devnet === undefined) return
  await out.line()
  await out.line(
    'Then write to it from another terminal, here, as alice (passwords are at ',
    devnet.page,
    '):',
  )
  await out.line()
  const parley = isClone ? 'npx parley' : 'parley'
  await out.line(`  ${parley} login alice.test --service ${devnet.pds}`)
  await out.line(`  ${parley} send ${whose} /ping && ${parley} read ${whose}`)
}
