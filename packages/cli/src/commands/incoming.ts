import type { Allow } from '@parley/sdk'
import { Argument, Option } from 'commander'
import { type AddCommand, examples } from './command.ts'

interface IncomingOptions {
  groups?: Allow
}

const allowed = ['all', 'following', 'none']

export const incoming: AddCommand = (parent, act) =>
  parent
    .command('incoming')
    .description('show or change who may begin a conversation with you')
    .addArgument(new Argument('[who]', 'everybody, those you follow, or nobody').choices(allowed))
    .addOption(new Option('--groups <who>', 'the same for invitations to groups').choices(allowed))
    .addHelpText(
      'after',
      examples('parley incoming', 'parley incoming all', 'parley incoming following --groups none'),
    )
    .action(
      act(async (run, { groups }: IncomingOptions, who: Allow | undefined) => {
        const { dm } = await run.client()
        const options = { signal: run.signal }
        const before = await dm.allowIncoming(options)
        if (who !== undefined || groups !== undefined)
          await dm.setAllowIncoming((who ?? before.incoming) as Allow, groups, options)
        const now = who === undefined && groups === undefined ? before : await dm.allowIncoming(options)
        await run.done(now, `Conversations from: ${now.incoming}; groups from: ${now.groups}`)
      }),
    )
