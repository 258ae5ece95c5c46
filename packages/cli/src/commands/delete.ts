import { readMessageName } from '../naming/message-name.ts'
import { type AddCommand, examples } from './command.ts'

export const deleteCommand: AddCommand = (parent, act) =>
  parent
    .command('delete')
    .description('remove a message from your own view; others keep it')
    .argument('<message>', 'its name, as parley read shows it: convo/message')
    .addHelpText('after', examples('parley delete 3mabcdefghij2/3mxyzabcdefg2'))
    .action(
      act(async (run, _options: object, name: string) => {
        const { convoId, messageId } = readMessageName(name)
        const client = await run.client()
        await client.chat.bsky.convo.deleteMessageForSelf({ convoId, messageId }, { signal: run.signal })
        await run.done({ name, convoId, id: messageId, deleted: true }, 'Deleted, for you: others keep it.')
      }),
    )
