import { issuerOf } from '../auth/verify-service-jwt.ts'
import { AppError, type ErrorName } from '../errors.ts'
import { getOrMake } from '../get-or-make.ts'
import { type Logger, logFault } from '../logger.ts'
import type { Identity } from '../people/identity.ts'
import { type ErrorResponse, errorResponse, refusalAnswer } from '../xrpc/error-response.ts'
import { isStream, type Pipeline } from '../xrpc/pipeline.ts'
import type { EventStream, OpenSubscription } from '../xrpc/subscriptions.ts'
import type { BodyText, FromWorker, Id, ToWorker } from './messages.ts'
import type { Post } from './outbox.ts'
import { ServedStreams } from './served-streams.ts'

type Message<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>

export interface ServedWorkerOptions {
  post: Post<ToWorker>
  pipeline: Pipeline
  open: OpenSubscription
  identity: Identity
  logger: Logger
}

const encoder = new TextEncoder()

/** Longer answers are handed over as bytes: a copy of each would wait on both sides for a collection of garbage. */
const movedBodyCharsMin = 16 * 1024

/** One HTTP worker as the service sees it: its requests go through the pipeline as if they had arrived here. */
export class ServedWorker {
  readonly #options: ServedWorkerOptions
  readonly #bodies = new Map<Id, PromiseWithResolvers<Buffer>>()
  readonly #connections = new Map<Id, AbortController>()
  readonly #subscriptions = new Map<Id, EventStream>()
  readonly #streams: ServedStreams

  constructor(options: ServedWorkerOptions) {
    this.#options = options
    this.#streams = new ServedStreams(options.post)
  }

  hear(message: FromWorker): void {
    switch (message.type) {
      case 'request':
        void this.#request(message)
        break
      case 'upgrade':
        void this.#upgrade(message)
        break
      case 'body':
        take(this.#bodies, message.id)!.resolve(bytesOf(message.body))
        break
      case 'noBody':
        take(this.#bodies, message.id)!.reject(
          new AppError(message.refusal.name as ErrorName, message.refusal.message),
        )
        break
      case 'closed':
        take(this.#connections, message.id)?.abort()
        this.#streams.end(message.id)
        break
      case 'next':
        void this.#streams.next(message.id)
        break
      case 'ended':
        take(this.#subscriptions, message.id)?.ended(message.error)
        this.#streams.end(message.id)
        break
    }
  }

  /** The worker has gone, and with it every connection that it had. */
  gone(): void {
    for (const connection of this.#connections.values()) connection.abort()
    this.#streams.endAll()
    for (const subscription of this.#subscriptions.values()) subscription.ended(undefined)
  }

  async #request({ id, head, body, asksKeyOf }: Message<'request'>): Promise<void> {
    const { pipeline, post } = this.#options
    const answer = await pipeline({
      ...head,
      body: async bytesMax => (body === undefined ? this.#askForBody(id, bytesMax) : bytesOf(body)),
      closed: () => this.#follow(id),
    }).catch(error => refusalAnswer(this.#fault(head, error)))
    const { status, headers, body: content } = answer
    if (isStream(content)) {
      this.#streams.add(id, content)
      // Where it closed before there was a stream, we hear of it once more.
      this.#follow(id)
      post({ type: 'stream', id, status, headers })
    } else if (typeof content === 'string' && content.length > movedBodyCharsMin) {
      const bytes = encoder.encode(content)
      post({ type: 'answer', id, status, headers, body: bytes }, bytes.buffer)
    } else {
      post({ type: 'answer', id, status, headers, body: content })
    }
    // Only then has the token been found good, and the key of its issuer is at hand.
    if (status === 200 && asksKeyOf !== undefined) await this.#tellKey(asksKeyOf)
  }

  async #upgrade({ id, head, asksKeyOf }: Message<'upgrade'>): Promise<void> {
    const { open, post } = this.#options
    const connection = new AbortController()
    this.#connections.set(id, connection)
    const opening = await open({ ...head, closed: connection.signal }).catch(error => ({
      refusal: this.#fault(head, error),
    }))
    if ('refusal' in opening) return post({ type: 'refused', id, refusal: opening.refusal })
    this.#subscriptions.set(id, opening.stream)
    this.#streams.add(id, opening.stream.frames)
    post({ type: 'opened', id, framing: opening.stream.framing })
    if (asksKeyOf !== undefined) await this.#tellKey(asksKeyOf)
  }

  /** Pipeline and subscriptions throw nothing; where they do, it is a bug, and costs one request. */
  #fault({ requestId }: { requestId: string }, error: unknown): ErrorResponse {
    logFault(this.#options.logger, requestId, error)
    return errorResponse(error)
  }

  #askForBody(id: Id, bytesMax: number): Promise<Buffer> {
    const body = Promise.withResolvers<Buffer>()
    this.#bodies.set(id, body)
    this.#options.post({ type: 'readBody', id, bytesMax })
    return body.promise
  }

  #follow(id: Id): AbortSignal {
    const connection = getOrMake(this.#connections, id, () => {
      this.#options.post({ type: 'follow', id })
      return new AbortController()
    })
    return connection.signal
  }

  async #tellKey(issuer: string): Promise<void> {
    const { identity, post } = this.#options
    const { did, key: name } = issuerOf(issuer, true)
    const key = await identity.signingKey(did, { key: name }).catch(nobodyAnswers)
    if (key !== undefined) post({ type: 'key', issuer, key })
  }
}

/** The worker asks again with the next token. */
function nobodyAnswers(): undefined {}

function bytesOf(body: BodyText): Buffer {
  return Buffer.from(body, 'latin1')
}

function take<Value>(values: Map<Id, Value>, id: Id): Value | undefined {
  const value = values.get(id)
  values.delete(id)
  return value
}
