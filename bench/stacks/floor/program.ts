/** The floor: what node:http, native signatures and SQLite take when nothing else is done. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { testAccount } from '@parley/testing/account.ts'
import { formatTid, parseTid, type Tid, tidTime } from '../../../packages/service/src/tid.ts'
import { listen, programDid, programOptions } from '../program.ts'
import { firstText } from '../stack.ts'
import { FloorStore, type StoredMessage } from './store.ts'
import { createTokenCheck } from './tokens.ts'

const options = programOptions()
const accounts = Array.from({ length: options.accounts }, (_, number) => testAccount(number))
const pairs = options.accounts / 2
const checkToken = createTokenCheck(accounts, programDid)
const store = new FloorStore(options.database)
/** Convos are numbered from one that is a rev, so that their ids look like others'. */
const firstConvo = Date.now() * 1000 - pairs

fill()
await listen(createServer(answer), {
  convoIds: Array.from({ length: pairs }, (_, pair) => formatTid(firstConvo + pair)),
  cursors: accounts.map((_, account) => formatTid(store.head(account))),
})

function fill(): void {
  const members = accounts.map((_, account) => [account, account % pairs] as const)
  const messages = Array.from({ length: options.messages }, (_, number) =>
    Array.from({ length: pairs }, (_, pair) => {
      const [sender, recipient] = number % 2 === 0 ? [pair, pair + pairs] : [pair + pairs, pair]
      return { convo: pair, sender, recipient, body: JSON.stringify({ text: firstText(pair, number) }) }
    }),
  ).flat()
  store.fill(members, messages)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path, query] = request.url!.split('?') as [string, string?]
  const nsid = path.slice('/xrpc/'.length)
  const account = checkToken(request.headers.authorization, nsid)
  const params = new URLSearchParams(query)
  if (account === undefined) reply(response, 401, { error: 'AuthMissing' })
  else if (nsid === 'chat.bsky.convo.sendMessage') send(account, request, response)
  else if (nsid === 'chat.bsky.convo.getMessages') reply(response, 200, page(params))
  else if (nsid === 'chat.bsky.convo.getLog') reply(response, 200, log(account, params))
  else reply(response, 404, { error: 'MethodNotImplemented' })
}

function send(sender: number, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { convoId, message } = JSON.parse(Buffer.concat(chunks).toString())
    const convo = convoOf(convoId)
    if (convo !== sender % pairs) return reply(response, 400, { error: 'InvalidConvo' })
    const body = JSON.stringify({ text: message.text })
    store.send({ convo, sender, recipient: (sender + pairs) % options.accounts, body }).then(
      id => reply(response, 200, view({ id, sender, body })),
      () => reply(response, 500, { error: 'InternalServerError' }),
    )
  })
}

function page(params: URLSearchParams): object {
  const before = parseTid(params.get('cursor') ?? '') ?? Number.MAX_SAFE_INTEGER
  const limit = Number(params.get('limit') ?? 50)
  const messages = store.messages(convoOf(params.get('convoId')!), { before, limit }).map(view)
  return { messages, ...(messages.length === limit && { cursor: messages.at(-1)!.id }) }
}

/** Most polls end at the first line: nobody has written to the account since. */
function log(account: number, params: URLSearchParams): object {
  const after = parseTid(params.get('cursor') ?? '') ?? 0
  if (store.head(account) <= after) return { cursor: formatTid(after), logs: [] }
  const logs = store.log(account, after).map(row => ({
    $type: 'chat.bsky.convo.defs#logCreateMessage',
    rev: formatTid(row.id),
    convoId: formatTid(firstConvo + row.convo),
    message: view(row),
  }))
  return { cursor: logs.at(-1)!.rev, logs }
}

function view({ id, sender, body }: StoredMessage) {
  return {
    $type: 'chat.bsky.convo.defs#messageView',
    id: formatTid(id),
    rev: formatTid(id),
    ...JSON.parse(body),
    sender: { did: accounts[sender]!.did },
    sentAt: tidTime(id),
  }
}

function convoOf(id: string): Tid {
  return (parseTid(id) ?? 0) - firstConvo
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
