import type { Did } from '@atcute/lexicons/syntax'
import { getOrMake } from '../get-or-make.ts'
import { sentKeyKeptMs } from '../limits.ts'
import { type Tid, tidAt } from '../tid.ts'
import type { Changes, Loaded } from './engine.ts'
import type { Account, Convo, LogRow, Member, MemberStatus, Message, Reaction, SentKey } from './rows.ts'
import type { MessageScope, Pair, Scope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/**
 * The working set of one commit: the loaded rows, changed by one work after another. A work that throws has
 * its changes taken back, so that it fails alone.
 */
export class Batch implements Transaction {
  readonly changes: Changes = {
    accounts: [],
    convos: [],
    members: [],
    messages: [],
    messageRevs: [],
    reactions: [],
    hidden: [],
    log: [],
    sentKeys: [],
  }
  #floor: Tid
  /** Keys of messages before this are forgotten. */
  readonly #keysFrom: Tid
  #undo: (() => void)[] = []
  readonly #accounts = new Map<Did, Account>()
  readonly #convos = new Map<Tid, Convo | undefined>()
  readonly #members = new Map<Tid, Map<Did, Member>>()
  readonly #directs = new Map<string, Tid | undefined>()
  readonly #messages = new Map<Tid, Message | undefined>()
  readonly #reactions = new Map<Tid, Reaction[]>()
  readonly #hidden = new Set<string>()
  /** Whose deletions of which messages are known. */
  readonly #viewers: Set<string>
  readonly #unreadOf: Set<Did>
  readonly #sentKeys = new Map<string, SentKey | undefined>()
  readonly #unreadAfter = new Map<string, number>()

  constructor(scope: Required<Scope>, loaded: Loaded, nowMs: number) {
    this.#floor = Math.max(loaded.floor, tidAt(nowMs) - 1)
    this.#keysFrom = tidAt(nowMs - sentKeyKeptMs)
    this.#viewers = new Set(scope.messages.map(({ viewer, messageId }) => `${viewer} ${messageId}`))
    this.#unreadOf = new Set(scope.unreadOf.map(({ did }) => did))
    for (const did of scope.accounts) this.#accounts.set(did, { did, chatDisabled: false })
    for (const convoId of scope.convos) this.#convos.set(convoId, undefined)
    for (const pair of scope.pairs) this.#directs.set(pair.join(' '), undefined)
    for (const { messageId } of scope.messages) this.#messages.set(messageId, undefined)
    for (const { did, key } of scope.sentKeys) this.#sentKeys.set(`${did} ${key}`, undefined)
    for (const account of loaded.accounts) this.#accounts.set(account.did, account)
    for (const convo of loaded.convos) this.#convos.set(convo.id, convo)
    for (const { pair, convoId } of loaded.directs) this.#directs.set(pair.join(' '), convoId)
    for (const message of loaded.messages) this.#messages.set(message.id, message)
    for (const hidden of loaded.hidden) this.#hidden.add(`${hidden.viewer} ${hidden.messageId}`)
    for (const sent of loaded.sentKeys) this.#sentKeys.set(`${sent.did} ${sent.key}`, sent)
    for (const at of loaded.unreadAfter) this.#unreadAfter.set(unreadKey(at), at.count)
    for (const member of loaded.members) this.#membersOf(member.convoId).set(member.did, member)
    for (const reaction of loaded.reactions) this.#reactionsOf(reaction.messageId).push(reaction)
  }

  /** Runs one work; what it throws is passed on after its changes are taken back. */
  attempt<T>(work: (tx: Transaction) => T): T {
    this.#undo = []
    try {
      return work(this)
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo()
      throw error
    }
  }

  nextRev(): Tid {
    this.#floor += 1
    return this.#floor
  }

  account(did: Did): Account {
    return inScope(this.#accounts.get(did), `account ${did}`)
  }

  convo(convoId: Tid): Convo | undefined {
    if (!this.#convos.has(convoId)) throw outOfScope(`convo ${convoId}`)
    return this.#convos.get(convoId)
  }

  directConvo(pair: Pair): Convo | undefined {
    const key = pair.join(' ')
    if (!this.#directs.has(key)) throw outOfScope(`pair ${key}`)
    const convoId = this.#directs.get(key)
    return convoId === undefined ? undefined : this.convo(convoId)
  }

  members(convoId: Tid): readonly Member[] {
    return this.convo(convoId) ? [...this.#membersOf(convoId).values()] : []
  }

  member(convoId: Tid, did: Did): Member | undefined {
    return this.convo(convoId) && this.#membersOf(convoId).get(did)
  }

  message(convoId: Tid, messageId: Tid): Message | undefined {
    this.#requireMessageScope(messageId)
    const message = this.#messages.get(messageId)
    return message?.convoId === convoId ? message : undefined
  }

  reactions(messageId: Tid): readonly Reaction[] {
    this.#requireMessageScope(messageId)
    return this.#reactions.get(messageId) ?? []
  }

  isHidden(viewer: Did, messageId: Tid): boolean {
    const key = `${viewer} ${messageId}`
    if (!this.#viewers.has(key) && !this.#hidden.has(key))
      throw outOfScope(`message ${messageId} for ${viewer}`)
    return this.#hidden.has(key)
  }

  sentMessage(did: Did, key: string): Message | undefined {
    const name = `${did} ${key}`
    if (!this.#sentKeys.has(name)) throw outOfScope(`sent key of ${did}`)
    const sent = this.#sentKeys.get(name)
    if (!sent || sent.messageId < this.#keysFrom) return undefined
    return this.message(sent.convoId, sent.messageId)
  }

  unreadAfter(viewer: Did, convoId: Tid, messageId: Tid): number {
    const loaded = inScope(
      this.#unreadAfter.get(unreadKey({ viewer, convoId, messageId })),
      `messages after ${messageId}`,
    )
    const counts = (message: Message | undefined): boolean =>
      message !== undefined &&
      message.convoId === convoId &&
      message.id > messageId &&
      message.sender !== viewer
    const added = this.changes.messages.filter(counts).length
    const hidden = this.changes.hidden.filter(
      h => h.viewer === viewer && counts(this.#messages.get(h.messageId)),
    )
    return loaded + added - hidden.length
  }

  unreadMembers(did: Did, status?: MemberStatus): readonly Member[] {
    if (!this.#unreadOf.has(did)) throw outOfScope(`unread convos of ${did}`)
    const sides = [...this.#members.values()].flatMap(members => members.get(did) ?? [])
    return sides.filter(side => side.unread > 0 && (!status || side.status === status))
  }

  createDirectConvo(convo: Convo, pair: Pair): void {
    this.#set(this.#convos, convo.id, convo)
    this.#set(this.#directs, pair.join(' '), convo.id)
    this.#push(this.changes.convos, { convo, pair })
  }

  putAccount(account: Account): void {
    this.#set(this.#accounts, account.did, account)
    this.#push(this.changes.accounts, account)
  }

  putMember(member: Member): void {
    this.#set(this.#membersOf(member.convoId), member.did, member)
    this.#push(this.changes.members, member)
  }

  addMessage(message: Message): void {
    this.#set(this.#messages, message.id, message)
    this.#push(this.changes.messages, message)
  }

  setMessageRev(message: Message, rev: Tid): void {
    this.#set(this.#messages, message.id, { ...message, rev })
    this.#push(this.changes.messageRevs, { convoId: message.convoId, messageId: message.id, rev })
  }

  addReaction(reaction: Reaction): void {
    this.#set(this.#reactions, reaction.messageId, [...this.reactions(reaction.messageId), reaction])
    this.#push(this.changes.reactions, { reaction, present: true })
  }

  removeReaction(reaction: Reaction): void {
    const others = this.reactions(reaction.messageId).filter(other => other !== reaction)
    this.#set(this.#reactions, reaction.messageId, others)
    this.#push(this.changes.reactions, { reaction, present: false })
  }

  hideMessage(viewer: Did, message: Message): void {
    const key = `${viewer} ${message.id}`
    this.#hidden.add(key)
    this.#undo.push(() => this.#hidden.delete(key))
    this.#push(this.changes.hidden, { viewer, convoId: message.convoId, messageId: message.id })
  }

  appendLog(row: LogRow): void {
    this.#push(this.changes.log, row)
  }

  rememberSent(sentKey: SentKey): void {
    this.#set(this.#sentKeys, `${sentKey.did} ${sentKey.key}`, sentKey)
    this.#push(this.changes.sentKeys, sentKey)
  }

  #requireMessageScope(messageId: Tid): void {
    if (!this.#messages.has(messageId)) throw outOfScope(`message ${messageId}`)
  }

  #membersOf(convoId: Tid): Map<Did, Member> {
    return getOrMake(this.#members, convoId, () => new Map())
  }

  #reactionsOf(messageId: Tid): Reaction[] {
    return getOrMake(this.#reactions, messageId, () => [])
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const existed = map.has(key)
    const before = map.get(key)
    map.set(key, value)
    this.#undo.push(() => (existed ? map.set(key, before as V) : map.delete(key)))
  }

  #push<V>(list: V[], value: V): void {
    list.push(value)
    this.#undo.push(() => list.pop())
  }
}

function unreadKey({ viewer, convoId, messageId }: MessageScope): string {
  return `${viewer} ${convoId} ${messageId}`
}

function inScope<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw outOfScope(what)
  return value
}

function outOfScope(what: string): Error {
  return new Error(`${what} is read but not in the transaction's scope`)
}
