import type { FakeNetwork, SeenRequest } from '../../src/fake-network/index.ts'

/**
 * The Internet as far as a snippet can reach it: any host has the network's PDS, any chat service is the network's, and
 * handles and DIDs are looked up where they are in earnest. `heard` is told what the PDS was asked.
 */
export function internetOf(net: FakeNetwork, heard: (request: SeenRequest) => void): typeof fetch {
  /** By which names the snippet has called the chat service: `did#bsky_chat`, and the DID. */
  const called = new Set<string>()
  return async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (url.pathname.startsWith('/xrpc/')) {
      const headers = new Headers(request.headers)
      const proxied = headers.get('atproto-proxy') ?? ''
      if (proxied.endsWith('#bsky_chat')) {
        called.add(proxied).add(didOf(proxied))
        headers.set('atproto-proxy', net.chat)
      }
      // A token for another than it talks to stays wrong.
      const aud = url.searchParams.get('aud') ?? ''
      if (called.has(aud)) url.searchParams.set('aud', aud.includes('#') ? net.chat : didOf(net.chat))
      const answer = await net.fetch(new Request(new Request(url, request), { headers }))
      heard(net.requests.at(-1)!)
      return answer
    }
    const found = lookUp(net, url)
    if (found === undefined) throw new TypeError(`fetch failed: nobody answers at ${url.origin}`)
    return found
  }
}

function didOf(service: string): string {
  return service.split('#')[0]!
}

function lookUp(net: FakeNetwork, url: URL): Response | undefined {
  if (url.host === 'cloudflare-dns.com') {
    const name = url.searchParams.get('name')
    const user = net.users.find(({ handle }) => name === `_atproto.${handle}`)
    const answers = user ? [{ name, type: 16, data: `"did=${user.did}"` }] : []
    return Response.json({ Status: user ? 0 : 3, Answer: answers })
  }
  if (url.host === 'plc.directory') {
    const user = net.users.find(({ did }) => url.pathname === `/${did}`)
    if (user === undefined) return new Response(null, { status: 404 })
    const pds = {
      id: '#atproto_pds',
      type: 'AtprotoPersonalDataServer',
      serviceEndpoint: 'https://bsky.social',
    }
    return Response.json({ id: user.did, alsoKnownAs: [`at://${user.handle}`], service: [pds] })
  }
  if (url.pathname === '/.well-known/atproto-did') return new Response(null, { status: 404 })
  return undefined
}
