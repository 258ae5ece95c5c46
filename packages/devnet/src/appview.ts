import { type Did, isDid } from '@atcute/lexicons/syntax'
import type { People } from '@parley/service'
import fastify, { type FastifyInstance } from 'fastify'
import { AppViewReader, type Query, Refusal } from './appview-reader.ts'
import { loopbackAddress, namesThisMachine } from './loopback.ts'
import type { ReservedPort } from './ports.ts'

export interface AppView {
  close(): Promise<void>
}

export interface AppViewOptions {
  port: ReservedPort
  people: People
  pdsUrls: string[]
}

/**
 * Starts the AppView of the PDSes: the few `app.bsky.*` queries that clients make at login and around messages,
 * answered from the index of their firehoses. All others are refused with 501 MethodNotImplemented.
 */
export async function startAppView(options: AppViewOptions): Promise<AppView> {
  const server = fastify()
  const reader = new AppViewReader(options)
  refuseUnknown(server)
  const answers: Record<string, (query: Query) => Promise<object>> = {
    'app.bsky.actor.getProfile': query => reader.profile(query),
    'app.bsky.actor.getProfiles': query => reader.profiles(query),
    'app.bsky.feed.getPosts': query => reader.posts(query),
    'app.bsky.graph.getRelationships': query => reader.relationships(query),
    // No labelers here; clients ask for the ones they have built in.
    'app.bsky.labeler.getServices': async () => ({ views: [] }),
  }
  for (const [nsid, answer] of Object.entries(answers)) {
    server.get(`/xrpc/${nsid}`, request => {
      const { searchParams } = new URL(request.url, 'http://localhost')
      return answer({ params: searchParams, viewer: viewerOf(request.headers.authorization) })
    })
  }
  await options.port.release()
  await server.listen({ host: loopbackAddress, port: options.port.port })
  return { close: () => server.close() }
}

function refuseUnknown(server: FastifyInstance): void {
  // No query has a body; whatever comes with an unknown call is not read.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.addHook('onRequest', async request => {
    if (!namesThisMachine(request.headers.host)) throw new Refusal(403, 'Forbidden', 'Only for this machine')
  })
  server.setNotFoundHandler(() => {
    throw new Refusal(501, 'MethodNotImplemented', "devnet's AppView does not know this method")
  })
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(error.body())
    return reply.code(500).send({ error: 'InternalServerError', message: 'Internal Server Error' })
  })
}

/**
 * The account that asks, as the PDS's service token says. The signature is not checked: every answer is public on
 * this network (follows and blocks are public records), so the token only chooses whose view is shown.
 */
function viewerOf(authorization: string | undefined): Did | undefined {
  const payload = authorization?.match(/^Bearer [^.]+\.([^.]+)\./)?.[1]
  if (!payload) return undefined
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown }
    return isDid(iss) ? iss : undefined
  } catch {
    return undefined
  }
}
