import type { Did } from '@atcute/lexicons/syntax'
import { Broken } from '../../packages/service/test/stories/same.ts'
import type { Counts } from '../counts.ts'
import type { Memberships } from './memberships.ts'
import { isOver, mayBeDone, type Op } from './op.ts'
import { lookThrough, type SeenMessage } from './seen.ts'

/** A message by what it says: every story says everything once, and every send has a key of its own. */
interface Said {
  text: string
  convoId: string
  sender: Did
  /** Every arrival of it: retried and doubled ones too. */
  sends: Op[]
  id: string | undefined
  /** When the first answer showed it. */
  knownSince: number
}

interface SentItem {
  convoId: string
  message: { text: string }
}

interface MessagePage {
  messages: { id: string }[]
}

interface LogPage {
  logs: { rev: string; message?: { id: string }; $type: string }[]
}

const pageRows = { messages: 50, log: 100 }

/** What was said, who has been shown it, and who must be from then on. */
export class Messages {
  readonly #memberships: Memberships
  readonly #counts: Counts
  readonly #said = new Map<string, Said>()
  readonly #deletions: Op[] = []

  constructor(memberships: Memberships, counts: Counts) {
    this.#memberships = memberships
    this.#counts = counts
  }

  began(op: Op): void {
    if (op.act === 'deleteMessageForSelf') this.#deletions.push(op)
    for (const { convoId, message } of itemsOf(op)) {
      const { text } = message
      const unsaid = {
        text,
        convoId,
        sender: op.did,
        sends: [],
        id: undefined,
        knownSince: Number.POSITIVE_INFINITY,
      }
      const said = this.#said.get(text) ?? unsaid
      said.sends.push(op)
      this.#said.set(text, said)
    }
  }

  /** An answer has been given: whether all of it may be told, and nothing is missing. */
  answered(op: Op): void {
    for (const message of lookThrough(op.answer).messages) {
      const said = this.#said.get(message.text)
      if (!said) throw new Broken('a message says what nobody has said', `${op.act}: ${message.text}`)
      this.#assertOne(said, message)
      this.#counts.add('held: a message may be told')
      this.#assertMayHear(op, said)
      said.knownSince = Math.min(said.knownSince, op.ended)
    }
    if (op.act === 'getMessages') this.#assertPageHasAll(op)
    if (op.act === 'getLog') this.#assertLogHasAll(op)
  }

  /** In one order for all: who has answered before another began to be sent stands above it. */
  assertOneOrder(): void {
    const known = [...this.#said.values()].filter(({ id }) => id !== undefined)
    for (const [convoId, all] of Map.groupBy(known, said => said.convoId)) {
      const sorted = all.toSorted((one, other) => (one.id! < other.id! ? -1 : 1))
      let latest = 0
      for (const said of sorted) {
        if (said.knownSince < latest) {
          throw new Broken('a message stands below one that was sent later', `${convoId}: ${said.text}`)
        }
        latest = Math.max(latest, beganOf(said))
      }
    }
  }

  get acknowledged(): number {
    return [...this.#said.values()].filter(({ sends }) => sends.some(({ outcome }) => outcome === 'done'))
      .length
  }

  #assertOne(said: Said, { id, sender }: SeenMessage): void {
    // An account that is deleted takes its keys along: what it sent before may then be sent again.
    const isForgotten = this.#memberships.deletionsOf(said.sender).some(op => op.ended > beganOf(said))
    if (said.id !== undefined && said.id !== id && !isForgotten) {
      throw new Broken('one idempotency key has two messages', `${said.text}: ${said.id}, ${id}`)
    }
    if ((typeof sender === 'string' ? sender : sender.did) !== said.sender)
      throw new Broken('a message has another sender', said.text)
    if (said.sends.every(({ outcome }) => outcome === 'refused')) {
      throw new Broken('a message that was refused is there', said.text)
    }
    // Sent again, it is another message than the one before.
    if (said.id !== id) said.knownSince = Number.POSITIVE_INFINITY
    said.id = id
  }

  #assertMayHear(op: Op, said: Said): void {
    const { did, act, began } = op
    if (did === said.sender && /^sendMessage|Reaction$/.test(act)) return
    const sending = { began: beganOf(said), ended: endedOf(said) }
    const isIn = this.#memberships.mayBeIn(did, said.convoId, sending, began)
    const isHidden = this.#deletions.some(
      one => one.did === did && one.given.messageId === said.id && isOver(one, began),
    )
    const isErased = this.#memberships
      .deletionsOf(said.sender)
      .some(one => one.began > sending.ended && isOver(one, began))
    if (isIn && !isHidden && !isErased) return
    const why = isHidden ? 'deleted for itself' : isErased ? 'of a deleted account' : 'out of its sight'
    throw new Broken(`an account is told a message ${why}`, `${did} by ${act}: ${said.text}`)
  }

  /** All that must be on a page of history is. */
  #assertPageHasAll(op: Op): void {
    const shown = new Set((op.answer as MessagePage).messages.map(({ id }) => id))
    const oldest = [...shown].sort()[0] ?? ''
    const isFull = shown.size >= ((op.given.limit as number | undefined) ?? pageRows.messages)
    const before = op.given.cursor as string | undefined
    for (const said of this.#certain(op, op.given.convoId as string)) {
      const id = said.id!
      this.#counts.add('held: a message on a page of history')
      if (shown.has(id) || (before !== undefined && id >= before) || (isFull && id < oldest)) continue
      throw new Broken('a history misses a message that was there before', `${op.did}: ${said.text} (${id})`)
    }
  }

  /** All that must be on a page of the log is. */
  #assertLogHasAll(op: Op): void {
    const after = op.given.cursor as string | undefined
    if (after === undefined) return
    const { logs } = op.answer as LogPage
    const told = new Set(logs.map(({ message }) => message?.id))
    const isFull = logs.length >= pageRows.log
    for (const said of this.#certain(op)) {
      const id = said.id!
      this.#counts.add('held: a message on a page of the log')
      if (told.has(id) || id <= after || (isFull && id > logs.at(-1)!.rev)) continue
      throw new Broken('a log misses a message that was there before', `${op.did}: ${said.text} (${id})`)
    }
  }

  /** What this reader must be shown, whatever overlaps with what. */
  #certain({ did, began }: Op, convoId?: string): Said[] {
    return [...this.#said.values()].filter(said => {
      if (said.knownSince >= began || (convoId !== undefined && said.convoId !== convoId)) return false
      const hides = (one: Op) => one.did === did && one.given.messageId === said.id && mayBeDone(one)
      const erases = (one: Op) => one.ended > beganOf(said) && mayBeDone(one)
      return (
        this.#memberships.isSurelyIn(did, said.convoId, beganOf(said)) &&
        !this.#deletions.some(hides) &&
        !this.#memberships.deletionsOf(said.sender).some(erases)
      )
    })
  }
}

function itemsOf({ act, given }: Op): SentItem[] {
  if (act === 'sendMessage') return [given as unknown as SentItem]
  return act === 'sendMessageBatch' ? (given.items as SentItem[]) : []
}

function beganOf({ sends }: Said): number {
  return Math.min(...sends.map(({ began }) => began))
}

function endedOf({ sends }: Said): number {
  return Math.max(...sends.map(({ ended }) => ended))
}
