import type { ChatBskyConvoDefs, ChatBskyConvoGetLog, ChatBskyConvoGetMessages } from '@atcute/bluesky'
import type { DirectClient } from './direct-client.ts'
import type { Account, LogRow, Told } from './history.ts'

/** Small enough that there are many pages to get wrong. */
const pageSize = '50'
const zeroCursor = '2222222222222'

/** All of one conversation's history and of the account's log, read page by page. */
export async function readAccount(client: DirectClient, convoId: string): Promise<Account> {
  const [history, log] = await Promise.all([readHistory(client, convoId), readLog(client)])
  return { name: client.account.handle, history, log }
}

async function readHistory(client: DirectClient, convoId: string): Promise<Told[]> {
  const newestFirst: Told[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const params = { convoId, limit: pageSize, cursor }
    const page = (await client.get('chat.bsky.convo.getMessages', params)) as ChatBskyConvoGetMessages.$output
    newestFirst.push(...page.messages.map(told))
    cursor = page.cursor
  }
  return newestFirst.reverse()
}

async function readLog(client: DirectClient): Promise<LogRow[]> {
  const rows: LogRow[] = []
  let cursor = zeroCursor
  for (;;) {
    const page = (await client.get('chat.bsky.convo.getLog', { cursor })) as ChatBskyConvoGetLog.$output
    if (page.logs.length === 0) return rows
    rows.push(...page.logs.map(logRow))
    cursor = page.cursor!
  }
}

function logRow(row: ChatBskyConvoGetLog.$output['logs'][number]): LogRow {
  const isNews = row.$type === 'chat.bsky.convo.defs#logCreateMessage'
  return { rev: row.rev, message: isNews ? told(row.message) : undefined }
}

/** Nobody deletes anything here: whatever has no text is not what was sent. */
function told(message: ChatBskyConvoGetMessages.$output['messages'][number]): Told {
  const { id, text, sender } = message as ChatBskyConvoDefs.MessageView
  return { id, text, sender: sender?.did }
}
