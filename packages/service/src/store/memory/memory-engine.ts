import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes, Engine, Loaded } from '../engine.ts'
import type { Account, Convo, LogRow, Member, Message, Reaction, SentKey } from '../rows.ts'
import { type MessageScope, type Pair, pairOf, type Scope } from '../scope.ts'
import type {
  ConvoOverview,
  ListFilter,
  LogEntry,
  Membership,
  MessagePage,
  SeenMessage,
  ViewedMessage,
} from '../store.ts'

/**
 * The oracle: every row in plain lists, every question answered by looking at all of them. Obviously right
 * and slow; the other engines are held against it.
 */
export class MemoryEngine implements Engine {
  #accounts: Account[] = []
  #convos: { convo: Convo; pair: Pair }[] = []
  #members: Member[] = []
  #messages: Message[] = []
  #reactions: Reaction[] = []
  #hidden: MessageScope[] = []
  #log: LogRow[] = []
  #sentKeys: SentKey[] = []

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    this.#apply(run(this.#load(scope)))
  }

  async close(): Promise<void> {}

  async memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    const found = this.#toldMembers(viewer).filter(member => convoIds.includes(member.convoId))
    return new Map(found.map(member => [member.convoId, this.#membership(member)]))
  }

  async directMembership(viewer: Did, other: Did): Promise<Membership | undefined> {
    const direct = this.#convos.find(({ pair }) => samePair(pair, pairOf(viewer, other)))
    const member = this.#toldMembers(viewer).find(({ convoId }) => convoId === direct?.convo.id)
    return member && this.#membership(member)
  }

  async overviews(memberships: readonly Membership[]): Promise<ConvoOverview[]> {
    return memberships.map(membership => this.#overview(membership))
  }

  async listMemberships(viewer: Did, filter: ListFilter): Promise<Membership[]> {
    return this.#toldMembers(viewer)
      .filter(member => member.listed)
      .filter(member => !filter.status || member.status === filter.status)
      .filter(member => !filter.unread || member.unread > 0)
      .filter(member => !filter.unmuted || !member.muted)
      .filter(member => filter.before === undefined || member.rev < filter.before)
      .sort((a, b) => b.rev - a.rev)
      .slice(0, filter.limit)
      .map(member => this.#membership(member))
  }

  async message({ convo, viewer }: Membership, messageId: Tid): Promise<ViewedMessage | undefined> {
    const found = this.#messages
      .filter(message => message.convoId === convo.id && message.id > viewer.visibleFrom)
      .find(message => message.id === messageId)
    return found && this.#viewed(found, viewer)
  }

  async messages({ convo, viewer }: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    return this.#messages
      .filter(message => message.convoId === convo.id && message.id > viewer.visibleFrom)
      .filter(message => page.before === undefined || message.id < page.before)
      .filter(message => !page.withoutSenders?.includes(message.sender))
      .map(message => this.#viewed(message, viewer))
      .filter(({ hidden }) => !hidden)
      .sort((a, b) => b.message.id - a.message.id)
      .slice(0, page.limit)
  }

  async log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return this.#log
      .filter(row => row.did === viewer && row.rev > page.after)
      .sort((a, b) => a.rev - b.rev)
      .map(row => this.#logEntry(row))
      .filter(entry => entry !== undefined)
      .slice(0, page.limit)
  }

  async logHead(viewer: Did): Promise<Tid> {
    return Math.max(0, ...this.#log.filter(row => row.did === viewer).map(row => row.rev))
  }

  async disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    const disabled = this.#accounts.filter(account => account.chatDisabled && dids.includes(account.did))
    return new Set(disabled.map(account => account.did))
  }

  #load(scope: Required<Scope>): Loaded {
    const directs = this.#convos.filter(({ pair }) => scope.pairs.some(asked => samePair(asked, pair)))
    const unread = scope.unreadOf.flatMap(asked =>
      this.#members
        .filter(member => member.did === asked.did && member.unread > 0)
        .filter(member => !asked.status || member.status === asked.status)
        .slice(0, asked.limit),
    )
    const convoIds = new Set([
      ...scope.convos,
      ...directs.map(({ convo }) => convo.id),
      ...unread.map(member => member.convoId),
    ])
    const sentKeys = this.#sentKeys.filter(sent =>
      scope.sentKeys.some(asked => asked.did === sent.did && asked.key === sent.key),
    )
    const messageIds = new Set([...scope.messages, ...sentKeys].map(({ messageId }) => messageId))
    return {
      floor: Math.max(0, ...this.#log.map(row => row.rev)),
      accounts: this.#accounts.filter(account => scope.accounts.includes(account.did)),
      convos: this.#convos.map(({ convo }) => convo).filter(convo => convoIds.has(convo.id)),
      members: this.#members.filter(member => convoIds.has(member.convoId)),
      directs: directs.map(({ pair, convo }) => ({ pair, convoId: convo.id })),
      messages: this.#messages.filter(message => messageIds.has(message.id)),
      reactions: this.#reactions.filter(reaction => messageIds.has(reaction.messageId)),
      hidden: this.#hidden.filter(hidden => messageIds.has(hidden.messageId)),
      sentKeys,
      unreadAfter: scope.unreadAfter.map(at => ({ ...at, count: this.#unreadAfter(at) })),
    }
  }

  #apply(changes: Changes): void {
    for (const account of changes.accounts) {
      this.#accounts = this.#accounts.filter(old => old.did !== account.did)
      this.#accounts.push(account)
    }
    this.#convos.push(...changes.convos)
    for (const member of changes.members) {
      this.#members = this.#members.filter(old => old.convoId !== member.convoId || old.did !== member.did)
      this.#members.push(member)
    }
    this.#messages.push(...changes.messages)
    for (const { messageId, rev } of changes.messageRevs) {
      this.#messages = this.#messages.map(old => (old.id === messageId ? { ...old, rev } : old))
    }
    for (const { reaction, present } of changes.reactions) {
      if (present) this.#reactions.push(reaction)
      else this.#reactions = this.#reactions.filter(old => !sameReaction(old, reaction))
    }
    this.#hidden.push(...changes.hidden)
    this.#log.push(...changes.log)
    for (const sent of changes.sentKeys) {
      this.#sentKeys = this.#sentKeys.filter(old => old.did !== sent.did || old.key !== sent.key)
      this.#sentKeys.push(sent)
    }
  }

  #unreadAfter({ convoId, messageId, viewer }: MessageScope): number {
    return this.#messages.filter(
      message =>
        message.convoId === convoId &&
        message.id > messageId &&
        message.sender !== viewer &&
        !this.#isHidden(viewer, message.id),
    ).length
  }

  #toldMembers(viewer: Did): Member[] {
    return this.#members.filter(member => member.did === viewer && member.rev > 0)
  }

  #membership(viewer: Member): Membership {
    const { convo } = this.#convos.find(({ convo }) => convo.id === viewer.convoId)!
    const members = this.#members.filter(member => member.convoId === convo.id).map(member => member.did)
    return { convo, viewer, members: members.sort() }
  }

  #overview(membership: Membership): ConvoOverview {
    const { convo, viewer } = membership
    const inSight = this.#messages
      .filter(message => message.convoId === convo.id && message.id > viewer.visibleFrom)
      .map(message => this.#viewed(message, viewer))
    const last = inSight.find(({ message }) => message.id === viewer.lastMessage)
    const reacted = inSight
      .filter(({ hidden }) => !hidden)
      .flatMap(message => message.reactions.map(reaction => ({ message, reaction })))
      .sort((a, b) => b.reaction.rev - a.reaction.rev)[0]
    return { ...membership, ...(last && { lastMessage: last }), ...(reacted && { lastReaction: reacted }) }
  }

  #viewed(message: Message, viewer: Member): ViewedMessage {
    const target = this.#messages.find(other => other.id === message.body.replyTo)
    return {
      ...this.#seen(message, viewer),
      ...(target && {
        replyTo: { ...this.#seen(target, viewer), outOfSight: target.id <= viewer.visibleFrom },
      }),
    }
  }

  #seen(message: Message, viewer: Member): SeenMessage {
    const reactions = this.#reactions.filter(reaction => reaction.messageId === message.id)
    return { message, reactions, hidden: this.#isHidden(viewer.did, message.id) }
  }

  #isHidden(viewer: Did, messageId: Tid): boolean {
    return this.#hidden.some(hidden => hidden.viewer === viewer && hidden.messageId === messageId)
  }

  #logEntry(row: LogRow): LogEntry | undefined {
    if (row.messageId === undefined) return { row }
    const viewer = this.#members.find(member => member.did === row.did && member.convoId === row.convoId)
    const message = this.#messages.find(other => other.id === row.messageId)
    if (!viewer || !message || message.id <= viewer.visibleFrom) return undefined
    return { row, message: this.#viewed(message, viewer) }
  }
}

function samePair(a: Pair, b: Pair): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

function sameReaction(a: Reaction, b: Reaction): boolean {
  return a.messageId === b.messageId && a.sender === b.sender && a.value === b.value
}
