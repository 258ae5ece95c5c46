import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client, ClientHooks, SessionData } from '@parley/sdk'
import { fileSessionStore, fileStore } from '@parley/sdk/node'
import { CliError } from '../errors.ts'
import type { World } from '../world.ts'

/** An account that is logged in. */
export interface Account {
  did: string
  handle: string
  /** Where it logged in: its PDS, or an entryway that knows it. */
  service: string
  /** The chat service, as `did#id`. */
  chat: string
}

/** What a client needs of what is around it. */
export type Network = Pick<World, 'fetch' | 'webSocket' | 'clock'>

interface Kept {
  /** DID of the account that is meant where none is named. */
  current: string | undefined
  accounts: Account[]
}

/** One key of the store: a list, so that it is replaced whole. */
const keptUnder = 'accounts'

/** The accounts of this user and their sessions, in files of mode 0600. Passwords are never among them. */
export class Accounts {
  readonly #network: Network
  readonly #folder: string
  readonly #list: ReturnType<typeof fileStore>
  readonly #sessions: ReturnType<typeof fileSessionStore>

  constructor(folder: string, { fetch, webSocket, clock }: Network) {
    this.#network = { fetch, clock, ...(webSocket && { webSocket }) }
    this.#folder = folder
    this.#list = fileStore(join(folder, 'accounts'))
    this.#sessions = fileSessionStore(join(folder, 'sessions.json'))
  }

  /** All of them, the current one first. */
  async list(): Promise<Account[]> {
    const { current, accounts } = await this.#kept()
    return accounts.toSorted((a, b) => Number(b.did === current) - Number(a.did === current))
  }

  /** The one with this handle or DID, else the current one. Throws CliError `login`. */
  async find(named: string | undefined): Promise<Account> {
    const accounts = await this.list()
    const wanted = named?.replace(/^@/, '').toLowerCase()
    const found =
      wanted === undefined ? accounts[0] : accounts.find(one => one.did === wanted || one.handle === wanted)
    if (found) return found
    if (wanted === undefined) throw new CliError('login', 'nobody is logged in', 'Log in with: parley login')
    const known = accounts.map(({ handle }) => handle).join(', ')
    throw new CliError(
      'login',
      `${named} is not logged in`,
      known === '' ? 'Log in with: parley login' : `Logged in: ${known}. Or: parley login ${named}`,
    )
  }

  /** A client that is logged in, by the kept session. Throws CliError `login` where that is over. */
  async open(account: Account, signal: AbortSignal): Promise<Client> {
    const { ChatError } = await import('@parley/sdk')
    const client = await this.#clientOf(account)
    const { did, handle } = account
    await client.resume(did, { signal }).catch(error => {
      if (!(error instanceof ChatError && (error.is('auth/required') || error.is('auth/expired'))))
        throw error
      throw new CliError('login', `the session of ${handle} is over`, `Log in again: parley login ${handle}`)
    })
    return client
  }

  /** Keeps an account and its session, and makes it the current one. */
  async add(account: Account, session: SessionData): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    // Taken up, it is kept.
    await (await this.#clientOf(account)).login({ session })
    await this.#change(({ accounts }) => ({
      current: account.did,
      accounts: [...accounts.filter(({ did }) => did !== account.did), account],
    }))
  }

  /** Makes an account the current one. Throws CliError `login`. */
  async use(named: string): Promise<Account> {
    const account = await this.find(named)
    await this.#change(({ accounts }) => ({ current: account.did, accounts }))
    return account
  }

  /**
   * Ends the session of an account, and forgets both. The first of the others is the current one then. Resolves with whether
   * the server knows: where it could not be told, the session stays good there.
   */
  async remove(account: Account, signal: AbortSignal): Promise<boolean> {
    let isTold = true
    const onWarning = () => {
      isTold = false
    }
    const client = await this.#clientOf(account, { onWarning })
    // Also where it is over, or nobody can be told that it ends.
    await client.resume(account.did, { signal }).catch(() => {})
    await client.logout({ signal })
    await this.#change(({ current, accounts }) => {
      const left = accounts.filter(({ did }) => did !== account.did)
      return { current: current === account.did ? left[0]?.did : current, accounts: left }
    })
    return isTold
  }

  async #clientOf({ service, chat }: Account, hooks: ClientHooks = {}): Promise<Client> {
    const { Client } = await import('@parley/sdk')
    return new Client({ service, chat, ...this.#network, sessionStore: this.#sessions, hooks })
  }

  async #kept(): Promise<Kept> {
    return ((await this.#list.get(keptUnder)) as Kept | undefined) ?? { current: undefined, accounts: [] }
  }

  /** One program after the other: of two that read at once, one would undo what the other writes. */
  #change(edit: (kept: Kept) => Kept): Promise<void> {
    return this.#sessions.withLock!(keptUnder, async () =>
      this.#list.set(keptUnder, edit(await this.#kept())),
    )
  }
}
