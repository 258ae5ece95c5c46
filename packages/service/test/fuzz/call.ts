import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { type Answer, isStream } from '../../src/xrpc/pipeline.ts'
import { readBody } from '../../src/xrpc/read-body.ts'
import { authorizationOf, type FuzzRequest } from './request.ts'
import type { World } from './world.ts'

/** What came of one call, and all there is to judge it by. */
export interface Outcome {
  /** `undefined` where the pipeline threw, which it never should. */
  answer: Omit<Answer, 'body'> | undefined
  /** The body, complete; of what was thrown, its text. */
  text: string
  /** Rows that the call wrote. */
  written: number
  /** Lines that the call logged. */
  log: readonly string[]
}

export async function call(world: World, request: FuzzRequest): Promise<Outcome> {
  const authorization = await authorize(world, request)
  world.log.length = 0
  const { answer, text } = await answerTo(world, request, authorization)
  return { answer, text, written: await world.newlyWritten(), log: [...world.log] }
}

/** Several calls at once. Which of them wrote and logged what is not known: nobody wrote, everybody logged it. */
export async function callTogether(world: World, requests: readonly FuzzRequest[]): Promise<Outcome[]> {
  // Before the first of them starts, so that they meet in the same way however long a token takes.
  const authorizations = await Promise.all(requests.map(request => authorize(world, request)))
  world.log.length = 0
  const answers = await Promise.all(
    requests.map((request, place) => answerTo(world, request, authorizations[place]!)),
  )
  await world.newlyWritten()
  return answers.map(answer => ({ ...answer, written: 0, log: [...world.log] }))
}

async function authorize(
  { actors, desk, stage }: World,
  { caller, nsid, credentials }: FuzzRequest,
): Promise<string[]> {
  const { did } = actors[caller]
  const token = await desk.token(did, nsid, stage.clock.now())
  const otherToken =
    credentials === 'of another method' ? await desk.token(did, `${nsid}s`, stage.clock.now()) : token
  return authorizationOf(credentials, token, otherToken)
}

async function answerTo(
  world: World,
  { nsid, verb, query, contentType, body: sent }: FuzzRequest,
  authorization: string[],
): Promise<Pick<Outcome, 'answer' | 'text'>> {
  try {
    const { body, ...answer } = await world.pipeline({
      requestId: 'fuzz',
      verb,
      nsid,
      query,
      authorization,
      contentType,
      body: bytesMax => readBody(messageWith(sent), bytesMax),
      // The whole answer is taken before the next call: none stays open.
      closed: () => AbortSignal.abort(),
    })
    return { answer, text: isStream(body) ? await wholeText(body) : String(body) }
  } catch (error) {
    return { answer: undefined, text: String(error) }
  }
}

async function wholeText(parts: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part
  return text
}

/** A body as it comes out of a connection, without the connection. */
function messageWith(body: Buffer): IncomingMessage {
  const message = new IncomingMessage(noSocket)
  if (body.length === 0) return message
  message.headers['transfer-encoding'] = 'chunked'
  // In two pieces, as large bodies come.
  const half = body.length >> 1
  message.push(body.subarray(0, half))
  message.push(body.subarray(half))
  message.push(null)
  return message
}

const noSocket = new Socket()
