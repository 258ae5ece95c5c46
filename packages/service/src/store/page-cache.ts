import { LRUCache } from 'lru-cache'
import { knownPagesBytesMax } from '../limits.ts'
import type { Tid } from '../tid.ts'
import type { Changes } from './engine.ts'
import { isSystem } from './rows.ts'
import type { Membership, MessagePage } from './store.ts'
import type { SeenMessage, ViewedMessage } from './viewed.ts'

interface KnownPage {
  messages: ViewedMessage[]
  bytes: number
}

/** The newest messages of convos as their members have read them: what is asked for whenever a convo is opened. */
export class PageCache {
  /** Of each convo by viewer, sight and length. */
  readonly #convos = new LRUCache<Tid, Map<string, KnownPage>>({
    maxSize: knownPagesBytesMax,
    sizeCalculation: pages => pages.values().reduce((sum, { bytes }) => sum + bytes, 0),
  })

  get(membership: Membership, page: MessagePage): ViewedMessage[] | undefined {
    const key = keyOf(membership, page)
    return key === undefined ? undefined : this.#convos.get(membership.convo.id)?.get(key)?.messages
  }

  set(membership: Membership, asked: MessagePage, messages: ViewedMessage[]): void {
    const key = keyOf(membership, asked)
    if (key === undefined) return
    const { id } = membership.convo
    const page = { messages, bytes: bytesOf(messages) }
    this.#convos.set(id, new Map(this.#convos.get(id)).set(key, page))
  }

  /** Forgets the convos in which anything was written, answered to or taken back. */
  forgetChanged(changes: Changes): void {
    const { messages, messageRevs, reactions, hidden, erased, erasedReactions } = changes
    for (const rows of [messages, messageRevs, hidden, erased, erasedReactions]) {
      for (const { convoId } of rows) this.#convos.delete(convoId)
    }
    for (const { reaction } of reactions) this.#convos.delete(reaction.convoId)
    // What an account had deleted for itself, in any convo, it sees again.
    if (changes.purged.length > 0) this.clear()
  }

  clear(): void {
    this.#convos.clear()
  }
}

/** `undefined` for pages that are seldom asked for twice. */
function keyOf(
  { viewer }: Membership,
  { limit, before, withoutSenders = [] }: MessagePage,
): string | undefined {
  if (before !== undefined || withoutSenders.length > 0) return undefined
  return `${viewer.did} ${viewer.visibleFrom} ${limit}`
}

/** About. */
function bytesOf(messages: readonly ViewedMessage[]): number {
  return messages.reduce(
    (sum, viewed) => sum + sizeOf(viewed) + (viewed.replyTo ? sizeOf(viewed.replyTo) : 0),
    100,
  )
}

function sizeOf({ message, reactions }: SeenMessage): number {
  const letters = isSystem(message) || !message.body ? 100 : JSON.stringify(message.body).length
  return 400 + 2 * letters + 200 * reactions.length
}
