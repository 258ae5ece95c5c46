import type { Command } from 'commander'
import { findGroup } from '../../naming/find-convo.ts'
import { convoView } from '../../output/views.ts'
import { type Act, examples } from '../command.ts'

const groupArgument = ['<group>', 'its id, as parley groups shows it'] as const

/** What the owner of a group does with it as a whole. */
export function addOwning(parent: Command, act: Act): void {
  parent
    .command('rename')
    .description('give a group of yours another name')
    .argument(...groupArgument)
    .argument('<name>', 'what it is called from now on')
    .addHelpText('after', examples('parley groups rename 3mabcdefghij2 "Film club"'))
    .action(
      act(async (run, _options: object, named: string, name: string) => {
        const { convo, group } = await findGroup(await run.client(), named, run.signal)
        await group.rename(name, { signal: run.signal })
        await run.done(convoView(convo), `Renamed: ${convo.title}`)
      }),
    )
  lock(parent, act, {
    verb: 'lock',
    about: 'take no more messages into a group of yours; leaving it then ends it',
    past: 'Locked',
  })
  lock(parent, act, { verb: 'unlock', about: 'take messages into it again', past: 'Unlocked' })
}

function lock(
  parent: Command,
  act: Act,
  { verb, about, past }: { verb: 'lock' | 'unlock'; about: string; past: string },
): void {
  parent
    .command(verb)
    .description(about)
    .argument(...groupArgument)
    .addHelpText('after', examples(`parley groups ${verb} 3mabcdefghij2`))
    .action(
      act(async (run, _options: object, named: string) => {
        const { convo, group } = await findGroup(await run.client(), named, run.signal)
        await group[verb]({ signal: run.signal })
        await run.done(convoView(convo), `${past}: ${convo.title}`)
      }),
    )
}
