import { type AddCommand, examples } from './command.ts'

export const logout: AddCommand = (parent, act) =>
  parent
    .command('logout')
    .description('end the session and forget it')
    .addHelpText('after', examples('parley logout', 'parley logout --account bob.example.com'))
    .action(
      act(async run => {
        const account = await run.account()
        // Also where the session is over, or nobody can be told that it ends.
        const client = await run.accounts.open(account, run.signal).catch(() => undefined)
        await client?.logout({ signal: run.signal })
        await run.accounts.remove(account)
        const { did, handle } = account
        await run.done({ did, handle, loggedOut: true }, `Logged out: ${handle}`)
      }),
    )
