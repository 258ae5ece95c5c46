import { join } from 'node:path'
import type { Did } from '@atcute/lexicons/syntax'
import { startAppView } from './appview.ts'
import { type ChatOptions, startChat } from './chat.ts'
import { type Folder, openFolder, openInside, readJson, writeJson } from './folder.ts'
import type { Network } from './network.ts'
import { startPage } from './page.ts'
import { startPds } from './pds.ts'
import { startPlc } from './plc.ts'
import { PlcStore } from './plc-store.ts'
import { type Ports, type ReservedPort, reservePort } from './ports.ts'
import { type Account, seed } from './seed.ts'
import { waitForIndex } from './wait-for-index.ts'

export { DevnetError, FolderInUseError, HalfSeededError, IndexBehindError, PortTakenError } from './errors.ts'
export type { Network } from './network.ts'
export type { Ports } from './ports.ts'
export type { Account } from './seed.ts'

export interface DevnetOptions {
  /** Free ports where left out. */
  ports?: Partial<Ports>
  /** Kept, and continued if it holds a devnet. Default: a temporary folder that goes with the network. */
  dataDir?: string
  /** Accounts can move from one PDS to another. The same for a kept folder each time. Default 1. */
  pdsCount?: number
  /** Whether a new network gets its three accounts. Default true. */
  seed?: boolean
  /** Of the chat service; the others are silent. Default `silent`. */
  logLevel?: ChatOptions['logLevel']
  /** Settings of the chat service, over devnet's own. */
  chat?: ChatOptions['config']
}

/** A running network: PLC directory, PDS (or several), AppView, chat service and accounts, all on this machine. */
export class Devnet implements AsyncDisposable {
  readonly plc: { url: string }
  /** Where the seeded accounts are. */
  readonly pds: { url: string }
  /** All of them, `pds` first. */
  readonly pdses: readonly { url: string }[]
  readonly chat: { url: string; did: string }
  readonly appView: { url: string }
  /** URL of the page that shows the addresses and accounts. */
  readonly web: string
  /** The seeded ones. */
  readonly accounts: readonly Account[]
  private readonly members: AsyncDisposableStack

  /**
   * Resolves when every member answers and the index has seen the seeded accounts.
   * Throws PortTakenError, FolderInUseError or HalfSeededError; nothing is left running then.
   */
  static async create(options: DevnetOptions = {}): Promise<Devnet> {
    await using members = new AsyncDisposableStack()
    const started = await startMembers(options, members)
    return new Devnet(started, members.move())
  }

  private constructor({ network, pdsUrls, appViewUrl }: StartedMembers, members: AsyncDisposableStack) {
    this.plc = { url: network.plc }
    this.pds = { url: network.pds }
    this.pdses = pdsUrls.map(url => ({ url }))
    this.chat = network.chat
    this.appView = { url: appViewUrl }
    this.web = network.web
    this.accounts = network.accounts
    this.members = members
  }

  /** Throws where no such account was seeded. */
  account(handle: string): Account {
    const account = this.accounts.find(account => account.handle === handle)
    if (!account) throw new Error(`No account ${handle} was seeded; there are ${this.handles()}.`)
    return account
  }

  describe(): Network {
    const { plc, pds, chat, web, accounts } = this
    return { plc: plc.url, pds: pds.url, chat, web, accounts: [...accounts] }
  }

  /** Ends every member; a temporary folder is removed. Once is enough. */
  async close(): Promise<void> {
    await this.members.disposeAsync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  private handles(): string {
    return this.accounts.map(account => account.handle).join(', ') || 'none'
  }
}

interface StartedMembers {
  network: Network
  pdsUrls: string[]
  appViewUrl: string
}

/** Starts the members in the order in which they need each other; each goes on `members` to be ended in reverse. */
async function startMembers(options: DevnetOptions, members: AsyncDisposableStack): Promise<StartedMembers> {
  const started = <T extends { close(): Promise<void> }>(member: T) => members.adopt(member, it => it.close())
  const ports = await reservePorts(options, members)
  const chatUrl = `http://localhost:${ports.chat.port}`
  const appViewUrl = `http://localhost:${ports.appView.port}`

  const folder = started(await openFolder(options.dataDir))
  const store = started(await PlcStore.open(join(folder.path, 'plc.sqlite')))
  const plc = started(await startPlc({ port: ports.plc, store }))
  const pdsUrls: string[] = []
  for (const [i, port] of ports.pds.entries()) {
    const place = await pdsPlace(folder, i)
    const pds = started(await startPds({ ...place, port, plcUrl: plc.url, appViewUrl, chatUrl }))
    pdsUrls.push(pds.url)
  }
  const chat = started(
    await startChat({
      port: ports.chat,
      folder,
      plcUrl: plc.url,
      pdsUrls,
      logLevel: options.logLevel ?? 'silent',
      config: options.chat ?? {},
    }),
  )
  started(await startAppView({ port: ports.appView, people: chat.people, pdsUrls }))
  const pdsUrl = pdsUrls[0]!
  const accounts = await keptOrSeeded({ folder, pdsUrl, wanted: options.seed ?? true })
  await waitForIndex({ people: chat.people, pdsUrl, dids: accounts.map(account => account.did) })

  const web = `http://localhost:${ports.web.port}`
  const network = {
    plc: plc.url,
    pds: pdsUrl,
    chat: { url: chat.url, did: chat.did },
    web,
    accounts,
  }
  started(await startPage({ port: ports.web, network }))
  return { network, pdsUrls, appViewUrl }
}

/** The DIDs are without ports: sessions name them and outlive a restart on other ports. */
async function pdsPlace(folder: Folder, i: number): Promise<{ did: Did; folder: Folder }> {
  if (i === 0) return { did: 'did:web:localhost', folder }
  const name = `pds-${i + 1}`
  return { did: `did:web:${name}.localhost`, folder: await openInside(folder, name) }
}

type ReservedPorts = Record<Exclude<keyof Ports, 'pds'> | 'appView', ReservedPort> & { pds: ReservedPort[] }

async function reservePorts(
  { ports: chosen = {}, pdsCount = 1 }: DevnetOptions,
  members: AsyncDisposableStack,
): Promise<ReservedPorts> {
  const reserve = async (member: string, port?: number) =>
    members.adopt(await reservePort(member, port), reserved => reserved.release())
  const pds = [await reserve('the PDS', chosen.pds)]
  while (pds.length < pdsCount) pds.push(await reserve('another PDS'))
  return {
    pds,
    plc: await reserve('the PLC directory', chosen.plc),
    chat: await reserve('the chat service', chosen.chat),
    web: await reserve('the web page', chosen.web),
    appView: await reserve('the AppView'),
  }
}

/** The accounts that the folder remembers; in a new one the three friends, where `wanted`. */
async function keptOrSeeded(options: {
  folder: Folder
  pdsUrl: string
  wanted: boolean
}): Promise<Account[]> {
  const { folder, pdsUrl, wanted } = options
  const kept = readJson<Account[]>(folder, 'accounts.json')
  if (kept || !wanted) return kept ?? []
  const accounts = await seed(pdsUrl)
  writeJson(folder, 'accounts.json', accounts)
  return accounts
}
