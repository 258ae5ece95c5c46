import type { Did } from '@atcute/lexicons/syntax'
import type { InMemoryService } from '@parley/service/in-memory'
import { Faults } from './faults.ts'
import type { FlowingClock } from './flowing-clock.ts'
import { refuse, spoil } from './responses.ts'
import { encode, ServiceTokens } from './service-tokens.ts'

/** An account, with what it takes to log in. */
export interface FakeUser {
  handle: string
  did: Did
  password: string
}

/** A request as the network saw it. */
export interface SeenRequest {
  method: string
  verb: string
  params: URLSearchParams
  body: unknown
  /** The account that made it, where it said. */
  did: Did | undefined
}

export interface FakePdsParts {
  service: InMemoryService
  clock: FlowingClock
  users: readonly FakeUser[]
  /** `false` plays a service without Parley's extensions. */
  extensions: boolean
  random: () => number
  declarations: Declarations
}

/** The records in which accounts say from whom they accept messages. */
export interface Declarations {
  read(user: FakeUser): Record<string, unknown> | undefined
  write(user: FakeUser, record: Record<string, unknown>): void
}

interface Credentials {
  identifier: string
  password: string
}

interface Login {
  user: FakeUser
  expiresAtMs: number
}

interface Asked {
  method: string
  url: URL
  request: Request
  body: Buffer
  token: string | undefined
}

/** As a real PDS has it. */
const SERVICE_TOKEN_SEC_MAX = 60 * 60

const ACCESS_LIFETIME_MS = 2 * 60 * 60 * 1000
const REFRESH_LIFETIME_MS = 60 * 24 * 60 * 60 * 1000

/** The personal data server of everybody on the network, as far as direct messages need one. */
export class FakePds {
  readonly requests: SeenRequest[] = []
  readonly faults: Faults
  readonly #parts: FakePdsParts
  readonly #tokens: ServiceTokens
  readonly #access = new Map<string, Login>()
  readonly #refresh = new Map<string, Login>()
  #made = 0

