import type { Did } from '@atcute/lexicons/syntax'
import { sentKeyKeptMs } from '../limits.ts'
import { type Tid, tidAt } from '../tid.ts'
import { type Changes, type Loaded, noChanges } from './engine.ts'
import { Journal } from './journal.ts'
import {
  type Account,
  type Convo,
  type DirectConvo,
  type GroupConvo,
  idOf,
  isSystem,
  type JoinRequest,
  type LogRow,
  type Member,
  type MemberStatus,
  type Message,
  type ModEvent,
  type Reaction,
  type SentKey,
  type UserMessage,
} from './rows.ts'
import type { Pair, Scope } from './scope.ts'
import type { Transaction } from './transaction.ts'
import { keyOf, messageKey, viewedKey, WorkingSet } from './working-set.ts'

/**
 * The working set of one commit: the loaded rows, changed by one work after another. A work that throws has
 * its changes taken back, so that it fails alone.
 */
export class Batch implements Transaction {
  readonly changes: Changes = noChanges()
  #floor: Tid
  /** Keys of messages before this are forgotten. */
  readonly #keysFrom: Tid
  readonly #journal = new Journal()
  readonly #rows: WorkingSet

  constructor(scope: Required<Scope>, loaded: Loaded, nowMs: number) {
    this.#floor = Math.max(loaded.floor, tidAt(nowMs) - 1)
    this.#keysFrom = tidAt(nowMs - sentKeyKeptMs)
    this.#rows = new WorkingSet(scope, loaded)
  }

  /** Runs one work; what it throws is passed on after its changes are taken back. */
  attempt<T>(work: (tx: Transaction) => T): T {
    this.#journal.begin()
    try {
      return work(this)
    } catch (error) {
      this.#journal.takeBack()
      throw error
    }
  }

  nextRev(): Tid {
    this.#floor += 1
    return this.#floor
  }

