import { runProgram } from '../programs/run-program.ts'
import { type AddCommand, examples } from './command.ts'

interface ServeOptions {
  hostname?: string
  database?: string
  port?: string
}

export const serve: AddCommand = (parent, act) =>
  parent
    .command('serve')
    .description('run the chat service, until Ctrl-C')
    .option('--hostname <name>', 'by which others reach it (PARLEY_HOSTNAME)')
    .option('--database <file>', 'its SQLite file, or the address of a PostgreSQL (PARLEY_DATABASE)')
    .option('--port <port>', 'where it listens on this machine (PARLEY_PORT)')
    .addHelpText(
      'after',
      `${examples('parley serve --hostname chat.example.org --database /var/lib/parley/parley.sqlite')}
All settings are variables of the environment that begin with PARLEY_; these three are the ones that everybody needs.
The address of a PostgreSQL with a password in it belongs into PARLEY_DATABASE: everybody on the machine sees options.
`,
    )
    .action(
      act((run, { hostname, database, port }: ServeOptions) => {
        const env = {
          ...(hostname !== undefined && { PARLEY_HOSTNAME: hostname }),
          ...(database !== undefined && { PARLEY_DATABASE: database }),
          ...(port !== undefined && { PARLEY_PORT: port }),
        }
        return runProgram({ package: '@parley/service', bin: 'parley-service', args: [], env }, run.world)
      }),
    )
