import { readMessageName } from '../naming/message-name.ts'
import { whatToSay } from '../naming/what-to-say.ts'
import { messageView, nameOf } from '../output/views.ts'
import { type AddCommand, examples } from './command.ts'

export const reply: AddCommand = (parent, act) =>
  parent
    .command('reply')
    .description('answer a message, quoting it')
    .argument('<message>', 'its name, as parley read shows it: convo/message')
    .argument('[text...]', 'what to say; standard input where it is left out')
    .addHelpText('after', examples('parley reply 3mabcdefghij2/3mxyzabcdefg2 "I think so, too."'))
    .action(
      act(async (run, _options: object, name: string, words: string[]) => {
        const { convoId, messageId } = readMessageName(name)
        const text = await whatToSay(run.world, words)
        const client = await run.client()
        const sent = await client.dm.send({ convoId }, { text, replyTo: messageId }, { signal: run.signal })
        await run.done(messageView(sent), 'Sent  ', run.out.paint.dim(nameOf(sent)))
      }),
    )
