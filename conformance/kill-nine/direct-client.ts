import { ok } from '@atcute/client'
import type { Did, Nsid } from '@atcute/lexicons/syntax'
import type { LoggedIn } from '../account.ts'

const hourSec = 60 * 60

/** Calls a chat service past the PDS, as bots with many messages do: with a token for each method, for an hour. */
export class DirectClient {
  readonly account: LoggedIn
  readonly #service: { url: string; did: Did }
  readonly #tokens = new Map<Nsid, Promise<string>>()

  constructor(account: LoggedIn, service: { url: string; did: Did }) {
    this.account = account
    this.#service = service
  }

  get(nsid: Nsid, params: Record<string, string>): Promise<unknown> {
    return this.#call(nsid, `?${new URLSearchParams(params)}`, {})
  }

  post(nsid: Nsid, input: object): Promise<unknown> {
    return this.#call(nsid, '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
  }

  /** Throws what `fetch` throws where there is no answer, RefusedError where there is another than 200. */
  async #call(
    nsid: Nsid,
    query: string,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<unknown> {
    const headers = { ...init.headers, authorization: `Bearer ${await this.#token(nsid)}` }
    const answer = await fetch(`${this.#service.url}/xrpc/${nsid}${query}`, { ...init, headers })
    const body = await answer.text()
    if (answer.status !== 200) throw new RefusedError(`${nsid} was refused (${answer.status}): ${body}`)
    return JSON.parse(body)
  }

  #token(nsid: Nsid): Promise<string> {
    let token = this.#tokens.get(nsid)
    if (!token) {
      token = this.#askForToken(nsid)
      this.#tokens.set(nsid, token)
    }
    return token
  }

  async #askForToken(lxm: Nsid): Promise<string> {
    const params = { aud: this.#service.did, lxm, exp: Math.floor(Date.now() / 1000) + hourSec }
    return (await ok(this.account.pds.get('com.atproto.server.getServiceAuth', { params }))).token
  }
}

/** The service answered, and not with 200. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}
