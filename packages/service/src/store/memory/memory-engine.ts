import type { Did } from '@atcute/lexicons/syntax'
import { convoViewMembersMax } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type { Changes, Engine, Loaded } from '../engine.ts'
import {
  type Account,
  type Convo,
  type GroupConvo,
  isSystem,
  type JoinRequest,
  type LogRow,
  type Member,
  type Message,
} from '../rows.ts'
import { pairOf, type Scope } from '../scope.ts'
import type {
  ConvoOverview,
  ListFilter,
  LogEntry,
  Membership,
  MessagePage,
  OwnJoinRequest,
} from '../store.ts'
import type { GroupMember, SeenMessage, ViewedMessage } from '../viewed.ts'
import { loadScope, samePair } from './load.ts'
import { MemoryModeration } from './memory-moderation.ts'
import { Tables } from './tables.ts'

/**
 * The oracle: every row in plain lists, every question answered by looking at all of them. Obviously right
 * and slow; the other engines are held against it.
 */
export class MemoryEngine implements Engine {
  readonly commitsUnderWay = 1
  readonly #tables = new Tables()
  readonly forModerators = new MemoryModeration(this.#tables)

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    this.#tables.apply(run(loadScope(this.#tables, scope)))
  }

  async close(): Promise<void> {}

  async memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    const found = this.#toldMembers(viewer).filter(member => convoIds.includes(member.convoId))
    return new Map(found.map(member => [member.convoId, this.#membership(member)]))
  }

  async directMembership(viewer: Did, other: Did): Promise<Membership | undefined> {
    const direct = this.#tables.directs.find(({ pair }) => samePair(pair, pairOf(viewer, other)))
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
      .filter(member => !filter.unread || member.unread > 0 || member.unreadRequests > 0)
      .filter(member => !filter.unmuted || !member.muted)
      .filter(member => filter.before === undefined || member.rev < filter.before)
      .filter(({ convoId }) => isLike(this.#tables.convo(convoId)!, filter))
      .filter(({ convoId }) => !filter.sharedWith || this.#isGroupOf(convoId, filter.sharedWith))
      .sort((a, b) => b.rev - a.rev)
      .slice(0, filter.limit)
      .map(member => this.#membership(member))
  }

  async allMemberships(viewer: Did, page: { after: Tid; limit: number }): Promise<Membership[]> {
    return this.#toldMembers(viewer)
      .filter(member => member.listed && member.convoId > page.after)
      .sort((a, b) => a.convoId - b.convoId)
      .slice(0, page.limit)
      .map(member => this.#membership(member))
  }

  async groupMembers({ convo }: Membership, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.forModerators.members(convo.id, page)
  }

  async membersAmong({ convo }: Membership, dids: readonly Did[]): Promise<GroupMember[]> {
    const all = await this.forModerators.members(convo.id, { limit: Number.POSITIVE_INFINITY })
    return all.filter(({ did }) => dids.includes(did))
  }

  async groupsByCode(codes: readonly string[]): Promise<Map<string, GroupConvo>> {
    const found = this.#tables.groups.filter(({ link }) => link && codes.includes(link.code))
    return new Map(found.map(group => [group.link!.code, group]))
  }

  async joinRequests({ convo }: Membership, page: { before?: Tid; limit: number }): Promise<JoinRequest[]> {
    return this.#tables.joinRequests
      .filter(({ convoId }) => convoId === convo.id)
      .filter(({ requestedAt }) => page.before === undefined || requestedAt < page.before)
      .sort((a, b) => b.requestedAt - a.requestedAt)
      .slice(0, page.limit)
  }

  async ownJoinRequests(viewer: Did, page: { before?: Tid; limit: number }): Promise<OwnJoinRequest[]> {
    return this.#tables.joinRequests
      .filter(({ did }) => did === viewer)
      .filter(({ requestedAt }) => page.before === undefined || requestedAt < page.before)
      .sort((a, b) => b.requestedAt - a.requestedAt)
      .slice(0, page.limit)
      .map(({ convoId, requestedAt }) => ({
        convo: this.#tables.convo(convoId) as GroupConvo,
        requestedAt,
      }))
  }

  async requestedAt(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Tid>> {
    const own = this.#tables.joinRequests.filter(({ did }) => did === viewer)
    const found = own.filter(({ convoId }) => convoIds.includes(convoId))
    return new Map(found.map(({ convoId, requestedAt }) => [convoId, requestedAt]))
  }

  async message({ convo, viewer }: Membership, messageId: Tid): Promise<ViewedMessage | undefined> {
    const found = this.#inSight(convo.id, viewer).find(message => message.id === messageId)
    return found && this.#viewed(found, viewer)
  }

  async messages({ convo, viewer }: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    return this.#inSight(convo.id, viewer)
      .filter(message => page.before === undefined || message.id < page.before)
      .filter(message => isSystem(message) || message.body)
      .filter(message => isSystem(message) || !page.withoutSenders?.includes(message.sender))
      .map(message => this.#viewed(message, viewer))
      .filter(({ hidden }) => !hidden)
      .sort((a, b) => b.message.id - a.message.id)
      .slice(0, page.limit)
  }

  async log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return this.#tables.log
      .filter(row => row.did === viewer && row.rev > page.after)
      .sort((a, b) => a.rev - b.rev)
      .map(row => this.#logEntry(row))
      .filter(entry => entry !== undefined)
      .slice(0, page.limit)
  }

  async logHead(viewer: Did): Promise<Tid> {
    return Math.max(0, ...this.#tables.log.filter(row => row.did === viewer).map(row => row.rev))
  }

  async disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    const disabled = this.#tables.accounts.filter(
      account => account.chatDisabled && dids.includes(account.did),
    )
    return new Set(disabled.map(account => account.did))
  }

  async account(did: Did): Promise<Account> {
    return this.#tables.accounts.find(account => account.did === did) ?? { did, chatDisabled: false }
  }

  async convosEver(did: Did, page: { after: Tid; limit: number }): Promise<Tid[]> {
    const begun = this.#tables.log.filter(row => row.did === did && row.type === 'beginConvo')
    return [...new Set(begun.map(({ convoId }) => convoId))]
      .filter(convoId => convoId > page.after)
      .sort((a, b) => a - b)
      .slice(0, page.limit)
  }

  async writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }): Promise<Tid[]> {
    return this.#tables.messages
      .filter(message => message.convoId === convoId && message.id > page.after)
      .filter(message => !isSystem(message) && message.sender === did && message.body)
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .slice(0, page.limit)
  }

  async logRevAt(did: Did, rows: number): Promise<Tid | undefined> {
    const revs = this.#tables.log.filter(row => row.did === did).map(({ rev }) => rev)
    return revs.sort((a, b) => a - b)[rows]
  }

  #isGroupOf(convoId: Tid, did: Did): boolean {
    const isMember = this.#tables.membersOf(convoId).some(member => member.did === did)
    return isMember && this.#tables.convo(convoId)?.kind === 'group'
  }

  #toldMembers(viewer: Did): Member[] {
    return this.#tables.members.filter(member => member.did === viewer && member.rev > 0)
  }

  #membership(viewer: Member): Membership {
    const convo = this.#tables.convo(viewer.convoId)!
    const members = this.#tables.membersOf(convo.id).map(member => member.did)
    return { convo, viewer, members: members.slice(0, convoViewMembersMax) }
  }

  #inSight(convoId: Tid, viewer: Member): Message[] {
    return this.#tables.messages.filter(
      message => message.convoId === convoId && message.id > viewer.visibleFrom,
    )
  }

  #overview(membership: Membership): ConvoOverview {
    const { convo, viewer } = membership
    const inSight = this.#inSight(convo.id, viewer).map(message => this.#viewed(message, viewer))
    const last = inSight.find(({ message }) => message.id === viewer.lastMessage)
    const reacted = inSight
      .filter(({ hidden }) => !hidden)
      .flatMap(message => message.reactions.map(reaction => ({ message, reaction })))
      .sort((a, b) => b.reaction.rev - a.reaction.rev)[0]
    return { ...membership, ...(last && { lastMessage: last }), ...(reacted && { lastReaction: reacted }) }
  }

