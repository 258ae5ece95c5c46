import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../../src/context.ts'
import { exportAccountData } from '../../src/endpoints/chat/bsky/actor/exportAccountData.ts'
import { updateActorAccess } from '../../src/endpoints/chat/bsky/moderation/updateActorAccess.ts'
import { endpoints } from '../../src/endpoints/index.ts'
import { AppError } from '../../src/errors.ts'
import type { Allow } from '../../src/people/people.ts'
import type { Endpoint, MethodSchema } from '../../src/xrpc/endpoint.ts'
import { Actor, Stage } from '../stage.ts'
import type { Deed } from './deed.ts'
import { Names } from './names.ts'

export const castNames = ['alice', 'bob', 'carla', 'dave']

/** Who hears every answer that an account is given, and to what. */
export type Hear = (did: Did, method: string, answer: unknown, given: object) => void

/** The actors of a story on their stage, and the names that its deeds have given. */
export class Troupe {
  readonly stage: Stage
  readonly cast: readonly Listener[]
  readonly #names: Names

  constructor(open: ConstructorParameters<typeof Stage>[0], hear: Hear = () => {}) {
    this.stage = new Stage(open)
    this.cast = castNames.map(name => new Listener(this.stage.ctx, this.stage.actor(name).did, hear))
    this.#names = new Names(this.cast)
  }

  /** The answer, or the words of a refusal. */
  async perform(deed: Deed): Promise<unknown> {
    this.stage.clock.advance(deed.ms ?? 1)
    const given = this.resolve(deed.given ?? {}) as Record<string, unknown>
    const actor = this.cast[deed.actor]!
    const beside = besides[deed.act]
    if (beside) return beside(this.stage, actor.did, given)
    const answer = await answerOf(actor, deed.act, given)
    if (deed.as) this.#names.note(deed.as, answer)
    return answer
  }

  /** What was given, with ids in the places of names. */
  resolve(given: unknown): unknown {
    return this.#names.resolve(given)
  }

  async close(): Promise<void> {
    await this.stage.ctx.store.close()
  }
}

/** What happens beside the methods that accounts call: on the network, and by moderators. */
const besides: Record<string, (stage: Stage, did: Did, given: Record<string, unknown>) => unknown> = {
  block: ({ people }, did, { to }) => people.block(did, to as Did),
  unblock: ({ people }, did, { to }) => people.unblock(did, to as Did),
  follow: ({ people }, did, { to }) => people.follow(did, to as Did),
  unfollow: ({ people }, did, { to }) => people.unfollow(did, to as Did),
  vanish: ({ people }, did) => people.remove(did),
  return: ({ people }, did) => people.add(did, { ...factsOf(did), allowIncoming: 'all' }),
  declare: ({ people }, did, given) =>
    people.add(did, { ...factsOf(did), ...(given as { allowIncoming: Allow; allowGroupInvites: Allow }) }),
  disable: (stage, did) => setAccess(stage, did, false),
  enable: (stage, did) => setAccess(stage, did, true),
}

/** Changes that no log tells of (behaviour.md 4): blocks, follows, accounts coming and going, moderation. */
export const isBeside = (act: string): boolean => act in besides

function setAccess({ ctx }: Stage, actor: Did, allowAccess: boolean): Promise<unknown> {
  return updateActorAccess.handle(ctx, { params: {}, input: { actor, allowAccess }, caller: { did: actor } })
}

function factsOf(did: Did) {
  const name = castNames.find(name => did.startsWith(`did:plc:${name}`))!
  return { handle: `${name}.test`, displayName: name }
}

async function answerOf(actor: Actor, act: string, given: object): Promise<unknown> {
  try {
    return await actor.call(methodCalled(act), given as never)
  } catch (error) {
    if (error instanceof AppError) return `${error.name}: ${error.message}`
    throw error
  }
}

/** An accounts' method by its last name. */
export function methodCalled(act: string): Endpoint {
  return endpoints.find(
    ({ schema }) => /^chat\.bsky\.(?!moderation)/.test(schema.nsid) && schema.nsid.endsWith(`.${act}`),
  )!
}

/** An actor whose every answer is heard by somebody else too. */
export class Listener extends Actor {
  readonly #ctx: Context
  readonly #hear: Hear

  constructor(ctx: Context, did: Did, hear: Hear) {
    super(ctx, did)
    this.#ctx = ctx
    this.#hear = hear
  }

  override async call<S extends MethodSchema>(
    ...[endpoint, given]: Parameters<typeof Actor.prototype.call<S>>
  ): ReturnType<Endpoint<S>['handle']> {
    const answer = await super.call(endpoint, given)
    this.#hear(this.did, endpoint.schema.nsid, answer, given)
    return answer
  }

  /** The lines of `chat.bsky.actor.exportAccountData`, read. */
  async export(): Promise<ExportLine[]> {
    const lines: ExportLine[] = []
    const call = { params: {}, input: undefined, caller: { did: this.did } }
    for await (const line of await exportAccountData.handle(this.#ctx, call)) lines.push(JSON.parse(line))
    this.#hear(this.did, exportAccountData.schema.nsid, lines, {})
    return lines
  }
}

export interface ExportLine extends Record<string, unknown> {
  type: 'account' | 'joinRequest' | 'convo' | 'member' | 'message'
}
