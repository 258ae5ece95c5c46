import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Did } from '@atcute/lexicons/syntax'
import { type TestAccount, testAccount } from './account.ts'

/** What a directory does instead of answering: nothing until so many milliseconds have passed, this status, this text. */
export type Trouble = { delayMs: number } | { status: number } | { text: string } | 'unreachable'

/** A PLC directory or an AppView, of which the test decides how it fares. */
export class FakeDirectory implements AsyncDisposable {
  readonly url: string
  /** While set, what becomes of every request. */
  trouble: Trouble | undefined
  /** How often it was asked. */
  asked = 0
  readonly #server: Server

  static async start(answer: (url: URL) => object | undefined): Promise<FakeDirectory> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FakeDirectory(server, answer)
  }

  private constructor(server: Server, answer: (url: URL) => object | undefined) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
      this.asked += 1
      const { trouble } = this
      if (trouble === 'unreachable') return request.socket.destroy()
      if (trouble && 'delayMs' in trouble)
        await new Promise(resolve => setTimeout(resolve, trouble.delayMs).unref())
      if (trouble && 'status' in trouble) return response.writeHead(trouble.status).end('trouble')
      if (trouble && 'text' in trouble)
        return response.writeHead(200, { 'content-type': 'application/json' }).end(trouble.text)
      const body = answer(new URL(request.url!, 'http://localhost'))
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body ?? { error: 'NotFound' }))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Accounts that all follow each other and let everybody write, known to a PLC directory and an AppView. */
export interface TestNetwork extends AsyncDisposable {
  accounts: readonly TestAccount[]
  /** Each `<who blocks> <whom>`, by DID. None at first. */
  blocks: Set<string>
  plc: FakeDirectory
  appView: FakeDirectory
}

/** With `strangers`, the AppView also knows, and has follow each other, all other accounts that it is asked about. */
export async function startNetwork(size: number, { strangers = false } = {}): Promise<TestNetwork> {
  const accounts = Array.from({ length: size }, (_, number) => testAccount(number))
  const byDid = new Map<string, TestAccount>(accounts.map(account => [account.did, account]))
  const blocks = new Set<string>()
  const plc = await FakeDirectory.start(({ pathname }) => {
    const account = byDid.get(decodeURIComponent(pathname.slice(1)))
    return account && didDocument(account)
  })
  const appView = await FakeDirectory.start(({ pathname, searchParams }) => {
    const known = (did: string) => byDid.get(did) ?? (strangers ? stranger(did as Did) : [])
    const found = (param: string) => searchParams.getAll(param).flatMap(known)
    if (pathname.endsWith('.getProfiles')) return { profiles: found('actors').map(profile) }
    if (!pathname.endsWith('.getRelationships')) return undefined
    const actor = searchParams.get('actor') as Did
    return { actor, relationships: found('others').map(({ did }) => relationship(actor, did, blocks)) }
  })
  return {
    accounts,
    blocks,
    plc,
    appView,
    async [Symbol.asyncDispose]() {
      await Promise.all([plc[Symbol.asyncDispose](), appView[Symbol.asyncDispose]()])
    },
  }
}

function didDocument({ did, name, multikey }: TestAccount): object {
  return {
    id: did,
    alsoKnownAs: [`at://${name}.test`],
    verificationMethod: [
      { id: `${did}#atproto`, type: 'Multikey', controller: did, publicKeyMultibase: multikey },
    ],
    service: [],
  }
}

function stranger(did: Did): Pick<TestAccount, 'did' | 'name'> {
  return { did, name: did.slice(-24) }
}

function profile({ did, name }: Pick<TestAccount, 'did' | 'name'>): object {
  const chat = { allowIncoming: 'all', allowGroupInvites: 'all' }
  return {
    did,
    handle: `${name}.test`,
    displayName: name,
    associated: { chat },
    viewer: { muted: false },
    labels: [],
  }
}

function relationship(actor: Did, did: Did, blocks: ReadonlySet<string>): object {
  const record = (by: Did, kind: string) => `at://${by}/app.bsky.graph.${kind}/3aaaaaaaaaaaa`
  return {
    $type: 'app.bsky.graph.defs#relationship',
    did,
    following: record(actor, 'follow'),
    followedBy: record(did, 'follow'),
    ...(blocks.has(`${actor} ${did}`) && { blocking: record(actor, 'block') }),
    ...(blocks.has(`${did} ${actor}`) && { blockedBy: record(did, 'block') }),
  }
}
