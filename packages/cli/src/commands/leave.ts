import type { Conversation } from '@parley/sdk'
import { CliError } from '../errors.ts'
import { findConvo } from '../naming/find-convo.ts'
import { clean } from '../output/clean.ts'
import { canAsk, confirm } from '../prompts.ts'
import type { Run } from '../run.ts'
import { type AddCommand, examples } from './command.ts'

export interface LeaveOptions {
  yes?: boolean
}

/** Of each command that leaves. */
export const yesOption = ['-y, --yes', 'do not ask first'] as const

export const leave: AddCommand = (parent, act) =>
  parent
    .command('leave')
    .description('leave a conversation; its history is gone for you')
    .argument('<convo>', 'its id, or the handle of whom you talk to')
    .option(...yesOption)
    .addHelpText('after', examples('parley leave bob.example.com', 'parley leave 3mabcdefghij2 --yes'))
    .action(
      act(async (run, options: LeaveOptions, named: string) =>
        leaveConvo(run, await findConvo(await run.client(), named, run.signal), options),
      ),
    )

/** Leaves it; where there is somebody to ask, only if they agree. Throws CliError `failed` where they do not. */
export async function leaveConvo(
  run: Run,
  convo: Conversation,
  { yes = false }: LeaveOptions,
): Promise<void> {
  const { id, title } = convo
  const question = `Leave ${clean(title)}? Its history is gone for you.`
  const isMeant = yes || !canAsk(run.world) || (await confirm(run.world, question))
  if (!isMeant) throw new CliError('failed', `you are still in ${title}`)
  await convo.leave({ signal: run.signal })
  await run.done({ id, left: true }, `Left: ${title}`)
}
