import { type Command, Option } from 'commander'
import { CliError } from '../../errors.ts'
import { findGroup } from '../../naming/find-convo.ts'
import { type Act, examples } from '../command.ts'

interface LinkOptions {
  enable?: boolean
  disable?: boolean
  joinRule?: 'anyone' | 'followedByOwner'
  approval?: boolean
}

type Group = Awaited<ReturnType<typeof findGroup>>['group']

/** The link by which people join. */
export function addLink(parent: Command, act: Act): void {
  parent
    .command('link')
    .description('show the join link of a group, and make one or change it where you say so')
    .argument('<group>', 'its id, as parley groups shows it')
    .option('--enable', 'make one, or let it be used again')
    .addOption(new Option('--disable', 'let nobody use it').conflicts(['enable', 'joinRule', 'approval']))
    .addOption(new Option('--join-rule <who>', 'who may follow it').choices(['anyone', 'followedByOwner']))
    .option('--approval', 'you decide about each who follows it')
    .option('--no-approval', 'who follows it is in')
    .addHelpText(
      'after',
      examples('parley groups link 3mabcdefghij2', 'parley groups link 3mabcdefghij2 --enable --approval'),
    )
    .action(
      act(async (run, options: LinkOptions, named: string) => {
        const { group } = await findGroup(await run.client(), named, run.signal)
        const link = await become(group, options, run.signal)
        if (link === undefined)
          throw new CliError(
            'notFound',
            'the group has no join link',
            `Make one: parley groups link ${named} --enable`,
          )
        const { code, enabledStatus, joinRule, requireApproval } = link
        const whom = joinRule === 'anyone' ? 'for anyone' : 'for those whom the owner follows'
        const state = `${enabledStatus}, ${whom}${requireApproval ? ', the owner decides' : ''}`
        await run.done(
          { code, enabledStatus, joinRule, requireApproval },
          run.out.paint.bold(code),
          `  ${state}`,
        )
      }),
    )
}

async function become(
  group: Group,
  { enable, disable, joinRule, approval }: LinkOptions,
  signal: AbortSignal,
) {
  const settings = {
    ...(joinRule !== undefined && { joinRule }),
    ...(approval !== undefined && { requireApproval: approval }),
  }
  let link = group.joinLink
  if (link === undefined) return enable ? group.createJoinLink(settings, { signal }) : undefined
  if (disable) return group.disableJoinLink({ signal })
  if (Object.keys(settings).length > 0) link = await group.editJoinLink(settings, { signal })
  return enable && link.enabledStatus !== 'enabled' ? group.enableJoinLink({ signal }) : link
}
