import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe } from 'node:test'
import type { ChatBskyConvoGetLog } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { is, parse } from '@atcute/lexicons/validations'
import { lexicons } from '@atproto/api'
import type { Clock } from '../src/clock.ts'
import type { Context } from '../src/context.ts'
import type { Records, RecordView } from '../src/embeds/records.ts'
import { getConvoForMembers } from '../src/endpoints/chat/bsky/convo/getConvoForMembers.ts'
import { getLog } from '../src/endpoints/chat/bsky/convo/getLog.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { AppError, type ErrorName } from '../src/errors.ts'
import { MemoryPeople } from '../src/people/memory-people.ts'
import type { Allow, Shown } from '../src/people/people.ts'
import { showExactly } from '../src/people/show-exactly.ts'
import type { Call, Endpoint, MethodSchema } from '../src/xrpc/endpoint.ts'
import { type OpenStore, stores } from './stores.ts'
import { undeclared } from './undeclared.ts'

/**
 * A stage for scenes: named actors who call endpoints, on any store. Input and output are held to the lexicon
 * on the way, as the edge does it.
 */
export class Stage {
  readonly people = new StagePeople()
  readonly records = new StageRecords()
  readonly clock = new StageClock()
  /** Who brought about conversations, as the edge's rate limit counts them. */
  readonly begun: Did[] = []
  /** Who was charged for a call that was none. */
  readonly calls: Did[] = []
  #codes = 0
  readonly ctx: Context

  constructor(open: OpenStore) {
    const { people, records, clock } = this
    this.ctx = {
      people,
      records,
      clock,
      store: open(clock),
      groupCreatorAgeMs: 0,
      newJoinCode: () => `code${String(this.#codes++).padStart(3, '0')}`,
      admitCall: did => {
        this.calls.push(did)
      },
      admitNewConvos: (did, convos) => this.begun.push(...Array<Did>(convos).fill(did)),
    }
  }

  /** Moderation switches an account's chat off or on. */
  setDisabled({ did }: Actor, chatDisabled: boolean): Promise<void> {
    return this.ctx.store.transact({ accounts: [did] }, tx =>
      tx.putAccount({ ...tx.account(did), chatDisabled }),
    )
  }

  actor(name: string, allowIncoming: Allow = 'all'): Actor {
    const did: Did = `did:plc:${name.padEnd(24, 'a')}`
    this.people.add(did, { handle: `${name}.test`, displayName: name, allowIncoming })
    return new Actor(this.ctx, did)
  }
}

/** Params of a query, input of a procedure with our extension. */
type Given<S extends MethodSchema> = S extends { type: 'xrpc_procedure' }
  ? (Call<S>['input'] extends undefined ? object : Call<S>['input']) & { idempotencyKey?: unknown }
  : Partial<Call<S>['params']>

export class Actor {
  readonly did: Did
  readonly #ctx: Context

  constructor(ctx: Context, did: Did) {
    this.#ctx = ctx
    this.did = did
  }

  /**
   * Calls a method with its params or its input. Answers and names of refusals are held to the lexicon,
   * the official one as a second opinion.
   */
  async call<S extends MethodSchema>(
    endpoint: Endpoint<S>,
    given: Given<S>,
  ): ReturnType<Endpoint<S>['handle']> {
    const { schema } = endpoint
    const input =
      schema.type === 'xrpc_procedure' && schema.input?.type === 'lex' ? schema.input.schema : undefined
    const call = {
      params: schema.params ? parse(schema.params, given) : {},
      input: input ? parse(input, given) : undefined,
      caller: { did: this.did },
    } as Call<S>
    const answer = await endpoint.handle(this.#ctx, call).catch((error: unknown) => {
      if (error instanceof AppError) assertDeclared(schema.nsid, error)
      throw error
    })
    if (schema.output?.type !== 'lex') return answer
    assert.ok(is(schema.output.schema, answer, { strict: true }))
    lexicons.assertValidXrpcOutput(schema.nsid, answer)
    assert.deepEqual(answer, JSON.parse(JSON.stringify(answer)), 'no undefined on the wire')
    return answer
  }
}

/** Whoever calls methods: an actor on its stage, or one that has a network before it. */
export type Caller = Pick<Actor, 'did' | 'call'>

/** What any method may answer, whatever its lexicon declares. */
const protocolNames: readonly ErrorName[] = ['InvalidRequest', 'UpstreamFailure']

