import type { Did } from '@atcute/lexicons/syntax'
import { type $output as Described, mainSchema } from '@parley/lexicons/chat/parley/server/describeServer'

/** A page that needs no token. */
export interface Page {
  path: string
  contentType: string
  body: string
}

export interface WellKnownOptions {
  did: Did
  /** Origin at which others reach this service. */
  publicUrl: string
  version: string
}

/** What anybody may ask: who this is (behaviour.md 1.1), whether it is up, and what it is for. */
export function wellKnownPages(options: WellKnownOptions): Page[] {
  const pages = [welcome(options), health(options), description(options)]
  if (options.did.startsWith('did:web:')) pages.push(didDocument(options))
  return pages
}

function didDocument({ did, publicUrl }: WellKnownOptions): Page {
  return {
    path: '/.well-known/did.json',
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: did,
      service: [{ id: '#bsky_chat', type: 'BskyChatService', serviceEndpoint: publicUrl }],
    }),
  }
}

function health({ version }: WellKnownOptions): Page {
  return {
    path: '/xrpc/_health',
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ version }),
  }
}

/** Clients ask through a PDS, and so with a token, which nobody needs here. */
function description({ did, publicUrl, version }: WellKnownOptions): Page {
  const described: Described = {
    did,
    url: publicUrl as Described['url'],
    version,
    features: ['idempotencyKey', 'subscribeLog'],
  }
  return {
    path: `/xrpc/${mainSchema.nsid}`,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(described),
  }
}

function welcome({ did }: WellKnownOptions): Page {
  return {
    path: '/',
    contentType: 'text/plain; charset=utf-8',
    body: `This is Parley, a Direct Messages service for the AT Protocol (chat.bsky.*).

To use it, send your calls to your own PDS with the header
  atproto-proxy: ${did}#bsky_chat
`,
  }
}
