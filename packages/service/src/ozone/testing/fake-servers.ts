import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { type LoopbackServer, loopbackServer } from '@parley/testing/loopback-server.ts'

/** For tests: an Ozone and a chat service that answer three methods, and can be told to fail. */

interface Answer {
  status?: number
  body?: unknown
}

export interface FakeOzone extends LoopbackServer {
  /** Puts the tag on the account, or takes it away. It is seen at once; by default it was made now. */
  press(button: 'disable' | 'enable', did: string, madeAtMs?: number): void
  /** The `createdAfter` of every query for events. */
  askedFrom: (string | null)[]
}

export interface FakeChat extends LoopbackServer {
  /** What it was told, as `<did> <allowAccess>`. */
  told: string[]
  /** What it answers instead of obeying. */
  refuse: ((did: string) => Answer | undefined) | undefined
}

interface StoredEvent {
  id: number
  did: string
  change: 'addedTags' | 'removedTags'
  createdAt: number
}

export async function startFakeOzone(): Promise<FakeOzone> {
  const stored: StoredEvent[] = []
  const tags = new Map<string, string[]>()
  const askedFrom: (string | null)[] = []

  function queryEvents(params: URLSearchParams): Answer {
    const createdAfter = params.get('createdAfter')
    if (!params.has('cursor')) askedFrom.push(createdAfter)
    const from = createdAfter === null ? 0 : Date.parse(createdAfter)
    const found = stored
      .filter(event => params.get(event.change) === 'chat-disabled' && event.createdAt >= from)
      .sort((a, b) => a.createdAt - b.createdAt)
    const start = Number(params.get('cursor') ?? 0)
    const end = start + Number(params.get('limit'))
    const events = found.slice(start, end).map(({ id, did }) => ({ id, subject: { did }, event: {} }))
    // As Ozone does: only an empty page is the last.
    return { body: { events, ...(events.length > 0 && { cursor: String(end) }) } }
  }

  const server = await startServer(request => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    if (pathname.endsWith('.queryEvents')) return queryEvents(searchParams)
    const found = tags.get(searchParams.get('subject')!)
    return { body: { subjectStatuses: found === undefined ? [] : [{ tags: found }] } }
  })
  return {
    ...server,
    askedFrom,
    press(button, did, madeAtMs = Date.now()) {
      const change = button === 'disable' ? 'addedTags' : 'removedTags'
      stored.push({ id: stored.length + 1, did, change, createdAt: madeAtMs })
      tags.set(did, button === 'disable' ? ['lang:en', 'chat-disabled'] : ['lang:en'])
    },
  }
}

export async function startFakeChat(): Promise<FakeChat> {
  const told: string[] = []
  const server = await startServer(async request => {
    const { actor, allowAccess } = (await json(request)) as { actor: string; allowAccess: boolean }
    const refusal = chat.refuse?.(actor)
    if (refusal) return refusal
    told.push(`${actor} ${allowAccess}`)
    return {}
  })
  const chat: FakeChat = { ...server, told, refuse: undefined }
  return chat
}

function startServer(
  answer: (request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<LoopbackServer> {
  return loopbackServer(async (request, response) => {
    const { status = 200, body } = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? '' : JSON.stringify(body))
  })
}