/** A refusal is by a name that the official lexicon of the method declares, or the protocol's own. */
function assertDeclared(nsid: string, { name }: AppError): void {
  const { errors = [] } = lexicons.getDefOrThrow(nsid) as { errors?: { name: string }[] }
  const declared = protocolNames.includes(name) || errors.some(error => error.name === name)
  assert.ok(declared || undeclared[nsid]?.includes(name), `${nsid} declares no ${name}`)
}

type LogView = ChatBskyConvoGetLog.$output['logs'][number]

/** People who answer so many questions and are out of reach then. */
export class StagePeople extends MemoryPeople {
  answersLeft = Number.POSITIVE_INFINITY

  override async profiles(dids: readonly Did[]) {
    this.#countAnswer()
    return super.profiles(dids)
  }

  override async relationships(actor: Did, others: readonly Did[]) {
    this.#countAnswer()
    return super.relationships(actor, others)
  }

  /** Never throws, and what it shows is no answer that counts: real ones have it in their cache. */
  override async show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>> {
    if (this.answersLeft > 0) {
      const profiles = (asked: readonly Did[]) => super.profiles(asked)
      const relationships = (actor: Did, others: readonly Did[]) => super.relationships(actor, others)
      return showExactly({ profiles, relationships }, viewer, dids)
    }
    return new Map(dids.map(did => [did, { person: 'unknown', relationship: {} }]))
  }

  #countAnswer(): void {
    this.answersLeft -= 1
    if (this.answersLeft < 0) throw new AppError('UpstreamFailure', 'nobody answers')
  }
}

/** A clock that moves when it is told to. */
export class StageClock implements Clock {
  #now = Date.UTC(2026, 10, 22)

  now(): number {
    return this.#now
  }

  advance(ms: number): void {
    this.#now += ms
  }
}

/** Records that somebody put there; the rest are not found. */
export class StageRecords implements Records {
  readonly known = new Map<ResourceUri, RecordView>()

  async views(uris: readonly ResourceUri[]): Promise<Map<ResourceUri, RecordView>> {
    const notFound = (uri: ResourceUri): RecordView => ({
      $type: 'app.bsky.embed.record#viewNotFound',
      uri,
      notFound: true,
    })
    return new Map(uris.map(uri => [uri, this.known.get(uri) ?? notFound(uri)]))
  }
}

/** Runs scenes on a fresh stage over every store. */
export function onEveryStore(title: string, scenes: (stage: () => Stage) => void): void {
  for (const [name, open] of stores) {
    describe(`${title} (${name})`, () => {
      const stages: Stage[] = []
      const closeFrom = (index: number) =>
        Promise.all(stages.splice(index).map(stage => stage.ctx.store.close()))
      // What a test has opened ends with it: databases have only so many connections.
      let openedBefore = 0
      beforeEach(() => {
        openedBefore = stages.length
      })
      afterEach(() => closeFrom(openedBefore))
      after(() => closeFrom(0))
      scenes(() => {
        const stage = new Stage(open)
        stages.push(stage)
        return stage
      })
    })
  }
}

/** Expects a refusal by name, and its text where it matters to clients. */
export async function refuses(answer: Promise<unknown>, name: ErrorName, text?: string): Promise<void> {
  await assert.rejects(answer, (error: unknown) => {
    assert.ok(error instanceof AppError, String(error))
    assert.equal(error.name, name)
    if (text !== undefined) assert.equal(error.message, text)
    return true
  })
}

export async function openConvo(actor: Actor, other: Actor) {
  return (await actor.call(getConvoForMembers, { members: [other.did] })).convo
}

export function say(actor: Actor, convo: { id: string }, text: string) {
  return actor.call(sendMessage, { convoId: convo.id, message: { text } })
}

/** An actor's log from here on: each call gives what came since the last. */
export async function newLog(actor: Actor) {
  let { cursor } = await actor.call(getLog, {})
  return async () => {
    const page = await actor.call(getLog, { cursor: cursor! })
    cursor = page.cursor
    return page.logs
  }
}

/** An actor's log from its beginning, page by page. */
export async function wholeLog(actor: Actor, cursor = '2222222222222'): Promise<LogView[]> {
  const page = await actor.call(getLog, { cursor })
  if (page.logs.length === 0) return []
  return [...page.logs, ...(await wholeLog(actor, page.cursor))]
}

export async function logTypes(log: Awaited<ReturnType<typeof newLog>>): Promise<string[]> {
  return (await log()).map(row => row.$type!.split('#')[1]!)
}
