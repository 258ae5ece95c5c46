import type { Did } from '@atcute/lexicons/syntax'
import type { BaseSchema, InferOutput } from '@atcute/lexicons/validations'
import * as v from '@atcute/lexicons/validations'
import { AppError } from '../errors.ts'
import type { AccessConfig } from './access-config.ts'
import { type Answer, call } from './call.ts'

/** What Ozone's interface puts on an account for "Disable DMs" and takes away for "Enable DMs". */
const chatDisabled = 'chat-disabled'

/** Somebody put the tag on an account, or took it away. */
export interface TagEvent {
  id: number
  did: Did
}

export interface TagEvents {
  events: TagEvent[]
  /** Before this, by Ozone's clock, all is among them that Ozone had stored. Milliseconds since the Unix epoch. */
  askedAtMs: number
}

/** Ozone, as far as it is about who may use chat. */
export interface TaggedAccounts {
  /** What happened to the tag from then on, or ever, in no order. */
  eventsSince(timeMs: number | undefined, signal: AbortSignal): Promise<TagEvents>
  /** Whether the account has the tag now. */
  isTagged(did: Did, signal: AbortSignal): Promise<boolean>
}

const eventsPage = v.object({
  cursor: v.optional(v.string()),
  events: v.array(v.object({ id: v.integer(), subject: v.object({ did: v.didString() }) })),
})

const statusesPage = v.object({
  subjectStatuses: v.array(v.object({ tags: v.optional(v.array(v.string())) })),
})

export function createTaggedAccounts({
  ozoneUrl: url,
  adminPassword,
}: Pick<AccessConfig, 'ozoneUrl' | 'adminPassword'>): TaggedAccounts {
  const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`

  const ask = (nsid: 'queryEvents' | 'queryStatuses', params: Record<string, string>, signal: AbortSignal) =>
    call({ url, nsid: `tools.ozone.moderation.${nsid}`, authorization, params, signal })

  async function eventsOf(
    change: 'addedTags' | 'removedTags',
    timeMs: number | undefined,
    signal: AbortSignal,
  ): Promise<TagEvents> {
    const events: TagEvent[] = []
    let askedAtMs: number | undefined
    let cursor: string | undefined
    do {
      const answer = await ask(
        'queryEvents',
        {
          [change]: chatDisabled,
          subjectType: 'account',
          sortDirection: 'asc',
          limit: '100',
          ...(timeMs !== undefined && { createdAfter: new Date(timeMs).toISOString() }),
          ...(cursor !== undefined && { cursor }),
        },
        signal,
      )
      const page = read(eventsPage, answer)
      events.push(...page.events.map(({ id, subject }) => ({ id, did: subject.did })))
      askedAtMs ??= answer.timeMs
      cursor = page.cursor
    } while (cursor !== undefined)
    if (Number.isNaN(askedAtMs)) throw unreadable('they have no Date: does a proxy take it away?')
    return { events, askedAtMs }
  }

  return {
    async eventsSince(timeMs, signal) {
      const added = await eventsOf('addedTags', timeMs, signal)
      const removed = await eventsOf('removedTags', timeMs, signal)
      return { events: [...added.events, ...removed.events], askedAtMs: added.askedAtMs }
    },
    async isTagged(did, signal) {
      // Those that a moderator has muted are left out unless asked for.
      const answer = await ask('queryStatuses', { subject: did, includeMuted: 'true' }, signal)
      const [status] = read(statusesPage, answer).subjectStatuses
      return status?.tags?.includes(chatDisabled) ?? false
    },
  }
}

function read<S extends BaseSchema>(schema: S, { body }: Answer): InferOutput<S> {
  const result = v.safeParse(schema, body)
  if (!result.ok) throw unreadable('is there an Ozone at OZONE_PUBLIC_URL?')
  return result.value
}

function unreadable(question: string): AppError {
  return new AppError('UpstreamFailure', `The answers of Ozone cannot be used; ${question}`)
}
