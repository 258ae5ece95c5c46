import type { AnyMessage } from '@parley/sdk'
import { readCount } from '../naming/count.ts'
import { findConvo } from '../naming/find-convo.ts'
import { showMessage } from '../output/show-message.ts'
import { readMoment } from '../output/time.ts'
import { messageView } from '../output/views.ts'
import { type AddCommand, examples } from './command.ts'

interface ReadOptions {
  limit?: number
  since?: string
  markRead?: boolean
}

const limitDefault = 20

export const read: AddCommand = (parent, act) =>
  parent
    .command('read')
    .description('show the messages of a conversation, oldest first')
    .argument('<convo>', 'its id, or the handle of whom you talk to')
    .option(
      '-n, --limit <count>',
      `the newest so many (default: ${limitDefault}, with --since all)`,
      readCount,
    )
    .option('--since <moment>', 'not what is older, such as 2026-11-01, 6h or 3d')
    .option('--mark-read', 'mark what is shown as read')
    .addHelpText(
      'after',
      examples('parley read alice.example.com', 'parley read alice.example.com --since 3d --json'),
    )
    .action(
      act(async (run, options: ReadOptions, named: string) => {
        const since = options.since === undefined ? undefined : readMoment(options.since, run.world)
        const limit = options.limit ?? (since ? Number.POSITIVE_INFINITY : limitDefault)
        const client = await run.client()
        const convo = await findConvo(client, named, run.signal)
        const newestFirst: AnyMessage[] = []
        const pageSize = Math.min(limit, 100)
        for await (const message of convo.messages({
          pageSize,
          signal: run.signal,
          ...(since && { since }),
        })) {
          newestFirst.push(message)
          if (newestFirst.length >= limit) break
        }
        for (const message of newestFirst.toReversed())
          await (run.isJson ? run.out.json(messageView(message)) : showMessage(run.out, message, run.world))
        if (newestFirst.length === 0 && !run.isJson)
          await run.notes.line(run.notes.paint.dim('There are no messages.'))
        // Not to its end: something may have come since.
        const newest = newestFirst.find(({ id }) => id !== undefined)?.id
        if (options.markRead && newest !== undefined) await convo.markRead(newest, { signal: run.signal })
      }),
    )
