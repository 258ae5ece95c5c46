import assert from 'node:assert/strict'
import { lexicons } from '@atproto/api'
import { Subscription } from '@atproto/xrpc-server'
import { Devnet } from '@parley/devnet'
import { freePort } from '@parley/testing/free-port.ts'
import type { LoggedIn } from './account.ts'
import { bearer, callDirectly, type DirectCaller } from './ozone/callers.ts'
import { createLabeler } from './ozone/labeler.ts'

const eventsNsid = 'chat.bsky.moderation.subscribeModEvents'
const patienceMs = 30_000

/** More than any scene needs, but for convos: begun one after the other, they come to an end. */
const often = { count: 10_000, periodSec: 1 }
const rateLimits = {
  calls: often,
  anonymousCalls: often,
  sends: [often],
  changes: [often],
  newConvos: { count: 60, periodSec: 60 * 60 },
}

/** A network with a moderator, who is no account but a moderation service. */
export async function startModeratedDevnet(): Promise<{ net: Devnet; moderator: DirectCaller }> {
  const labeler = await createLabeler(`http://localhost:${await freePort()}`)
  const net = await Devnet.create({ chat: { moderators: [labeler.did], rateLimits } })
  await labeler.register(net.plc.url)
  return { net, moderator: { net, iss: `${labeler.did}#atproto_labeler`, key: labeler.key } }
}

/** Begins groups until it is too many. */
export async function exceedRate({ chat }: LoggedIn): Promise<void> {
  for (let begun = 0; begun <= rateLimits.newConvos.count; begun++) {
    const input = { name: 'Yet another', members: [] }
    const answer = await chat.post('chat.bsky.group.createGroup', { input })
    if (!answer.ok) return assert.equal(answer.status, 429)
  }
  assert.fail('nobody minds')
}

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

function kindsOfEvents(): string[] {
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
