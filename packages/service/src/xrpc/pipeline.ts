import { type Did, isNsid } from '@atcute/lexicons/syntax'
import type { XRPCBodyParam } from '@atcute/lexicons/validations'
import type { Caller } from '../auth/caller.ts'
import { AppError, invalidRequest } from '../errors.ts'
import { batchBodyBytesMax, bodyBytesMax, openExports } from '../limits.ts'
import { type Logger, logFault, logRequest } from '../logger.ts'
import { type Credentials, createAdmission } from './admit.ts'
import type { Edge, Trace } from './edge.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { jsonHeaders, refusalAnswer } from './error-response.ts'
import { createInputReader, type InputReader } from './input.ts'
import { createParamsReader, type ParamsReader } from './params.ts'
import { messagesSent } from './rate-limit.ts'
import { createRefusals } from './refuse.ts'
import { createSlots } from './slots.ts'
import { assertOutput } from './validate.ts'

/** A request for /xrpc/<nsid>, in no HTTP library's terms. */
export interface Arrival extends RequestHead {
  /** Reads the body, which nobody has touched before; refuses one that is larger. */
  body(bytesMax: number): Promise<Buffer>
  /** Aborted when the answer is out, or nobody is there to take it. */
  closed(): AbortSignal
}

export interface RequestHead extends Credentials {
  requestId: string
  verb: string
  /** As it stood in the path, percent-decoded. */
  nsid: string
  /** Without its `?`. */
  query: string
  contentType: string | undefined
  /** As the head says; `undefined` where the body comes in chunks. */
  bodyBytes?: number | undefined
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array | AsyncIterable<string>
}

/** Whether a body comes piece by piece. */
export function isStream(body: Answer['body']): body is AsyncIterable<string> {
  return typeof body === 'object' && Symbol.asyncIterator in body
}

/** A method with all that can be prepared before the first request. */
interface Method {
  endpoint: Endpoint
  verb: 'GET' | 'POST'
  readParams: ParamsReader
  readInput: InputReader
  bodyBytesMax: number
}

export type Pipeline = (arrival: Arrival) => Promise<Answer>

/** The way of every call: the stages in order, and one exit for whatever goes wrong. */
export function createPipeline(edge: Edge): Pipeline {
  const { clock, logger, rateLimiter } = edge
  const admit = createAdmission(edge)
  const refuse = createRefusals(edge)
  const exports = createSlots({ what: 'exports', ...openExports })
  const methods = new Map(edge.endpoints.map(endpoint => [endpoint.schema.nsid as string, prepare(endpoint)]))
  const subscriptions = new Set<string>(edge.subscriptions.map(({ schema }) => schema.nsid))

  function route({ nsid, verb }: Arrival): Method {
    const method = methods.get(nsid)
    if (method === undefined) {
      if (!isNsid(nsid)) throw invalidRequest('Invalid xrpc path: expected /xrpc/<nsid>')
      if (subscriptions.has(nsid)) throw invalidRequest('This method is a subscription: open a WebSocket')
      throw new AppError('MethodNotImplemented', 'Method Not Implemented')
    }
    if (verb !== method.verb) throw invalidRequest(`Incorrect HTTP method (${verb}) expected ${method.verb}`)
    return method
  }

  /** Moderators who act on a flood are not slowed down by it. */
  function limitWrites({ endpoint, verb }: Method, did: Did, input: unknown): void {
    const messages = messagesSent(endpoint.schema.nsid, input)
    if (messages > 0) rateLimiter.admitSends(did, messages)
    else if (verb === 'POST' && endpoint.callers === 'accounts') rateLimiter.admitChange(did)
  }

  async function walk(arrival: Arrival, trace: Trace): Promise<Answer> {
    const method = route(arrival)
    const { endpoint, readParams, readInput, bodyBytesMax } = method
    const { nsid, output: outputSchema } = endpoint.schema
    const { authorization, signedBy } = arrival
    const { callers } = endpoint
    const caller: Caller | undefined = await admit(
      { authorization, signedBy, callers, tokenMethod: nsid },
      trace,
    )
    const params = readParams(arrival.query)
    const input = readInput({ contentType: arrival.contentType, bytes: await arrival.body(bodyBytesMax) })
    if (caller !== undefined) limitWrites(method, caller.did, input)
    if (outputSchema?.type === 'blob' && caller !== undefined) exports.take(caller.did, arrival.closed())
    // Without a caller only a handler that expects none is reached.
    const output = await endpoint.handle(edge.context, { params, input, caller } as Call)
    if (edge.checkOutput && outputSchema?.type === 'lex') assertOutput(outputSchema.schema, output, nsid)
    return present(outputSchema, output)
  }

  return async arrival => {
    const startedAt = clock.now()
    const trace: Trace = { requestId: arrival.requestId, nsid: arrival.nsid }
    let error: string | undefined
    let answer: Answer
    try {
      answer = await walk(arrival, trace)
      if (isStream(answer.body)) answer.body = reportingFaults(answer.body, logger, arrival.requestId)
    } catch (cause) {
      const refusal = refuse(cause, trace)
      error = refusal.body.error
      answer = refusalAnswer(refusal)
    }
    logRequest(logger, {
      requestId: arrival.requestId,
      method: isNsid(arrival.nsid) ? arrival.nsid : undefined,
      did: trace.did,
      status: answer.status,
      error,
      ms: clock.now() - startedAt,
    })
    return answer
  }
}

function prepare(endpoint: Endpoint): Method {
  const { schema } = endpoint
  return {
    endpoint,
    verb: schema.type === 'xrpc_query' ? 'GET' : 'POST',
    readParams: createParamsReader(schema.params),
    readInput: createInputReader(schema),
    bodyBytesMax: schema.nsid === 'chat.bsky.convo.sendMessageBatch' ? batchBodyBytesMax : bodyBytesMax,
  }
}

function present(schema: XRPCBodyParam | undefined, output: unknown): Answer {
  if (schema?.type === 'lex') return { status: 200, headers: jsonHeaders, body: JSON.stringify(output) }
  if (schema?.type === 'blob') {
    const contentType = schema.encoding?.[0] ?? 'application/octet-stream'
    return { status: 200, headers: { 'content-type': contentType }, body: output as AsyncIterable<string> }
  }
  return { status: 200, headers: {}, body: '' }
}

/** The status line is out when a stream fails: all that is left is to break it off and to say so in the log. */
async function* reportingFaults(
  parts: AsyncIterable<string>,
  logger: Logger,
  requestId: string,
): AsyncIterable<string> {
  try {
    yield* parts
  } catch (cause) {
    logFault(logger, requestId, cause)
    throw cause
  }
}
