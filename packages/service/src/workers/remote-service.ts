import { AppError } from '../errors.ts'
import { bodyBytesAheadMax, unheardRequestsMax } from '../limits.ts'
import { type ErrorResponse, errorResponse, refusalAnswer } from '../xrpc/error-response.ts'
import type { Frame, Framing } from '../xrpc/frame.ts'
import type { Answer, Arrival } from '../xrpc/pipeline.ts'
import type { OpenSubscription, Upgrade } from '../xrpc/subscriptions.ts'
import { AskedStreams } from './asked-streams.ts'
import { type Heard, unheard } from './backlog.ts'
import type { KnownKeys } from './known-keys.ts'
import type { FromWorker, Id, RequestMessage, ToWorker } from './messages.ts'

/** A request that the service has not answered yet. */
interface Request {
  arrival: Arrival
  /** The body, once somebody began to read it. */
  body: Promise<Buffer> | undefined
  answer(answer: Answer): void
}

export interface RemoteServiceOptions {
  post: (message: FromWorker) => void
  heard: Heard
  keys: KnownKeys
}

/** The service as an HTTP worker sees it: the same pipeline and subscriptions, on the other side of a port. */
export class RemoteService {
  readonly #post: (message: FromWorker) => void
  readonly #heard: Heard
  readonly #keys: KnownKeys
  readonly #requests = new Map<Id, Request>()
  readonly #upgrades = new Map<Id, (outcome: { framing: Framing } | { refusal: ErrorResponse }) => void>()
  readonly #streams: AskedStreams
  #ids = 0
  /** Requests and upgrades. */
  #passedOn = 0

  constructor({ post, heard, keys }: RemoteServiceOptions) {
    this.#post = post
    this.#heard = heard
    this.#keys = keys
    this.#streams = new AskedStreams(this.#post)
  }

  /** A small body that is there already goes with its head: asking for it costs more than the body. */
  request(arrival: Arrival): Promise<Answer> {
    if (this.#isBehind()) return Promise.resolve(refusalAnswer(tooBusy()))
    const id = this.#nextId()
    const { requestId, verb, nsid, query, authorization, contentType, bodyBytes } = arrival
    const { signedBy, asksKeyOf } = this.#keys.check(authorization)
    const head = { requestId, verb, nsid, query, authorization, contentType, bodyBytes, signedBy }
    const message: RequestMessage = { type: 'request', id, head, body: undefined, asksKeyOf }
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const request: Request = { arrival, body: undefined, answer: resolve }
    this.#requests.set(id, request)
    if (bodyBytes === 0) {
      message.body = ''
    } else if (bodyBytes !== undefined && bodyBytes <= bodyBytesAheadMax) {
      request.body = arrival.body(bodyBytesAheadMax)
      request.body.then(
        bytes => {
          message.body = bytes.toString('latin1')
        },
        // Whether anybody wants to hear of it depends on the rest of the request.
        () => {},
      )
    }
    this.#passOn(message)
    return promise
  }

  async open({ closed, ...upgrade }: Upgrade): ReturnType<OpenSubscription> {
    if (this.#isBehind()) return { refusal: tooBusy() }
    const id = this.#nextId()
    const { signedBy, asksKeyOf } = this.#keys.check(upgrade.authorization)
    const { promise, resolve } = Promise.withResolvers<{ framing: Framing } | { refusal: ErrorResponse }>()
    this.#upgrades.set(id, resolve)
    this.#passOn({ type: 'upgrade', id, head: { ...upgrade, signedBy }, asksKeyOf })
    this.#follow(closed, id)
    const outcome = await promise
    this.#upgrades.delete(id)
    if ('refusal' in outcome) return outcome
    const frames = this.#streams.read(id) as AsyncIterable<Frame>
    return { stream: { ...outcome, frames, ended: error => this.#post({ type: 'ended', id, error }) } }
  }

  /** Takes in what the service says of a request, an upgrade or a key. */
  hear(message: ToWorker): void {
    switch (message.type) {
      case 'answer':
        this.#answer(message.id, message)
        break
      case 'stream':
        this.#answer(message.id, {
          ...message,
          body: this.#streams.read(message.id) as AsyncIterable<string>,
        })
        break
      case 'readBody':
        void this.#readBody(message.id, message.bytesMax)
        break
      case 'follow':
        this.#follow(this.#requests.get(message.id)!.arrival.closed(), message.id)
        break
      case 'opened':
        this.#upgrades.get(message.id)!({ framing: message.framing })
        break
      case 'refused':
        this.#upgrades.get(message.id)!({ refusal: message.refusal })
        break
      case 'part':
        this.#streams.heard(message.id, message.part)
        break
      case 'streamOver':
        this.#streams.over(message.id, message.isBroken)
        break
      case 'key':
        this.#keys.learn(message.issuer, message.key)
        break
    }
  }

  /** What the service counts as well when it hears of it (backlog.ts). */
  #passOn(message: RequestMessage): void {
    this.#passedOn += 1
    this.#post(message)
  }

  #isBehind(): boolean {
    return unheard(this.#heard, this.#passedOn) >= unheardRequestsMax
  }

  #nextId(): Id {
    this.#ids += 1
    return this.#ids
  }

  #follow(closed: AbortSignal, id: Id): void {
    if (closed.aborted) this.#post({ type: 'closed', id })
    else closed.addEventListener('abort', () => this.#post({ type: 'closed', id }), { once: true })
  }

  async #readBody(id: Id, bytesMax: number): Promise<void> {
    const request = this.#requests.get(id)!
    request.body ??= request.arrival.body(bytesMax)
    try {
      const bytes = await request.body
      this.#post({ type: 'body', id, body: bytes.toString('latin1') })
    } catch (error) {
      const { name, message } = error as AppError
      this.#post({ type: 'noBody', id, refusal: { name, message } })
    }
  }

  #answer(id: Id, answer: Answer): void {
    this.#requests.get(id)!.answer(answer)
    this.#requests.delete(id)
  }
}

function tooBusy(): ErrorResponse {
  return errorResponse(new AppError('ServiceUnavailable', 'The service is busy; try again later'))
}
