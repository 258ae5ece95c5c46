import type { Message } from '@parley/sdk'
import { isPerson, personOf } from '../naming/find-convo.ts'
import { whatToSay } from '../naming/what-to-say.ts'
import { messageView, nameOf } from '../output/views.ts'
import { type AddCommand, examples } from './command.ts'

interface SendOptions {
  long?: boolean
  key?: string
}

export const send: AddCommand = (parent, act) =>
  parent
    .command('send')
    .description('send a message, once')
    .argument('<to>', 'the handle of somebody, or the id of a conversation')
    .argument('[text...]', 'what to say; standard input where it is left out')
    .option('--long', 'send a text of any length, in as many messages as it takes')
    .option('--key <key>', 'what is sent again under the same key is sent once, where the service keeps keys')
    .addHelpText(
      'after',
      examples(
        'parley send alice.example.com "Hello!"',
        'git log -1 | parley send alice.example.com --long',
        'parley send alice.example.com -- "-1 from me"',
        'parley send alice.example.com "Backup done" --key "backup-$(date +%F)"',
      ),
    )
    .action(
      act(async (run, { long, key }: SendOptions, to: string, words: string[]) => {
        const text = await whatToSay(run.world, words)
        const client = await run.client()
        const options = { signal: run.signal, ...(key !== undefined && { idempotencyKey: key }) }
        const target = isPerson(to) ? personOf(to) : { convoId: to }
        let sent: Message[]
        if (long) {
          const convo =
            typeof target === 'string'
              ? await client.dm.with(target, { signal: run.signal })
              : await client.dm.get(to, { signal: run.signal })
          sent = await convo.sendLong(text, options)
        } else {
          sent = [await client.dm.send(target, text, options)]
        }
        const { paint } = run.out
        for (const message of sent) await run.done(messageView(message), 'Sent  ', paint.dim(nameOf(message)))
      }),
    )