  constructor(parts: FakePdsParts) {
    this.#parts = parts
    this.faults = new Faults(parts.random)
    this.#tokens = new ServiceTokens(parts.service, parts.clock)
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const method = url.pathname.replace(/^\/xrpc\//, '')
    const body = Buffer.from(await request.arrayBuffer())
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
    this.requests.push({
      method,
      verb: request.method,
      params: url.searchParams,
      body: body.length > 0 ? JSON.parse(body.toString()) : undefined,
      did: token === undefined ? undefined : this.#access.get(token)?.user.did,
    })
    const fault = this.faults.take(method)
    if (fault && fault.when !== 'after') return spoil(fault, request.signal)
    const response = await this.#answer({ method, url, request, body, token })
    return fault ? spoil(fault, request.signal) : response
  }

  /** No access token is good any more; refresh tokens are. */
  expireTokens(): void {
    for (const login of this.#access.values()) login.expiresAtMs = Number.NEGATIVE_INFINITY
  }

  async #answer(asked: Asked): Promise<Response> {
    const { method, url, request, token } = asked
    switch (method) {
      case 'com.atproto.server.createSession':
        return this.#createSession(JSON.parse(asked.body.toString()), url.origin)
      case 'com.atproto.server.refreshSession':
        return this.#refreshSession(token, url.origin)
      case 'com.atproto.server.deleteSession':
        if (token !== undefined) this.#refresh.delete(token)
        return new Response(null)
      case 'com.atproto.identity.resolveHandle': {
        const user = this.#parts.users.find(({ handle }) => handle === url.searchParams.get('handle'))
        return user
          ? Response.json({ did: user.did })
          : refuse(400, 'InvalidRequest', 'Unable to resolve handle')
      }
    }
    const login = token === undefined ? undefined : this.#access.get(token)
    if (login === undefined) return refuse(401, 'AuthMissing', 'Authentication Required')
    if (login.expiresAtMs <= this.#parts.clock.now()) return refuse(400, 'ExpiredToken', 'Token has expired')
    const isForService = request.headers.get('atproto-proxy') === `${this.#parts.service.did}#bsky_chat`
    if (isForService) return this.#passOn(login.user, asked)
    if (method === 'com.atproto.server.getSession') {
      const { did, handle } = login.user
      return Response.json({ did, handle, active: true })
    }
    if (method === 'com.atproto.server.getServiceAuth') return this.#serviceAuth(login.user, url)
    if (method.startsWith('com.atproto.repo.')) return this.#repo(login.user, asked)
    return refuse(501, 'MethodNotImplemented', 'Method Not Implemented')
  }

  async #serviceAuth({ did }: FakeUser, url: URL): Promise<Response> {
    const { service, clock } = this.#parts
    const { aud, lxm = '', exp } = Object.fromEntries(url.searchParams)
    if (aud !== service.did && aud !== `${service.did}#bsky_chat`)
      return refuse(400, 'InvalidRequest', 'No such service')
    const expSec = exp === undefined ? undefined : Number(exp)
    if (expSec !== undefined && expSec - clock.now() / 1000 > SERVICE_TOKEN_SEC_MAX)
      return refuse(
        400,
        'BadExpiration',
        'can not request a token with an expiration more than an hour in the future',
      )
    return Response.json({ token: await this.#tokens.make({ did, lxm, exp: expSec }) })
  }

  /** Repos hold nothing but declarations. */
  #repo(user: FakeUser, { method, url, body }: Asked): Response {
    const { declarations } = this.#parts
    const uri = `at://${user.did}/chat.bsky.actor.declaration/self`
    const { record, ...place } =
      method === 'com.atproto.repo.putRecord'
        ? JSON.parse(body.toString())
        : Object.fromEntries(url.searchParams)
    if (`at://${place.repo}/${place.collection}/${place.rkey}` !== uri)
      return refuse(400, 'RecordNotFound', 'Could not locate record')
    if (record !== undefined) declarations.write(user, record)
    const value = declarations.read(user)
    if (value === undefined) return refuse(400, 'RecordNotFound', 'Could not locate record')
    const cid = 'bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a'
    return Response.json(record === undefined ? { uri, cid, value } : { uri, cid })
  }

  #createSession({ identifier, password }: Credentials, origin: string): Response {
    const user = this.#parts.users.find(({ handle, did }) => handle === identifier || did === identifier)
    if (user === undefined || user.password !== password)
      return refuse(401, 'AuthenticationRequired', 'Invalid identifier or password')
    return Response.json(this.#session(user, origin))
  }

  #refreshSession(token: string | undefined, origin: string): Response {
    const login = token === undefined ? undefined : this.#refresh.get(token)
    if (login === undefined || login.expiresAtMs <= this.#parts.clock.now())
      return refuse(400, 'ExpiredToken', 'Token has expired')
    this.#refresh.delete(token!)
    return Response.json(this.#session(login.user, origin))
  }

  /** Names the PDS as whoever asks has reached it. */
  #session(user: FakeUser, origin: string) {
    const { handle, did } = user
    const now = this.#parts.clock.now()
    const access = this.#token(user, 'com.atproto.appPassPrivileged', ACCESS_LIFETIME_MS)
    const refresh = this.#token(user, 'com.atproto.refresh', REFRESH_LIFETIME_MS)
    this.#access.set(access, { user, expiresAtMs: now + ACCESS_LIFETIME_MS })
    this.#refresh.set(refresh, { user, expiresAtMs: now + REFRESH_LIFETIME_MS })
    return { handle, did, accessJwt: access, refreshJwt: refresh, didDoc: documentOf(user, origin) }
  }

  #token({ did }: FakeUser, scope: string, lifetimeMs: number): string {
    this.#made += 1
    const iat = Math.floor(this.#parts.clock.now() / 1000)
    const claims = { scope, sub: did, iat, exp: iat + lifetimeMs / 1000, jti: String(this.#made) }
    return `${encode({ alg: 'none' })}.${encode(claims)}.${encode('fake')}`
  }

  /** As a PDS does: with a token of its own making, few headers, and nothing of the answer but status and body. */
  async #passOn({ did }: FakeUser, { method, url, request, body }: Asked): Promise<Response> {
    const { service, extensions } = this.#parts
    if (!extensions && method.startsWith('chat.parley.'))
      return refuse(501, 'MethodNotImplemented', 'Method Not Implemented')
    const page = service.pages.find(({ path }) => path === url.pathname)
    if (page) {
      // The service has no address but that of the network.
      const described = { ...JSON.parse(page.body), url: url.origin }
      return Response.json(described)
    }
    const bytes = extensions ? body : withoutKeys(body)
    const answer = await service.answer({
      requestId: String(this.requests.length),
      verb: request.method,
      nsid: method,
      query: url.search.slice(1),
      authorization: [`Bearer ${await this.#tokens.make({ did, lxm: method })}`],
      contentType: request.headers.get('content-type') ?? undefined,
      bodyBytes: bytes.length,
      body: async () => bytes,
      closed: () => request.signal,
    })
    const { status, headers } = answer
    const content = answer.body
    const text =
      typeof content === 'object' && Symbol.asyncIterator in content
        ? (await Array.fromAsync(content)).join('')
        : content
    return new Response(text as string | Uint8Array<ArrayBuffer>, {
      status,
      headers: { 'content-type': headers['content-type'] ?? '' },
    })
  }
}

function documentOf({ did, handle }: FakeUser, origin: string) {
  const pds = { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: origin }
  return { id: did, alsoKnownAs: [`at://${handle}`], service: [pds] }
}

/** A service that knows no idempotency keys pays no heed to the field. */
function withoutKeys(body: Buffer): Buffer {
  if (body.length === 0) return body
  const { idempotencyKey: _, ...rest } = JSON.parse(body.toString())
  return Buffer.from(JSON.stringify(rest))
}
