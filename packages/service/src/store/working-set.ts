import type { Did } from '@atcute/lexicons/syntax'
import { getOrMake } from '../get-or-make.ts'
import type { Tid } from '../tid.ts'
import type { Loaded } from './engine.ts'
import {
  type Account,
  type Convo,
  idOf,
  type JoinRequest,
  type Member,
  type Message,
  type MessageId,
  type Reaction,
  type SentKey,
} from './rows.ts'
import type { MessageScope, Scope } from './scope.ts'

/** The rows of a scope in maps. What the scope names has a key from the beginning, also where there is no row. */
export class WorkingSet {
  readonly accounts = new Map<Did, Account>()
  readonly convos = new Map<Tid, Convo | undefined>()
  readonly #members = new Map<Tid, Map<Did, Member>>()
  readonly directs = new Map<string, Tid | undefined>()
  readonly messages = new Map<string, Message | undefined>()
  readonly reactions = new Map<string, Reaction[]>()
  readonly hidden = new Map<string, boolean>()
  readonly unreadOf: ReadonlySet<Did>
  readonly sentKeys = new Map<string, SentKey | undefined>()
  readonly unreadAfter = new Map<string, number>()
  readonly requests = new Map<string, JoinRequest | undefined>()
  readonly requestsTo: ReadonlySet<Tid>
  readonly kicked = new Map<string, boolean>()

  constructor(scope: Required<Scope>, loaded: Loaded) {
    this.unreadOf = new Set(scope.unreadOf.map(({ did }) => did))
    this.requestsTo = new Set(scope.requestsTo)
    this.#expect(scope)
    this.#take(loaded)
  }

  membersOf(convoId: Tid): Map<Did, Member> {
    return getOrMake(this.#members, convoId, () => new Map())
  }

  membersEverywhere(did: Did): Member[] {
    return [...this.#members.values()].flatMap(members => members.get(did) ?? [])
  }

  #expect(scope: Required<Scope>): void {
    for (const did of scope.accounts) this.accounts.set(did, { did, chatDisabled: false })
    for (const convoId of scope.convos) this.convos.set(convoId, undefined)
    for (const pair of scope.pairs) this.directs.set(pair.join(' '), undefined)
    for (const asked of scope.messages) {
      this.messages.set(messageKey(asked), undefined)
      this.hidden.set(viewedKey(asked), false)
    }
    for (const { convoId, messageIds } of scope.erasures) {
      for (const messageId of messageIds) this.messages.set(messageKey({ convoId, messageId }), undefined)
    }
    for (const { did, key } of scope.sentKeys) this.sentKeys.set(`${did} ${key}`, undefined)
    for (const { convoId, did } of scope.candidates) {
      this.requests.set(keyOf(convoId, did), undefined)
      this.kicked.set(keyOf(convoId, did), false)
    }
  }

  #take(loaded: Loaded): void {
    for (const account of loaded.accounts) this.accounts.set(account.did, account)
    for (const convo of loaded.convos) this.convos.set(convo.id, convo)
    for (const { pair, convoId } of loaded.directs) this.directs.set(pair.join(' '), convoId)
    for (const message of loaded.messages) this.messages.set(messageKey(idOf(message)), message)
    for (const hidden of loaded.hidden) this.hidden.set(viewedKey(hidden), true)
    for (const sent of loaded.sentKeys) this.sentKeys.set(`${sent.did} ${sent.key}`, sent)
    for (const at of loaded.unreadAfter) this.unreadAfter.set(viewedKey(at), at.count)
    for (const member of loaded.members) this.membersOf(member.convoId).set(member.did, member)
    for (const reaction of loaded.reactions) {
      getOrMake(this.reactions, messageKey(reaction), () => []).push(reaction)
    }
    for (const request of loaded.joinRequests) {
      this.requests.set(keyOf(request.convoId, request.did), request)
    }
    for (const { convoId, did } of loaded.kicked) this.kicked.set(keyOf(convoId, did), true)
  }
}

export function keyOf(id: Tid, did: Did): string {
  return `${id} ${did}`
}

/** An id alone names no message: two processes may give the same one in two convos. */
export function messageKey({ convoId, messageId }: MessageId): string {
  return `${convoId} ${messageId}`
}

/** A message as it stands to one viewer. */
export function viewedKey({ convoId, messageId, viewer }: MessageScope): string {
  return `${convoId} ${messageId} ${viewer}`
}
