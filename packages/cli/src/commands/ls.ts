import type { Conversation } from '@parley/sdk'
import { readCount } from '../naming/count.ts'
import { excerptOf } from '../output/show-message.ts'
import type { Cell } from '../output/table.ts'
import { timeOf } from '../output/time.ts'
import { convoView } from '../output/views.ts'
import type { Run } from '../run.ts'
import { type AddCommand, examples } from './command.ts'

export interface ListOptions {
  unread?: boolean
  requests?: boolean
  kind?: 'direct' | 'group'
  limit?: number
}

export const ls: AddCommand = (parent, act) =>
  parent
    .command('ls')
    .alias('list')
    .description('list your conversations, most recently changed first')
    .option('--unread', 'only those with something unread')
    .option('--requests', 'only those that wait to be accepted')
    .option('-n, --limit <count>', 'at most so many', readCount)
    .addHelpText('after', examples('parley ls --unread', "parley ls --json | jq -r '.title'"))
    .action(act((run, options: ListOptions) => listConvos(run, options, 'There are no conversations.')))

/** Also lists the groups. */
export async function listConvos(run: Run, options: ListOptions, none: string): Promise<void> {
  const { unread = false, requests, kind, limit = Number.POSITIVE_INFINITY } = options
  const client = await run.client()
  const rows: Cell[][] = []
  let count = 0
  const wanted = { unread, ...(requests && { status: 'request' as const }), ...(kind && { kind }) }
  const pageSize = Math.min(limit, 50)
  for await (const convo of client.dm.conversations({ ...wanted, pageSize, signal: run.signal })) {
    if (run.isJson) await run.out.json(convoView(convo))
    else rows.push(rowOf(run, convo))
    count += 1
    if (count >= limit) break
  }
  if (!run.isJson) await run.table(rows, { elastic: 2, none })
}

function rowOf({ out, world }: Run, convo: Conversation): Cell[] {
  const { paint } = out
  const { unreadCount, title, id, lastMessage, status, others } = convo
  const handle = convo.kind === 'direct' ? others[0]?.handle : undefined
  const name = handle && handle !== title ? `${title} (${handle})` : title
  return [
    { text: unreadCount > 0 ? String(unreadCount) : '', paint: paint.yellow },
    { text: name, paint: unreadCount > 0 ? paint.bold : plain },
    { text: `${status === 'request' ? '[request] ' : ''}${excerptOf(lastMessage)}` },
    {
      text: lastMessage && 'sentAt' in lastMessage ? timeOf(lastMessage.sentAt, world) : '',
      paint: paint.dim,
    },
    { text: id, paint: paint.dim },
  ]
}

function plain(text: string): string {
  return text
}
