import type { Did } from '@atcute/lexicons/syntax'
import { AppError, type ErrorName } from '../../packages/service/src/errors.ts'
import type { Endpoint, MethodSchema } from '../../packages/service/src/xrpc/endpoint.ts'
import type { Caller } from '../../packages/service/test/stage.ts'
import type { Dice } from '../dice.ts'

/** What came back of a call: nothing where nobody answered in time. */
export type Reply = { status: number; body: string } | undefined

/** Sends one request on its way, and waits for what comes of it. */
export type SendRequest = (did: Did, endpoint: Endpoint, given: object, dice: Dice) => Promise<Reply>

export interface Ways {
  send: SendRequest
  wait(ms: number): Promise<void>
}

const attemptsMax = 6
const backoffMs = [50, 100, 400, 1500, 5000]

/** No attempt was answered: whether the call has done anything is not known. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach'
}

/** An account's client with a network before it: what is not answered, or not for now, it asks again. */
export class RemoteActor implements Caller {
  readonly did: Did
  readonly #ways: Ways
  readonly #dice: Dice

  constructor(did: Did, ways: Ways, dice: Dice) {
    this.did = did
    this.#ways = ways
    this.#dice = dice
  }

  async call<S extends MethodSchema>(
    endpoint: Endpoint<S>,
    given: object,
  ): ReturnType<Endpoint<S>['handle']> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const reply = await this.#ways.send(this.did, endpoint as unknown as Endpoint, given, this.#dice)
      if (reply?.status === 200) return JSON.parse(reply.body || 'null')
      if (reply && !isForNow(reply.status)) throw refusalOf(reply.body)
      await this.#ways.wait(this.#dice.pick(backoffMs))
    }
    throw new OutOfReach(endpoint.schema.nsid)
  }
}

/** Whoever waits and asks again may be answered: a token too old, too many calls, or a service in trouble. */
function isForNow(status: number): boolean {
  return status === 401 || status === 429 || status > 500
}

function refusalOf(body: string): AppError {
  const { error, message } = JSON.parse(body) as { error: ErrorName; message: string }
  return new AppError(error, message)
}
