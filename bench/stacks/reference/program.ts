/** The same methods the obvious way, from the official parts: what a good developer would have after a day. */

import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { schemas } from '@atproto/api'
import { AuthRequiredError, createServer, InvalidRequestError, verifyJwt } from '@atproto/xrpc-server'
import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import { listen, programDid, programOptions } from '../program.ts'
import { firstText } from '../stack.ts'
import { type MessageRow, ReferenceStore } from './store.ts'

interface Credentials {
  credentials: { did: string }
}

const options = programOptions()
const accounts = Array.from({ length: options.accounts }, (_, number) => testAccount(number))
const pairs = options.accounts / 2
/** Looked up long ago: what is measured is not the directory. */
const keys = new Map(accounts.map(({ did, multikey }: TestAccount) => [did as string, `did:key:${multikey}`]))
const store = new ReferenceStore(options.database)

const convoIds = store.transact(() => Array.from({ length: pairs }, (_, pair) => fill(pair)))
const server = createServer(schemas, { validateResponse: false })
const json = 'application/json'

server.method('chat.bsky.convo.sendMessage', {
  auth,
  handler: ({ auth, input }) => {
    const { convoId, message } = input!.body as { convoId: string; message: { text: string } }
    const { did } = (auth as Credentials).credentials
    if (!store.isMember(did, convoId)) throw new InvalidRequestError('Convo not found', 'InvalidConvo')
    return { encoding: json, body: view(store.send({ convoId, sender: did, text: message.text })) }
  },
})

server.method('chat.bsky.convo.getMessages', {
  auth,
  handler: ({ auth, params }) => {
    const { convoId, limit, cursor } = params as { convoId: string; limit: number; cursor?: string }
    const { did } = (auth as Credentials).credentials
    if (!store.isMember(did, convoId)) throw new InvalidRequestError('Convo not found', 'InvalidConvo')
    const messages = store.page(convoId, { before: cursor ?? 'z', limit }).map(view)
    const next = messages.length === limit ? { cursor: messages.at(-1)!.id } : {}
    return { encoding: json, body: { messages, ...next } }
  },
})

server.method('chat.bsky.convo.getLog', {
  auth,
  handler: ({ auth, params }) => {
    const { did } = (auth as Credentials).credentials
    const cursor = params.cursor as string | undefined
    if (cursor === undefined) return { encoding: json, body: { cursor: store.head(did), logs: [] } }
    const logs = store.log(did, cursor).map(row => ({
      $type: 'chat.bsky.convo.defs#logCreateMessage',
      rev: row.rev,
      convoId: row.convoId,
      message: view(row),
    }))
    return { encoding: json, body: { cursor: logs.at(-1)?.rev ?? cursor, logs } }
  },
})

server.method('chat.bsky.convo.listConvos', {
  auth,
  handler: ({ auth, params }) => {
    const { did } = (auth as Credentials).credentials
    const convos = store.convos(did, params.limit as number).map(row => ({
      id: row.convoId,
      rev: row.rev,
      members: row.members.map(member => ({ did: member, handle: 'handle.invalid' })),
      lastMessage: view(row),
      muted: false,
      status: 'accepted',
      unreadCount: row.unread,
    }))
    return { encoding: json, body: { convos } }
  },
})

server.method('chat.bsky.convo.getUnreadCounts', {
  auth,
  handler: ({ auth }) => {
    const unreadAcceptedConvos = store.unreadCount((auth as Credentials).credentials.did)
    return { encoding: json, body: { unreadAcceptedConvos, unreadRequestConvos: 0 } }
  },
})

const cursors = accounts.map(({ did }) => store.head(did))
await listen(createHttpServer(server.router), { convoIds, cursors })

async function auth({ req }: { req: IncomingMessage }): Promise<Credentials> {
  const token = req.headers.authorization?.replace(/^Bearer /, '')
  if (!token) throw new AuthRequiredError('missing jwt', 'AuthMissing')
  const lxm = /^\/xrpc\/([^?]+)/.exec((req as IncomingMessage & { originalUrl: string }).originalUrl)?.[1]
  const { iss } = await verifyJwt(token, programDid, lxm ?? null, async did => {
    const key = keys.get(did)
    if (key === undefined) throw new AuthRequiredError('unknown issuer', 'BadJwtIss')
    return key
  })
  return { credentials: { did: iss } }
}

function fill(pair: number): string {
  const [low, high] = [accounts[pair]!.did, accounts[pair + pairs]!.did]
  const convoId = store.createConvo([low, high])
  for (let number = 0; number < options.messages; number++) {
    store.write({ convoId, sender: number % 2 === 0 ? low : high, text: firstText(pair, number) })
  }
  return convoId
}

function view({ id, sender, text, sentAt }: MessageRow) {
  return { $type: 'chat.bsky.convo.defs#messageView', id, rev: id, text, sender: { did: sender }, sentAt }
}
