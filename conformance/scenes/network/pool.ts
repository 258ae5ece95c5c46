import { ChatBskyConvoDefs, ChatBskyGroupDefs } from '@atproto/api'
import { Refusal } from '../refusal.ts'
import type { NetworkAccount } from './account.ts'

/** A scene names at most so many. */
const castMax = 5

/** Where an account's log stands. */
export interface Ready {
  account: NetworkAccount
  cursor: string
}

/**
 * Accounts that are used again, because a new one costs a PDS a fraction of a second. Two that were in one scene never
 * meet again: what is between two accounts cannot be undone, what an account did for itself can.
 */
export class Pool {
  readonly #newAccount: () => Promise<NetworkAccount | undefined>
  readonly #idle: Ready[] = []
  readonly #met = new Map<NetworkAccount, Set<NetworkAccount>>()

  constructor(newAccount: () => Promise<NetworkAccount | undefined>) {
    this.#newAccount = newAccount
  }

  /** From now on there is somebody to `take`, whoever is in the scene already, as long as there are new accounts. */
  async prepare(): Promise<void> {
    const strangers = this.#idle.filter(({ account }) => !this.#met.has(account)).length
    await this.#add(castMax - strangers)
  }

  /** An account that has met none of these. */
  take(others: readonly NetworkAccount[]): Ready {
    const place = this.#idle.findIndex(({ account }) => !others.some(it => this.#met.get(account)?.has(it)))
    if (place === -1) throw new Error('no account is left that has met none of the others: give more')
    return this.#idle.splice(place, 1)[0]!
  }

  /** So many, whomever of each other they have met, as long as they have met none of the others. */
  async takeCrowd(count: number, others: readonly NetworkAccount[]): Promise<Ready[]> {
    const isStranger = ({ account }: Ready) => !others.some(it => this.#met.get(account)?.has(it))
    await this.#add(count - this.#idle.filter(isStranger).length)
    const crowd = this.#idle.filter(isStranger).slice(0, count)
    if (crowd.length < count)
      throw new Error(`a crowd needs ${count} accounts, and there are ${crowd.length}`)
    for (const ready of crowd) this.#idle.splice(this.#idle.indexOf(ready), 1)
    return crowd
  }

  /** Takes back all that can be taken back. Of whom that does not work, nothing more is wanted. */
  async giveBack(accounts: readonly NetworkAccount[]): Promise<void> {
    for (const account of accounts) {
      const met = this.#met.get(account) ?? new Set()
      for (const other of accounts) met.add(other)
      this.#met.set(account, met)
    }
    const withdrawn = await succeeding(accounts, withdraw)
    // In front: newcomers are for those scenes that find nobody else.
    await succeeding(withdrawn, async account => {
      await account.forget()
      const { cursor } = await account.chat.getLog()
      this.#idle.unshift({ account, cursor: cursor! })
    })
  }

  async #add(count: number): Promise<void> {
    const accounts = Array.from({ length: Math.max(0, count) }, () => this.#newAccount())
    for (const account of await Promise.all(accounts)) {
      if (account) this.#idle.push({ account, cursor: '2222222222222' })
    }
  }
}

/** Those for whom it worked. */
async function succeeding(
  accounts: readonly NetworkAccount[],
  work: (account: NetworkAccount) => Promise<void>,
): Promise<NetworkAccount[]> {
  const outcomes = await Promise.allSettled(accounts.map(work))
  return accounts.filter((_, place) => outcomes[place]!.status === 'fulfilled')
}

/** Out of every convo, and of every request to join one. */
async function withdraw({ did, chat }: NetworkAccount): Promise<void> {
  const { requests } = await chat.listConvoRequests({ limit: 100 })
  for (const request of requests) {
    if (!ChatBskyGroupDefs.isJoinRequestConvoView(request)) continue
    await chat.withdrawJoinRequest({ convoId: request.convoId })
  }
  const { convos } = await chat.listConvos({ limit: 100 })
  for (const { id: convoId, kind, members } of convos) {
    const owner = members.find(member => (member.kind as { role?: string } | undefined)?.role === 'owner')
    if (ChatBskyConvoDefs.isGroupConvo(kind) && owner?.did === did) await lock(chat, convoId)
    await chat.leaveConvo({ convoId })
  }
}

async function lock(chat: NetworkAccount['chat'], convoId: string): Promise<void> {
  try {
    await chat.lockConvo({ convoId })
  } catch (error) {
    const isLocked = error instanceof Refusal && error.name === 'ConvoLocked'
    if (!isLocked) throw error
  }
}
