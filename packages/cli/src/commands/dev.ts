import { runProgram } from '../programs/run-program.ts'
import { type AddCommand, examples } from './command.ts'

interface DevOptions {
  data?: string
  ports?: string
  untilStdinCloses?: boolean
}

export const dev: AddCommand = (parent, act) =>
  parent
    .command('dev')
    .description(
      'run a whole AT Protocol network on this machine, with accounts to try things with, until Ctrl-C',
    )
    .option('--data <dir>', 'keep its data there, and go on from it (default: a temporary folder)')
    .option('--ports <ports>', 'choose ports, such as pds=2583,chat=2590, or "free"')
    .option('--until-stdin-closes', 'end when standard input ends')
    .addHelpText(
      'after',
      examples(
        'parley dev',
        'parley login alice.test --service http://localhost:2583   # in another terminal',
      ),
    )
    .action(
      act((run, { data, ports, untilStdinCloses }: DevOptions) => {
        const args = [
          // Only where asked for: it means other ports, too.
          ...(run.options.json ? ['--json'] : []),
          ...(data === undefined ? [] : ['--data', data]),
          ...(ports === undefined ? [] : ['--ports', ports]),
          ...(untilStdinCloses ? ['--until-stdin-closes'] : []),
        ]
        return runProgram({ package: '@parley/devnet', bin: 'parley-devnet', args }, run.world)
      }),
    )
