import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
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
  type Message,
  type MessageId,
  type ModEvent,
  type Reaction,
  type SentKey,
} from '../rows.ts'
import type { Candidate, MessageScope, Pair } from '../scope.ts'

/** Every row, in plain lists. */
export class Tables {
  accounts: Account[] = []
  directs: { convo: DirectConvo; pair: Pair }[] = []
  groups: GroupConvo[] = []
  members: Member[] = []
  messages: Message[] = []
  reactions: Reaction[] = []
  hidden: MessageScope[] = []
  joinRequests: JoinRequest[] = []
  kicked: Candidate[] = []
  log: LogRow[] = []
  modEvents: ModEvent[] = []
  sentKeys: SentKey[] = []

  apply(changes: Changes): void {
    for (const account of changes.accounts) {
      this.accounts = [...this.accounts.filter(old => old.did !== account.did), account]
    }
    this.directs.push(...changes.directs)
    for (const group of changes.groups) {
      this.groups = [...this.groups.filter(old => old.id !== group.id), group]
    }
    for (const { row, ...side } of changes.members) {
      this.members = this.members.filter(old => !isOf(side)(old))
      if (row) this.members.push(row)
    }
    this.messages.push(...changes.messages)
    for (const { rev, ...id } of changes.messageRevs) {
      this.messages = this.messages.map(old => (isMessage(id)(old) ? { ...old, rev } : old))
    }
    for (const { reaction, present } of changes.reactions) {
      if (present) this.reactions.push(reaction)
      else this.reactions = this.reactions.filter(old => !sameReaction(old, reaction))
    }
    this.hidden.push(...changes.hidden)
    for (const id of changes.erased) {
      this.messages = this.messages.map(old => (isMessage(id)(old) ? withoutBody(old) : old))
      this.reactions = this.reactions.filter(old => !isAbout(id)(old))
    }
    for (const { convoId, did } of changes.erasedReactions) {
      this.reactions = this.reactions.filter(old => old.convoId !== convoId || old.sender !== did)
    }
    for (const { request, present } of changes.joinRequests) {
      this.joinRequests = this.joinRequests.filter(old => !isOf(request)(old))
      if (present) this.joinRequests.push(request)
    }
    for (const { kicked, ...candidate } of changes.kicked) {
      this.kicked = this.kicked.filter(old => !isOf(candidate)(old))
      if (kicked) this.kicked.push(candidate)
    }
    this.log.push(...changes.log)
    this.modEvents.push(...changes.modEvents)
    for (const sent of changes.sentKeys) {
      this.sentKeys = this.sentKeys.filter(old => old.did !== sent.did || old.key !== sent.key)
      this.sentKeys.push(sent)
    }
    for (const purge of changes.purged) this.#purge(purge)
  }

  convo(convoId: Tid): Convo | undefined {
    const convos: Convo[] = [...this.directs.map(({ convo }) => convo), ...this.groups]
    return convos.find(convo => convo.id === convoId)
  }

  membersOf(convoId: Tid): Member[] {
    return this.members
      .filter(member => member.convoId === convoId)
      .sort((a, b) => a.joined - b.joined || (a.did < b.did ? -1 : 1))
  }

  message(id: MessageId): Message | undefined {
    return this.messages.find(isMessage(id))
  }

  reactionsTo(message: Message): Reaction[] {
    return this.reactions.filter(isAbout(idOf(message)))
  }

  isHidden(viewer: Did, message: Message): boolean {
    return this.hidden.filter(isAbout(idOf(message))).some(hidden => hidden.viewer === viewer)
  }

  /** Messages of others, not erased and not hidden, after this one. */
  unreadAfter({ convoId, messageId, viewer }: MessageScope): number {
    return this.messages
      .filter(message => !isSystem(message) && message.sender !== viewer && message.body)
      .filter(message => message.convoId === convoId && message.id > messageId)
      .filter(message => !this.isHidden(viewer, message)).length
  }

  #purge({ did, before }: { did: Did; before: Tid }): void {
    this.log = this.log.filter(row => row.did !== did || row.rev >= before)
    this.hidden = this.hidden.filter(({ viewer }) => viewer !== did)
    this.sentKeys = this.sentKeys.filter(sent => sent.did !== did)
  }
}

export function isOf({ convoId, did }: Candidate): (row: Candidate) => boolean {
  return row => row.convoId === convoId && row.did === did
}

function isMessage({ convoId, messageId }: MessageId): (message: Message) => boolean {
  return message => message.convoId === convoId && message.id === messageId
}

/** Whether a row belongs to this message. */
export function isAbout({ convoId, messageId }: MessageId): (row: MessageId) => boolean {
  return row => row.convoId === convoId && row.messageId === messageId
}

function withoutBody(message: Message): Message {
  if (isSystem(message)) return message
  const { body: _, ...rest } = message
  return rest
}

function sameReaction(a: Reaction, b: Reaction): boolean {
  return isAbout(a)(b) && a.sender === b.sender && a.value === b.value
}
