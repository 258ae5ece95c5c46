import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { type AddCommand, actIn, examples } from './commands/command.ts'
import { completion } from './commands/completion.ts'
import { deleteCommand } from './commands/delete.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import { groups } from './commands/groups/groups.ts'
import { incoming } from './commands/incoming.ts'
import { init } from './commands/init.ts'
import { leave } from './commands/leave.ts'
import { login } from './commands/login.ts'
import { logout } from './commands/logout.ts'
import { ls } from './commands/ls.ts'
import { mute, unmute } from './commands/mute.ts'
import { react, unreact } from './commands/react.ts'
import { read } from './commands/read.ts'
import { reply } from './commands/reply.ts'
import { requests } from './commands/requests.ts'
import { send } from './commands/send.ts'
import { serve } from './commands/serve.ts'
import { tail } from './commands/tail.ts'
import { use } from './commands/use.ts'
import { whoami } from './commands/whoami.ts'
import type { World } from './world.ts'

/** In the order of the help. */
const commands: readonly (readonly [heading: string, ...AddCommand[]])[] = [
  ['Account:', login, logout, whoami, use, doctor],
  ['Messages:', ls, read, send, reply, react, unreact, deleteCommand, tail, exportCommand],
  ['People and groups:', requests, groups, mute, unmute, leave, incoming],
  ['For developers and operators:', init, dev, serve, completion],
]

/** The whole command line. What goes wrong is thrown, not printed. */
export function programFor(world: World): Command {
  const program = new Command('parley')
    .description("Direct messages of the AT Protocol, on Bluesky's chat service and on Parley.")
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help; behind a command, its own')
    .helpCommand('help [command]', 'print help for a command')
    .option('--account <account>', 'handle or DID of the account that is meant (or PARLEY_ACCOUNT)')
    .option('--json', 'print one JSON object in each line (default: where standard output is no terminal)')
    .option('--no-json', 'print for people')
    .option('--no-color', 'print without colours (or NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: text => void world.stdout.write(text),
      // Help where a command is missing; what is wrong is said by report().
      writeErr: text => void world.stderr.write(text),
      outputError: () => {},
      getErrHelpWidth: () => world.stderr.columns || 100,
      getOutHelpWidth: () => world.stdout.columns || 100,
    })
    .addHelpText(
      'after',
      examples('parley login', 'parley ls --unread', 'parley send alice.example.com "Hello!"', 'parley tail'),
    )
  const act = actIn(world)
  for (const [heading, ...group] of commands) {
    program.commandsGroup(heading)
    for (const add of group) add(program, act)
  }
  return program
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
