import { type Credentials, logIn } from '../accounts/log-in.ts'
import { CliError } from '../errors.ts'
import { ask, canAsk, readStdin } from '../prompts.ts'
import type { Run } from '../run.ts'
import type { World } from '../world.ts'
import { type AddCommand, examples } from './command.ts'

interface LoginOptions {
  service?: string
  chat?: string
  code?: string
}

export const login: AddCommand = (parent, act) =>
  parent
    .command('login')
    .description(
      'log in with an app password that may use direct messages; the session is kept, the password is not',
    )
    .argument('[identifier]', 'your handle, DID or e-mail address; asked for where it is left out')
    .option('--service <url>', 'your PDS, or an entryway that knows it (default: https://bsky.social)')
    .option('--chat <did#id>', "the chat service (default: Bluesky's)")
    .option('--code <code>', 'the code of the second factor, which a first try has sent you by e-mail')
    .addHelpText(
      'after',
      examples(
        'parley login alice.example.com',
        'parley login alice.test --service http://localhost:2583',
        'parley login alice.example.com < app-password.txt',
      ) +
        '\nScripts give PARLEY_IDENTIFIER, PARLEY_APP_PASSWORD, PARLEY_PDS and PARLEY_CHAT in the environment,\n' +
        'or the password on standard input.\n',
    )
    .action(
      act(async (run, options: LoginOptions, identifier: string | undefined) => {
        const credentials = await askFor(run, options, identifier)
        const { did, handle, service, chat } = await logIn(run.accounts, credentials)
        const { bold, dim } = run.out.paint
        const more = dim('. Commands run as this account until parley use names another.')
        await run.done({ did, handle, service, chat }, 'Logged in as ', bold(handle), more)
      }),
    )

async function askFor(
  { world }: Run,
  options: LoginOptions,
  named: string | undefined,
): Promise<Credentials> {
  const { env, fetch, clock, signal } = world
  const isAsked = canAsk(world)
  const identifier = named ?? (env.PARLEY_IDENTIFIER || undefined)
  if (identifier === undefined && !isAsked)
    throw new CliError(
      'usage',
      'who logs in?',
      'Name the account: parley login alice.example.com, or set PARLEY_IDENTIFIER.',
    )
  return {
    identifier:
      identifier ?? (await ask(world, { message: 'Your handle', placeholder: 'alice.example.com' })),
    password: await passwordFrom(world),
    service: serviceFrom(options.service ?? (env.PARLEY_PDS || 'https://bsky.social')),
    chat: chatFrom(options.chat ?? (env.PARLEY_CHAT || undefined)),
    code: options.code,
    askCode: isAsked ? () => ask(world, { message: 'The code that was sent by e-mail' }) : undefined,
    network: { fetch, clock },
    signal,
  }
}

async function passwordFrom(world: World): Promise<string> {
  const { env, stdin } = world
  if (env.PARLEY_APP_PASSWORD) return env.PARLEY_APP_PASSWORD
  if (canAsk(world))
    return ask(world, { message: 'App password (with access to direct messages)', isSecret: true })
  const piped = stdin.isTTY ? '' : (await readStdin(world)).trim()
  if (piped !== '') return piped
  throw new CliError(
    'usage',
    'no password was given',
    'Pipe the app password in, or set PARLEY_APP_PASSWORD.',
  )
}

/**
 * `pds.example.com` is an address, too, and `localhost:2583` one without TLS: that is only for this machine. Throws CliError
 * `usage`.
 */
export function serviceFrom(text: string): string {
  const scheme = isHere(`http://${text}`) ? 'http' : 'https'
  const address = /^https?:\/\//.test(text) ? text : `${scheme}://${text}`
  if (!URL.canParse(address))
    throw new CliError('usage', `"${text}" is no address`, 'A service is given as https://pds.example.com.')
  const { origin, protocol } = new URL(address)
  if (protocol === 'https:' || isHere(origin)) return origin
  throw new CliError(
    'usage',
    `${origin} would see the password go by in the clear, and so would everybody on the way`,
    `Give ${origin.replace(/^http:/, 'https:')}: http:// is for servers on this machine.`,
  )
}

function isHere(address: string): boolean {
  const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
  return URL.canParse(address) && loopback.test(new URL(address).hostname)
}

/** The usual name of the chat service of a DID is understood. */
export function chatFrom(text: string | undefined): string | undefined {
  return text === undefined || text.includes('#') ? text : `${text}#bsky_chat`
}
