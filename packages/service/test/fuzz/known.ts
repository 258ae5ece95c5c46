import type { Did } from '@atcute/lexicons/syntax'
import type { Dice } from './dice.ts'

/** What a call is about: ids that fit each other, so that a good share of calls finds something. */
export interface Focus {
  convoId: string
  messageId: string
  code: string
  rev: string
  /** Accounts of the world, the caller among them. */
  dids: readonly Did[]
}

export interface KnownMessage {
  convoId: string
  messageId: string
}

const nobodysTid = '3kabcdefghi22'
const keptMax = 40

/** Ids that came along in answers, by who saw them. The oldest are forgotten, so that calls stay among the living. */
export class Known {
  readonly #dids: readonly Did[]
  readonly #convos = new Map<Did, string[]>()
  readonly #messages = new Map<Did, KnownMessage[]>()
  readonly #codes: string[] = []
  readonly #revs: string[] = ['2222222222222']

  constructor(dids: readonly Did[]) {
    this.#dids = dids
    for (const did of dids) {
      this.#convos.set(did, [])
      this.#messages.set(did, [])
    }
  }

  /** Takes the ids out of an answer. What names no convo is about `convoId`. */
  learn(viewer: Did, value: unknown, convoId: string): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const item of value) this.learn(viewer, item, convoId)
      return
    }
    const fields = value as Record<string, unknown>
    const { id, code, rev, cursor } = fields
    let within = typeof fields.convoId === 'string' ? fields.convoId : convoId
    if (typeof id === 'string' && Array.isArray(fields.members)) within = id
    else if (typeof id === 'string' && typeof fields.sentAt === 'string')
      this.#keepMessage(viewer, { convoId: within, messageId: id })
    if (within !== convoId) keep(this.#convos.get(viewer)!, within)
    if (typeof code === 'string') keep(this.#codes, code)
    if (typeof rev === 'string') keep(this.#revs, rev)
    if (typeof cursor === 'string') keep(this.#revs, cursor)
    for (const inner of Object.values(fields)) this.learn(viewer, inner, within)
  }

  /** Mostly the caller's own, sometimes what only another has seen, sometimes what nobody has. */
  focus(caller: Did, dice: Dice): Focus {
    const viewer = dice.oneIn(10) ? dice.pick(this.#dids) : caller
    const convos = this.#convos.get(viewer)!
    const messages = this.#messages.get(viewer)!
    const nothing = { convoId: nobodysTid, messageId: nobodysTid }
    // What came last is most likely still in sight: history goes when its reader leaves.
    const within = dice.oneIn(3) ? messages : messages.slice(-3)
    const message = within.length > 0 ? dice.pick(within) : nothing
    const about = convos.length > 0 && dice.oneIn(6) ? { ...message, convoId: dice.pick(convos) } : message
    return {
      ...about,
      code: this.#codes.length > 0 ? dice.pick(this.#codes) : 'OyiHQqB',
      rev: dice.pick(this.#revs),
      dids: this.#dids,
    }
  }

  /** All ids of convos and messages, in the order they came along. */
  ids(): string[] {
    const convos = [...this.#convos.values()].flat()
    const messages = [...this.#messages.values()].flat().map(({ messageId }) => messageId)
    return [...new Set([...convos, ...messages])]
  }

  #keepMessage(viewer: Did, message: KnownMessage): void {
    const own = this.#messages.get(viewer)!
    if (own.some(({ messageId }) => messageId === message.messageId)) return
    own.push(message)
    if (own.length > keptMax) own.shift()
  }
}

function keep(list: string[], item: string): void {
  if (list.includes(item)) return
  list.push(item)
  if (list.length > keptMax) list.shift()
}