  account(did: Did): Account {
    return inScope(this.#rows.accounts, did, 'account')!
  }

  convo(convoId: Tid): Convo | undefined {
    return inScope(this.#rows.convos, convoId, 'convo')
  }

  directConvo(pair: Pair): Convo | undefined {
    const convoId = inScope(this.#rows.directs, pair.join(' '), 'pair')
    return convoId === undefined ? undefined : this.convo(convoId)
  }

  members(convoId: Tid): readonly Member[] {
    return this.convo(convoId) ? [...this.#rows.membersOf(convoId).values()] : []
  }

  member(convoId: Tid, did: Did): Member | undefined {
    return this.convo(convoId) && this.#rows.membersOf(convoId).get(did)
  }

  message(convoId: Tid, messageId: Tid): Message | undefined {
    return inScope(this.#rows.messages, messageKey({ convoId, messageId }), 'message')
  }

  reactions(convoId: Tid, messageId: Tid): readonly Reaction[] {
    const key = messageKey({ convoId, messageId })
    inScope(this.#rows.messages, key, 'message')
    return this.#rows.reactions.get(key) ?? []
  }

  isHidden(viewer: Did, convoId: Tid, messageId: Tid): boolean {
    return inScope(this.#rows.hidden, viewedKey({ convoId, messageId, viewer }), 'message for a viewer')!
  }

  sentMessage(did: Did, key: string): UserMessage | undefined {
    const sent = inScope(this.#rows.sentKeys, `${did} ${key}`, 'sent key')
    if (!sent || sent.messageId < this.#keysFrom) return undefined
    return this.message(sent.convoId, sent.messageId) as UserMessage | undefined
  }

  unreadAfter(viewer: Did, convoId: Tid, messageId: Tid): number {
    const key = viewedKey({ convoId, messageId, viewer })
    const loaded = inScope(this.#rows.unreadAfter, key, 'messages after')!
    const counts = (message: Message | undefined): boolean =>
      message !== undefined &&
      !isSystem(message) &&
      message.convoId === convoId &&
      message.id > messageId &&
      message.sender !== viewer
    const added = this.changes.messages.filter(counts).length
    const hidden = this.changes.hidden.filter(h => h.viewer === viewer)
    // What was hidden before is not among those that were loaded.
    const erased = this.changes.erased.filter(id => !this.#rows.hidden.get(viewedKey({ ...id, viewer })))
    const keys = [...hidden, ...erased].map(messageKey)
    const taken = new Set(keys.filter(key => counts(this.#rows.messages.get(key))))
    return loaded + added - taken.size
  }

  unreadMembers(did: Did, status?: MemberStatus): readonly Member[] {
    if (!this.#rows.unreadOf.has(did)) throw outOfScope('unread convos of', did)
    return this.#rows
      .membersEverywhere(did)
      .filter(side => side.unread > 0 && (!status || side.status === status))
      .sort((a, b) => b.rev - a.rev)
  }

  joinRequest(convoId: Tid, did: Did): JoinRequest | undefined {
    return inScope(this.#rows.requests, keyOf(convoId, did), 'join request')
  }

  joinRequests(convoId: Tid): readonly JoinRequest[] {
    if (!this.#rows.requestsTo.has(convoId)) throw outOfScope('join requests to', convoId)
    const waiting = [...this.#rows.requests.values()].filter(request => request !== undefined)
    return waiting
      .filter(request => request.convoId === convoId)
      .sort((a, b) => a.requestedAt - b.requestedAt)
  }

  isKicked(convoId: Tid, did: Did): boolean {
    return inScope(this.#rows.kicked, keyOf(convoId, did), 'candidate')!
  }

  unreadAmong({ convoId, did, readUpTo, visibleFrom }: Member, messageIds: readonly Tid[]): number {
    const from = Math.max(readUpTo, visibleFrom)
    return messageIds.filter(messageId => {
      const message = this.message(convoId, messageId)
      if (!message || isSystem(message) || !message.body || message.sender === did) return false
      return messageId > from && !this.#rows.hidden.get(viewedKey({ convoId, messageId, viewer: did }))
    }).length
  }

  createDirectConvo(convo: DirectConvo, pair: Pair): void {
    this.#journal.set(this.#rows.convos, convo.id, convo)
    this.#journal.set(this.#rows.directs, pair.join(' '), convo.id)
    this.#journal.push(this.changes.directs, { convo, pair })
  }

  putGroup(convo: GroupConvo): void {
    this.#journal.set(this.#rows.convos, convo.id, convo)
    this.#journal.push(this.changes.groups, convo)
  }

  putAccount(account: Account): void {
    this.#journal.set(this.#rows.accounts, account.did, account)
    this.#journal.push(this.changes.accounts, account)
  }

  putMember(row: Member): void {
    const { convoId, did } = row
    this.#journal.set(this.#rows.membersOf(convoId), did, row)
    this.#journal.push(this.changes.members, { convoId, did, row })
  }

  removeMember({ convoId, did }: Member): void {
    this.#journal.delete(this.#rows.membersOf(convoId), did)
    this.#journal.push(this.changes.members, { convoId, did })
  }

  addJoinRequest(request: JoinRequest): void {
    this.#journal.set(this.#rows.requests, keyOf(request.convoId, request.did), request)
    this.#journal.push(this.changes.joinRequests, { request, present: true })
  }

  removeJoinRequest(request: JoinRequest): void {
    this.#journal.set(this.#rows.requests, keyOf(request.convoId, request.did), undefined)
    this.#journal.push(this.changes.joinRequests, { request, present: false })
  }

  setKicked(convoId: Tid, did: Did, kicked: boolean): void {
    this.#journal.set(this.#rows.kicked, keyOf(convoId, did), kicked)
    this.#journal.push(this.changes.kicked, { convoId, did, kicked })
  }

  addMessage(message: Message): void {
    this.#journal.set(this.#rows.messages, messageKey(idOf(message)), message)
    this.#journal.push(this.changes.messages, message)
  }

  setMessageRev(message: UserMessage, rev: Tid): void {
    this.#journal.set(this.#rows.messages, messageKey(idOf(message)), { ...message, rev })
    this.#journal.push(this.changes.messageRevs, { ...idOf(message), rev })
  }

  addReaction(reaction: Reaction): void {
    const { convoId, messageId } = reaction
    const others = this.reactions(convoId, messageId)
    this.#journal.set(this.#rows.reactions, messageKey(reaction), [...others, reaction])
    this.#journal.push(this.changes.reactions, { reaction, present: true })
  }

  removeReaction(reaction: Reaction): void {
    const { convoId, messageId } = reaction
    const others = this.reactions(convoId, messageId).filter(other => other !== reaction)
    this.#journal.set(this.#rows.reactions, messageKey(reaction), others)
    this.#journal.push(this.changes.reactions, { reaction, present: false })
  }

  hideMessage(viewer: Did, message: Message): void {
    const hidden = { viewer, ...idOf(message) }
    this.#journal.set(this.#rows.hidden, viewedKey(hidden), true)
    this.#journal.push(this.changes.hidden, hidden)
  }

  eraseMessage({ body: _, ...message }: UserMessage): void {
    const id = idOf(message)
    this.#journal.set(this.#rows.messages, messageKey(id), message)
    this.#journal.set(this.#rows.reactions, messageKey(id), [])
    this.#journal.push(this.changes.erased, id)
  }

  eraseReactions(convoId: Tid, did: Did): void {
    this.#journal.push(this.changes.erasedReactions, { convoId, did })
  }

  appendLog(row: LogRow): void {
    this.#journal.push(this.changes.log, row)
  }

  appendModEvent(event: ModEvent): void {
    this.#journal.push(this.changes.modEvents, event)
  }

  rememberSent(sentKey: SentKey): void {
    this.#journal.set(this.#rows.sentKeys, `${sentKey.did} ${sentKey.key}`, sentKey)
    this.#journal.push(this.changes.sentKeys, sentKey)
  }

  purgeAccount(did: Did, before: Tid): void {
    this.#journal.push(this.changes.purged, { did, before })
  }
}

function inScope<K, V>(map: ReadonlyMap<K, V>, key: K, what: string): V | undefined {
  if (!map.has(key)) throw outOfScope(what, key)
  return map.get(key)
}

function outOfScope(what: string, key: unknown): Error {
  return new Error(`${what} ${key} is read but not in the transaction's scope`)
}
