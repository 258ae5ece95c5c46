import type { Stack } from '../stacks/stack.ts'
import { Caller } from './caller.ts'
import type { LoadResult } from './plan.ts'

/** Throws where an acknowledged message cannot be read again, or is there twice. */
export async function assertAllThere(stack: Stack, sent: LoadResult['sent']): Promise<void> {
  using caller = await Caller.open(stack)
  const missing = Map.groupBy(sent, ({ pair }) => pair)
  for (const [pair, messages] of missing) {
    const ids = await allIds(caller, pair, stack.stage.convoIds[pair]!)
    const seen = new Set(ids)
    if (seen.size < ids.length) throw new Error(`${stack.name}: a message of pair ${pair} is there twice`)
    const lost = messages.filter(({ id }) => !seen.has(id))
    if (lost.length > 0) throw new Error(`${stack.name}: ${lost.length} acknowledged messages are not there`)
  }
}

export async function allIds(caller: Caller, account: number, convoId: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const params = { convoId, limit: '100', ...(cursor !== undefined && { cursor }) }
    const page = await caller.get(account, 'chat.bsky.convo.getMessages', params)
    ids.push(...page.messages.map(({ id }: { id: string }) => id))
    cursor = page.cursor
  } while (cursor !== undefined)
  return ids
}
