import { lexicons } from '@atproto/api'
import { Subscription } from '@atproto/xrpc-server'
import { bearer, callDirectly, type DirectCaller } from './ozone/callers.ts'

const eventsNsid = 'chat.bsky.moderation.subscribeModEvents'
const patienceMs = 30_000

/** As much of an event as is looked at here. */
export interface ModEvent {
  $type: string
  convoId?: string
  messageId?: string
  user?: string
}

/**
 * Reads events from the beginning, each held to the official lexicon, until there was one of every kind.
 * @throws where one kind does not come in time, or an event is not as the lexicon says
 */
export async function readModEvents(moderator: DirectCaller): Promise<ModEvent[]> {
  const headers = { authorization: await bearer(moderator, eventsNsid) }
  const subscription = new Subscription<ModEvent>({
    service: moderator.net.chat.url.replace('http:', 'ws:'),
    method: eventsNsid,
    headers,
    getParams: () => ({ cursor: '2222222222222' }),
    signal: AbortSignal.timeout(patienceMs),
    validate: event => lexicons.assertValidXrpcMessage(eventsNsid, event) as ModEvent,
  })
  const missing = new Set(kindsOfEvents())
  const events: ModEvent[] = []
  try {
    for await (const event of subscription) {
      events.push(event)
      missing.delete(event.$type)
      if (missing.size === 0) return events
    }
  } catch (cause) {
    throw new Error(`after ${events.length} events these had not come: ${[...missing].join(', ')}`, { cause })
  }
  throw new Error(`the events ended, and these had not come: ${[...missing].join(', ')}`)
}

export function kindsOfEvents(): string[] {
  const { message } = lexicons.getDefOrThrow(eventsNsid) as unknown as {
    message: { schema: { refs: string[] } }
  }
  return message.schema.refs.map(ref => ref.replace('lex:', ''))
}

/** A moderator looks at all that the events speak of, and disables somebody for a moment. */
export async function moderate(moderator: DirectCaller, events: readonly ModEvent[]): Promise<void> {
  const { moderation } = callDirectly(moderator).chat.bsky
  const convoIds = [...new Set(events.flatMap(({ convoId }) => convoId ?? []))]
  await moderation.getConvos({ convoIds })
  for (const convoId of convoIds) {
    await moderation.getConvo({ convoId })
    await moderation.getConvoMembers({ convoId })
  }
  for (const { messageId, user: actor } of events) {
    if (messageId === undefined || actor === undefined) continue
    await moderation.getMessageContext({ messageId, before: 3, after: 10 })
    await moderation.getActorMetadata({ actor })
    await moderation.updateActorAccess({ actor, allowAccess: false })
    await moderation.updateActorAccess({ actor, allowAccess: true })
  }
}
