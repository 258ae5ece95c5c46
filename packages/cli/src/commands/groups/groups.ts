import { type AddCommand, examples } from '../command.ts'
import { type ListOptions, listConvos } from '../ls.ts'
import { addJoining } from './joining.ts'
import { addLink } from './link.ts'
import { addMembership } from './membership.ts'
import { addOwning } from './owning.ts'

export const groups: AddCommand = (parent, act) => {
  const command = parent
    .command('groups')
    .description('groups: their members, their join links, and who asks to be let in')
    .addHelpText(
      'after',
      examples('parley groups', 'parley groups create "Book club" alice.example.com bob.example.com'),
    )
  command
    .command('ls', { isDefault: true })
    .description('list the groups that you are in')
    .option('--unread', 'only those with something unread')
    .addHelpText('after', examples('parley groups ls --unread'))
    .action(
      act((run, options: ListOptions) =>
        listConvos(run, { ...options, kind: 'group' }, 'You are in no group.'),
      ),
    )
  addMembership(command, act)
  addOwning(command, act)
  addLink(command, act)
  addJoining(command, act)
  return command
}
