import { type AddCommand, examples } from './command.ts'

export const logout: AddCommand = (parent, act) =>
  parent
    .command('logout')
    .description('end the session and forget it')
    .addHelpText('after', examples('parley logout', 'parley logout --account bob.example.com'))
    .action(
      act(async run => {
        const account = await run.account()
        const isTold = await run.accounts.remove(account, run.signal)
        const { did, handle, service } = account
        await run.done({ did, handle, loggedOut: true }, `Logged out: ${handle}`)
        if (!isTold)
          await run.notes.line(
            run.notes.paint.yellow(
              `${service} could not be told: there the session lasts until it runs out.`,
            ),
          )
      }),
    )
