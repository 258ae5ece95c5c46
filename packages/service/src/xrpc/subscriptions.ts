import { isNsid } from '@atcute/lexicons/syntax'
import { AppError, invalidRequest } from '../errors.ts'
import { logRequest, logSubscriptionEnd } from '../logger.ts'
import { type Credentials, createAdmission } from './admit.ts'
import type { Edge, Trace } from './edge.ts'
import type { ErrorResponse } from './error-response.ts'
import { errorFrame, type Frame, type Framing, messageFrame } from './frame.ts'
import { createParamsReader, type ParamsReader } from './params.ts'
import { createRefusals } from './refuse.ts'
import { createSlots, type Slots } from './slots.ts'
import type { Subscription, SubscriptionCall } from './subscription.ts'
import { assertOutput } from './validate.ts'

/** A request to open /xrpc/<nsid> as a WebSocket, in no WebSocket library's terms. */
export interface Upgrade extends UpgradeHead {
  /** Aborted when the connection has closed. */
  closed: AbortSignal
}

export interface UpgradeHead extends Credentials {
  requestId: string
  /** As it stood in the path. */
  nsid: string
  /** Without its `?`. */
  query: string
}

/** What the other side is to be sent. */
export interface EventStream {
  framing: Framing
  /** Nothing happens before the first is asked for. */
  frames: AsyncIterable<Frame>
  /** To be told once it is over, with the name of the error that ended it. */
  ended(error: string | undefined): void
}

export type Opening = { stream: EventStream } | { refusal: ErrorResponse }

/** Never throws. */
export type OpenSubscription = (upgrade: Upgrade) => Promise<Opening>

interface PreparedSubscription {
  subscription: Subscription
  framing: Framing
  readParams: ParamsReader
  slots: Slots
}

/** The way of every subscription: the stages of a call up to its params, then frames until one side has enough. */
export function createSubscriptions(edge: Edge): OpenSubscription {
  const { clock, logger } = edge
  const admit = createAdmission(edge)
  const refuse = createRefusals(edge)
  const prepared = new Map(edge.subscriptions.map(it => [it.schema.nsid as string, prepare(it)]))
  const calls = new Set<string>(edge.endpoints.map(endpoint => endpoint.schema.nsid))

  function route(nsid: string): PreparedSubscription {
    const found = prepared.get(nsid)
    if (found !== undefined) return found
    if (!isNsid(nsid)) throw invalidRequest('Invalid xrpc path: expected /xrpc/<nsid>')
    if (calls.has(nsid)) throw invalidRequest('This method is no subscription: call it without Upgrade')
    throw new AppError('MethodNotImplemented', 'Method Not Implemented')
  }

  async function walk(upgrade: Upgrade, trace: Trace): Promise<Omit<EventStream, 'ended'>> {
    const found = route(upgrade.nsid)
    const { authorization, signedBy, query, closed } = upgrade
    const { callers, tokenMethod = upgrade.nsid } = found.subscription
    // Subscriptions are not for everybody, so there is a caller.
    const caller = (await admit({ authorization, signedBy, callers, tokenMethod }, trace))!
    const params = found.readParams(query)
    found.slots.take(caller.did, closed)
    const frames = framesOf(found, { params, caller, signal: closed } as SubscriptionCall, trace)
    return { framing: found.framing, frames }
  }

  async function* framesOf(
    { subscription: { schema, handle }, framing }: PreparedSubscription,
    call: SubscriptionCall,
    trace: Trace,
  ): AsyncIterable<Frame> {
    try {
      for await (const message of handle(edge.context, call)) {
        if (edge.checkOutput && schema.message) assertOutput(schema.message, message, schema.nsid)
        yield messageFrame(schema.nsid, message, framing)
      }
    } catch (cause) {
      // A handler may leave its wait by throwing when the other side has gone.
      if (!call.signal.aborted) yield errorFrame(refuse(cause, trace).body, framing)
    }
  }

  return async upgrade => {
    const { requestId, nsid } = upgrade
    const startedAt = clock.now()
    const trace: Trace = { requestId, nsid }
    const line = (error: string | undefined) => ({
      requestId,
      method: isNsid(nsid) ? nsid : undefined,
      did: trace.did,
      error,
      ms: clock.now() - startedAt,
    })
    try {
      const stream = await walk(upgrade, trace)
      logRequest(logger, { ...line(undefined), status: 101 })
      return { stream: { ...stream, ended: error => logSubscriptionEnd(logger, line(error)) } }
    } catch (cause) {
      const refusal = refuse(cause, trace)
      logRequest(logger, { ...line(refusal.body.error), status: refusal.status })
      return { refusal }
    }
  }
}

function prepare(subscription: Subscription): PreparedSubscription {
  const { framing = 'cbor', openMax, schema } = subscription
  const slots = createSlots({ what: 'subscriptions', ...openMax })
  return { subscription, framing, readParams: createParamsReader(schema.params), slots }
}
