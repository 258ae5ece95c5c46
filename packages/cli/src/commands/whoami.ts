import { type AddCommand, examples } from './command.ts'

interface WhoamiOptions {
  all?: boolean
}

export const whoami: AddCommand = (parent, act) =>
  parent
    .command('whoami')
    .description('say who is logged in, without asking anybody')
    .option('--all', 'all accounts, the current one first')
    .addHelpText('after', examples('parley whoami', 'parley whoami --all'))
    .action(
      act(async (run, { all }: WhoamiOptions) => {
        const chosen = await run.account()
        const others = all ? (await run.accounts.list()).filter(({ did }) => did !== chosen.did) : []
        for (const { did, handle, service, chat } of [chosen, ...others]) {
          const { paint } = run.out
          await run.done(
            { did, handle, service, chat },
            paint.bold(handle),
            `  ${did}  `,
            paint.dim(`${service}  ${chat}`),
          )
        }
      }),
    )
