import type { FinalAccount, Row, Told } from '../checker/history.ts'
import type { Client } from './client.ts'
import { type ConvoOutput, convoState, row, told } from './read-answer.ts'

/** Small enough that there are pages to get wrong. */
const historyPage = '50'
const listPage = '20'
const firstCursor = '2222222222222'

/** All that the account can read, by the methods that clients have. */
export async function readFinal(client: Client): Promise<FinalAccount> {
  const convos: FinalAccount['convos'] = []
  for (const convo of await listConvos(client)) {
    const { members } = await client.ask('chat.bsky.convo.getConvoMembers', {
      convoId: convo.id,
      limit: '100',
    })
    convos.push({
      ...convoState(convo),
      kind: convo.kind.$type.endsWith('#groupConvo') ? 'group' : 'direct',
      members: members!.map(({ did }) => did),
      history: await readHistory(client, convo.id),
    })
  }
  return { account: client.account.did, log: await readLog(client), convos }
}

async function listConvos(client: Client): Promise<ConvoOutput[]> {
  const convos: ConvoOutput[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const params: Record<string, string> = { limit: listPage, ...(cursor && { cursor }) }
    const page = await client.ask('chat.bsky.convo.listConvos', params)
    convos.push(...page.convos!)
    cursor = page.cursor
  }
  return convos
}

async function readHistory(client: Client, convoId: string): Promise<Told[]> {
  const newestFirst: Told[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const params: Record<string, string> = { convoId, limit: historyPage, ...(cursor && { cursor }) }
    const page = await client.ask('chat.bsky.convo.getMessages', params)
    newestFirst.push(...page.messages!.map(told))
    cursor = page.cursor
  }
  return newestFirst.reverse()
}

async function readLog(client: Client): Promise<Row[]> {
  const rows: Row[] = []
  let cursor = firstCursor
  for (;;) {
    const page = await client.ask('chat.bsky.convo.getLog', { cursor })
    if (page.logs!.length === 0) return rows
    rows.push(...page.logs!.map(row))
    cursor = page.cursor!
  }
}
