import assert from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import type { Row } from './held.ts'

interface SentItem {
  convoId: string
  message: { text: string }
}

interface Entry {
  convoId: string
  sender: Did
  /** Whose history it is in: members when it was sent who have not left since. */
  inSight: Set<Did>
  /** Who may read what it says: of those, who have not deleted it for themselves. */
  readers: Set<Did>
}

/**
 * Who may know what, from what was asked and granted alone: it shares nothing with the service. Each message of a
 * story says its own name, so whatever an account is told can be searched for what it must not hear.
 */
export class Ledger {
  readonly #members = new Map<string, Set<Did>>()
  readonly #groups = new Set<string>()
  /** By id, and by what they say. */
  readonly #messages = new Map<string, Entry>()
  readonly #blocks = new Set<string>()
  readonly #gone = new Set<Did>()

  get somebodyIsGone(): boolean {
    return this.#gone.size > 0
  }

  isMember(did: Did, convoId: string): boolean {
    return this.#members.get(convoId)?.has(did) ?? false
  }

  /** Who is a member of what now, also when it is asked later. */
  memberships(): (did: Did, convoId: string) => boolean {
    const now = new Map([...this.#members].map(([convoId, dids]) => [convoId, new Set(dids)]))
    return (did, convoId) => now.get(convoId)?.has(did) ?? false
  }

  /** A deed that was not refused. `given` is what the service was given. */
  record(act: string, did: Did, given: Record<string, unknown>, answer: unknown): void {
    this.#records[act]?.(did, given, answer as never)
  }

  /** Nothing that this account is told is out of its sight. */
  assertMayHear(did: Did, method: string, answer: unknown): void {
    const text = JSON.stringify(answer, withoutReplies) ?? ''
    const own = /sendMessage|Reaction$/.test(method)
    for (const [said] of text.matchAll(/said m\d+/g)) {
      const message = this.#messages.get(said)
      if (!message || (own && message.sender === did)) continue
      assert.ok(message.readers.has(did), `${method} tells what somebody may not read: ${did}, ${said}`)
      const gone = this.#gone.has(message.sender) && message.sender !== did
      assert.ok(!gone || /Reaction$/.test(method), `${method} tells what one who is gone has said: ${said}`)
    }
    for (const [, id] of text.matchAll(/"id":"([2-7a-z]{13})"/g)) {
      const message = this.#messages.get(id!)
      if (!message || (own && message.sender === did)) continue
      assert.ok(message.inSight.has(did), `${method} names a message out of sight: ${did}, ${id}`)
    }
  }

  /** Nothing about a convo before joining or after leaving but the row of leaving itself, and one's own request. */
  assertMayBeTold(did: Did, row: Row, before: (convoId: string) => boolean): void {
    const type = row.$type.split('#')[1]!
    if (/^log(Outgoing|WithdrawOutgoing)JoinRequest$/.test(type)) return
    const now = this.isMember(did, row.convoId)
    assert.ok(
      now || (type === 'logLeaveConvo' && before(row.convoId)),
      `${type} is told to somebody who is no member: ${did}`,
    )
  }

  readonly #records: Record<string, (did: Did, given: Record<string, unknown>, answer: never) => void> = {
    createGroup: (did, given, { convo }: { convo: { id: string } }) => {
      this.#groups.add(convo.id)
      this.#members.set(convo.id, new Set([did, ...(given.members as Did[])]))
    },
    getConvoForMembers: (did, given, { convo }: { convo: { id: string } }) => {
      this.#members.set(convo.id, new Set([did, ...(given.members as Did[])]))
    },
    addMembers: (_, { convoId, members }) => this.#join(convoId, ...(members as Did[])),
    approveJoinRequest: (_, { convoId, member }) => this.#join(convoId, member as Did),
    requestJoin: (did, _, { convo }: { convo?: { id: string } }) => convo && this.#join(convo.id, did),
    removeMembers: (_, { convoId, members }) => {
      for (const did of members as Did[]) this.#leave(did, convoId)
    },
    leaveConvo: (did, { convoId }) => this.#leave(did, convoId),
    deleteAccount: did => {
      for (const convoId of this.#members.keys()) this.#leave(did, convoId)
      for (const message of this.#messages.values()) if (message.sender === did) message.readers.clear()
    },
    deleteMessageForSelf: (did, { messageId }) =>
      this.#messages.get(messageId as string)?.readers.delete(did),
    sendMessage: (did, { convoId, message }, { id }: { id: string }) =>
      this.#sent(did, convoId, (message as { text: string }).text, id),
    sendMessageBatch: (did, { items }, answer: { items: { id: string }[] }) => {
      for (const [i, { convoId, message }] of (items as SentItem[]).entries()) {
        this.#sent(did, convoId, message.text, answer.items[i]!.id)
      }
    },
    block: (did, { to }) => this.#blocks.add(`${did} ${to}`),
    unblock: (did, { to }) => this.#blocks.delete(`${did} ${to}`),
    vanish: did => this.#gone.add(did),
    return: did => this.#gone.delete(did),
    declare: did => this.#gone.delete(did),
  }

  #join(convoId: unknown, ...dids: Did[]): void {
    for (const did of dids) this.#members.get(convoId as string)!.add(did)
  }

  /** The other side of a direct convo goes on being one, and may hear of what is said from now on. */
  #leave(did: Did, convoId: unknown): void {
    if (this.#groups.has(convoId as string)) this.#members.get(convoId as string)!.delete(did)
    for (const message of this.#messages.values()) {
      if (message.convoId !== convoId) continue
      message.inSight.delete(did)
      message.readers.delete(did)
    }
  }

  #sent(sender: Did, convoId: unknown, said: string, id: string): void {
    if (this.#messages.has(id)) return
    const members = this.#members.get(convoId as string)!
    if (!this.#groups.has(convoId as string)) {
      const [one, two] = [...members]
      const blocked = this.#blocks.has(`${one} ${two}`) || this.#blocks.has(`${two} ${one}`)
      assert.ok(!blocked, 'a message passes a block')
    }
    assert.ok(members.has(sender), 'somebody who is no member sends')
    const entry = { convoId: convoId as string, sender, inSight: new Set(members), readers: new Set(members) }
    this.#messages.set(id, entry)
    this.#messages.set(said, entry)
  }
}

/** What a reply to something out of sight shows: that there was a message (docs/choices.md). */
function withoutReplies(key: string, value: unknown): unknown {
  const type = (value as { $type?: string } | undefined)?.$type
  return key === 'replyTo' && type === 'chat.bsky.convo.defs#deletedMessageView' ? undefined : value
}
