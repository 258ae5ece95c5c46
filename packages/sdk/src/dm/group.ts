import type { JoinLinkView } from '@atcute/bluesky/types/chat/group/defs'
import type { Actor, CallOptions } from '../chat/method.ts'
import { type PagingOptions, pages } from '../pages.ts'
import type { DmContext } from './context.ts'
import type { Member } from './member.ts'
import type { ConvoView, GroupConvo } from './views.ts'

/** Who may join by a link, and whether the owner has to agree. */
export interface JoinLinkSettings {
  /** Default `anyone`. */
  joinRule?: 'anyone' | 'followedByOwner' | (string & {})
  /** Default false. */
  requireApproval?: boolean
}

/** Somebody who asks to be let in. */
export interface JoinRequest {
  from: Member
  requestedAt: Date
  /** Lets them in. */
  approve(options?: CallOptions): Promise<void>
  /** They are not told. */
  reject(options?: CallOptions): Promise<void>
}

/** What a group has and can beyond a conversation. Most of it is the owner's to do. */
export class Group {
  readonly #context: DmContext
  readonly #convoId: string
  readonly #became: (convo: ConvoView) => void
  readonly raw: GroupConvo

  constructor(context: DmContext, convoId: string, raw: GroupConvo, became: (convo: ConvoView) => void) {
    this.#context = context
    this.#convoId = convoId
    this.#became = became
    this.raw = raw
  }

  get name(): string {
    return this.raw.name
  }

  get memberCount(): number {
    return this.raw.memberCount
  }

  get memberLimit(): number {
    return this.raw.memberLimit
  }

  /** `locked-permanently` where the owner has gone or moderators have closed it. */
  get lockStatus(): 'unlocked' | 'locked' | 'locked-permanently' | (string & {}) {
    return this.raw.lockStatus
  }

  get joinLink(): JoinLinkView | undefined {
    return this.raw.joinLink
  }

  /** Gives it another name, of at most 50 graphemes. Owner only. */
  async rename(name: string, options?: CallOptions): Promise<void> {
    const { convo } = await this.#methods.editGroup({ convoId: this.#convoId, name }, options)
    this.#became(convo)
  }

  /** They find it among their requests. */
  async add(members: readonly Actor[], options?: CallOptions): Promise<void> {
    const { convo } = await this.#methods.addMembers(
      { convoId: this.#convoId, members: [...members] },
      options,
    )
    this.#became(convo)
  }

  /** Takes people out. The join link does not let them back in. Owner only. */
  async remove(members: readonly Actor[], options?: CallOptions): Promise<void> {
    const { convo } = await this.#methods.removeMembers(
      { convoId: this.#convoId, members: [...members] },
      options,
    )
    this.#became(convo)
  }

  /** Closes it for new messages. */
  async lock(options?: CallOptions): Promise<void> {
    const { convo } = await this.#context.chat.bsky.convo.lockConvo({ convoId: this.#convoId }, options)
    this.#became(convo)
  }

  /** Undoes lock(). */
  async unlock(options?: CallOptions): Promise<void> {
    const { convo } = await this.#context.chat.bsky.convo.unlockConvo({ convoId: this.#convoId }, options)
    this.#became(convo)
  }

  /** Makes a link by which people join. A group has one at a time: throws `join-link/exists`. Owner only. */
  async createJoinLink(settings: JoinLinkSettings = {}, options?: CallOptions): Promise<JoinLinkView> {
    const { joinRule = 'anyone', requireApproval = false } = settings
    const input = { convoId: this.#convoId, joinRule, requireApproval }
    return (await this.#methods.createJoinLink(input, options)).joinLink
  }

  /** Changes who may join by it. What is left out stays as it is. */
  async editJoinLink(settings: JoinLinkSettings, options?: CallOptions): Promise<JoinLinkView> {
    return (await this.#methods.editJoinLink({ convoId: this.#convoId, ...settings }, options)).joinLink
  }

  /** Opens a link that was disabled. */
  async enableJoinLink(options?: CallOptions): Promise<JoinLinkView> {
    return (await this.#methods.enableJoinLink({ convoId: this.#convoId }, options)).joinLink
  }

  /** Closes the link; it can be enabled again. */
  async disableJoinLink(options?: CallOptions): Promise<JoinLinkView> {
    return (await this.#methods.disableJoinLink({ convoId: this.#convoId }, options)).joinLink
  }

  /** Who asks to be let in. */
  async *joinRequests({ pageSize: limit = 50, ...options }: PagingOptions = {}): AsyncGenerator<JoinRequest> {
    const { people } = this.#context
    const convoId = this.#convoId
    const ask = (cursor: string | undefined) =>
      this.#methods.listJoinRequests({ convoId, limit, cursor }, options)
    for await (const { requests } of pages(ask)) {
      for (const { requestedBy, requestedAt } of requests) {
        people.meet([requestedBy])
        const member = requestedBy.did
        yield {
          from: people.of(requestedBy),
          requestedAt: new Date(requestedAt),
          approve: async options => {
            await this.#methods.approveJoinRequest({ convoId, member }, options)
          },
          reject: async options => {
            await this.#methods.rejectJoinRequest({ convoId, member }, options)
          },
        }
      }
    }
  }

  /** Marks the requests to join as read. */
  async markJoinRequestsRead(options?: CallOptions): Promise<void> {
    await this.#methods.updateJoinRequestsRead({ convoId: this.#convoId }, options)
  }

  get #methods() {
    return this.#context.chat.bsky.group
  }
}