  #viewed(message: Message, viewer: Member): ViewedMessage {
    const replyTo = isSystem(message) ? undefined : message.body?.replyTo
    const { convoId } = message
    const target = replyTo === undefined ? undefined : this.#tables.message({ convoId, messageId: replyTo })
    if (!target || isSystem(target)) return this.#seen(message, viewer)
    const outOfSight = target.id <= viewer.visibleFrom
    return { ...this.#seen(message, viewer), replyTo: { ...this.#seen(target, viewer), outOfSight } }
  }

  #seen<M extends Message>(message: M, viewer: Member): SeenMessage<M> {
    const reactions = this.#tables.reactionsTo(message)
    return { message, reactions, hidden: this.#tables.isHidden(viewer.did, message) }
  }

  #logEntry(row: LogRow): LogEntry | undefined {
    const { convoId, messageId } = row
    if (messageId === undefined) return { row }
    const viewer = this.#tables.membersOf(convoId).find(member => member.did === row.did)
    const message = this.#tables.message({ convoId, messageId })
    if (!viewer || !message || message.id <= viewer.visibleFrom) return undefined
    return { row, message: this.#viewed(message, viewer) }
  }
}

function isLike(convo: Convo, { kind, lock }: ListFilter): boolean {
  if (kind && convo.kind !== kind) return false
  return !lock || (convo.kind === 'group' ? convo.lock : 'unlocked') === lock
}
