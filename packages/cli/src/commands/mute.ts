import type { Command } from 'commander'
import { findConvo } from '../naming/find-convo.ts'
import { convoView } from '../output/views.ts'
import { type Act, type AddCommand, examples } from './command.ts'

export const mute: AddCommand = (parent, act) =>
  change(parent, act, {
    verb: 'mute',
    about: 'no notifications of a conversation, and nothing of it counts as unread',
    past: 'Muted',
  })

export const unmute: AddCommand = (parent, act) =>
  change(parent, act, { verb: 'unmute', about: 'undo mute', past: 'Unmuted' })

interface Change {
  verb: 'mute' | 'unmute'
  about: string
  past: string
}

function change(parent: Command, act: Act, { verb, about, past }: Change): Command {
  return parent
    .command(verb)
    .description(about)
    .argument('<convo>', 'its id, or the handle of whom you talk to')
    .addHelpText('after', examples(`parley ${verb} bob.example.com`))
    .action(
      act(async (run, _options: object, named: string) => {
        const convo = await findConvo(await run.client(), named, run.signal)
        await convo[verb]({ signal: run.signal })
        await run.done(convoView(convo), `${past}: ${convo.title}`)
      }),
    )
}
