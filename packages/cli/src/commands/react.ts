import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { readMessageName } from '../naming/message-name.ts'
import { type Act, type AddCommand, examples } from './command.ts'

export const react: AddCommand = (parent, act) =>
  change(parent, act, {
    verb: 'react',
    about: 'add an emoji to a message',
    method: 'addReaction',
    past: 'Added',
  })

export const unreact: AddCommand = (parent, act) =>
  change(parent, act, {
    verb: 'unreact',
    about: 'take your emoji back from a message',
    method: 'removeReaction',
    past: 'Took back',
  })

interface Change {
  verb: string
  about: string
  method: 'addReaction' | 'removeReaction'
  past: string
}

function change(parent: Command, act: Act, { verb, about, method, past }: Change): Command {
  return parent
    .command(verb)
    .description(about)
    .argument('<message>', 'its name, as parley read shows it: convo/message')
    .argument('<emoji>', 'one emoji')
    .addHelpText('after', examples(`parley ${verb} 3mabcdefghij2/3mxyzabcdefg2 👍`))
    .action(
      act(async (run, _options: object, name: string, emoji: string) => {
        const { convoId, messageId } = readMessageName(name)
        requireEmoji(emoji)
        const client = await run.client()
        await client.chat.bsky.convo[method]({ convoId, messageId, value: emoji }, { signal: run.signal })
        await run.done({ name, convoId, id: messageId, value: emoji }, `${past} ${emoji}`)
      }),
    )
}

/** Which character is an emoji, the service knows. */
function requireEmoji(text: string): void {
  if ([...new Intl.Segmenter().segment(text)].length === 1) return
  throw new CliError('usage', `"${text}" is not one emoji`, 'A reaction is one emoji, such as 👍.')
}
