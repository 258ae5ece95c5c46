import { parseTid } from '../../src/tid.ts'
import type { Outcome } from './call.ts'
import type { Name } from './cast.ts'
import type { FuzzRequest } from './request.ts'
import type { World } from './world.ts'

/** Nobody is shown what somebody else wrote out of their sight; moderators see everything. */
export async function flawsOfSight(
  world: World,
  { nsid, caller }: FuzzRequest,
  { answer, text }: Outcome,
): Promise<string[]> {
  if (answer?.status !== 200 || text === '' || nsid.startsWith('chat.bsky.moderation.')) return []
  const isLines = answer.headers['content-type'] === 'application/jsonl'
  const parts: unknown[] = (isLines ? text.trimEnd().split('\n') : [text]).map(part => JSON.parse(part))
  const flaws: string[] = []
  for (const id of messagesIn(parts)) {
    if (!(await maySee(world, caller, id)))
      flaws.push(`${caller} is shown ${id}, which is out of their sight`)
  }
  return flaws
}

/** Ids of all messages in an answer, wherever they stand, that say something. */
function* messagesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  const { id, text, sentAt } = value as Record<string, unknown>
  if (typeof id === 'string' && typeof text === 'string' && typeof sentAt === 'string') yield id
  for (const inner of Object.values(value)) yield* messagesIn(inner)
}

async function maySee(world: World, viewer: Name, id: string): Promise<boolean> {
  const found = await world.inspected.select(
    `select 1 from message left join member on member.convo = message.convo and account = $1
     where id = $2 and (sender = $1 or id > visible_from)`,
    await world.uid(viewer),
    parseTid(id) ?? 0,
  )
  return found.length > 0
}
