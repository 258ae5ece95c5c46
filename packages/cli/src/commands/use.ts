import { type AddCommand, examples } from './command.ts'

export const use: AddCommand = (parent, act) =>
  parent
    .command('use')
    .description('choose the account that is meant where none is named')
    .argument('<account>', 'handle or DID of one that is logged in')
    .addHelpText('after', examples('parley use bob.example.com'))
    .action(
      act(async (run, _options: object, named: string) => {
        const { did, handle } = await run.accounts.use(named)
        await run.done({ did, handle }, 'This is now you: ', run.out.paint.bold(handle))
      }),
    )
