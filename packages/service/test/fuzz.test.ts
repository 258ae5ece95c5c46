import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { type TestContext, test } from 'node:test'
import { endpoints } from '../src/endpoints/index.ts'
import { AppError } from '../src/errors.ts'
import { parseTid } from '../src/tid.ts'
import type { Endpoint } from '../src/xrpc/endpoint.ts'
import { describeFinding } from './fuzz/fuzz.ts'
import kept from './fuzz/kept.json' with { type: 'json' }
import { seldomAnswered, unreachedRefusals } from './fuzz/reached.ts'
import { replay } from './fuzz/replay.ts'
import { type RoundReport, runRound } from './fuzz/round.ts'
import { describeTallies } from './fuzz/tally.ts'
import { canary } from './fuzz/texts.ts'
import { fuzzUntilReached } from './fuzz/until-reached.ts'
import { fuzzInParallel } from './fuzz/workers.ts'
import { TokenDesk } from './fuzz/world.ts'
import type { WrittenRequest } from './fuzz/written-request.ts'
import { inspectedSqlite } from './inspected.ts'
import { inspectedPostgres } from './inspected-postgres.ts'

/**
 * Calls of every shape to every method: no fault, no refusal that changes something or says too much, no answer
 * that the official lexicons do not allow. For longer runs: fuzz/run.ts.
 */
const callsPerMethod = 10_000
const threads = availableParallelism()
const desk = await TokenDesk.open()
const engines = [
  { engine: 'SQLite', inspect: inspectedSqlite },
  { engine: 'PostgreSQL', inspect: inspectedPostgres },
] as const

for (const { engine, inspect } of engines) {
  test(`what was found once does not come back (${engine})`, async () => {
    const findings = await replay(kept as WrittenRequest[], { endpoints, desk, inspect })
    assert.deepEqual(findings.map(describeFinding), [])
  })
}

test(`every method bears ${callsPerMethod} calls of any shape (SQLite)`, async t => {
  assertSound(await fuzzInParallel({ seed: 1, callsPerMethod }, threads), t)
})

/**
 * There every call is a dozen questions to another process, and takes ten times as long. Of the first rounds, chosen
 * for it, each refusal is reached by some call; where a change of the service has changed that, by those after them.
 */
const calls = 50
const seeds = { first: [52, 99, 1], more: [2, 3, 4, 5, 6, 7, 8, 9, 10] }

test(`every method bears ${calls * seeds.first.length} calls of any shape, or more until each refusal is reached (PostgreSQL)`, async t => {
  assertSound(await fuzzUntilReached({ endpoints, desk, inspect: inspectedPostgres, calls }, seeds), t)
})

function assertSound({ findings, tallies }: RoundReport, t: TestContext): void {
  for (const line of describeTallies(tallies)) t.diagnostic(line)
  assert.deepEqual(findings.map(describeFinding), [])
  assert.equal(tallies.size, endpoints.length)
  const seldom = seldomAnswered(tallies, 0.04)
  assert.deepEqual(seldom, [], 'teach fuzz/scene.ts or fuzz/population.ts what they need')
  assert.deepEqual(unreachedRefusals(tallies), [], 'the same')
}

test('a round is the same for the same seed, and another for another', async () => {
  const round = { endpoints, desk, inspect: inspectedSqlite, calls: 30 }
  const one = await runRound({ ...round, seed: 3 })
  const same = await runRound({ ...round, seed: 3 })
  const other = await runRound({ ...round, seed: 4 })
  assert.deepEqual(same, one)
  assert.notDeepEqual(other, one)
})

const messageText = (input: unknown) => (input as { message: { text: string } }).message.text

/** Broken on purpose, to see that it is found. */
const broken: [
  what: string,
  nsid: string,
  expected: RegExp,
  handle: (own: Endpoint['handle']) => Endpoint['handle'],
][] = [
  [
    'a handler that stumbles over an odd cursor',
    'chat.bsky.convo.getLog',
    /a fault was logged.*Cannot read/,
    own => (ctx, call) => {
      const { cursor } = call.params as { cursor?: string }
      if (cursor && !/^[2-7a-z]{13}$/.test(cursor)) (undefined as unknown as string).length
      return own(ctx, call)
    },
  ],
  [
    'a refusal after writing',
    'chat.bsky.convo.muteConvo',
    /a refused call wrote [0-9]+ rows/,
    own => async (ctx, call) => {
      await ctx.store.transact({ accounts: [call.caller.did] }, tx =>
        tx.putAccount({ did: call.caller.did, chatDisabled: false }),
      )
      return own(ctx, call)
    },
  ],
  [
    'a query that writes',
    'chat.bsky.convo.getConvo',
    /a query wrote [0-9]+ rows/,
    own => async (ctx, call) => {
      await ctx.store.transact({ accounts: [call.caller.did] }, tx =>
        tx.putAccount({ did: call.caller.did, chatDisabled: false }),
      )
      return own(ctx, call)
    },
  ],
  [
    'a refusal that quotes a message',
    'chat.bsky.convo.sendMessage',
    /a refusal quotes the request/,
    own => async (ctx, call) => {
      if (messageText(call.input) !== canary) return own(ctx, call)
      throw new AppError('InvalidRequest', `not sent: ${canary}`)
    },
  ],
  [
    'a refusal by a name that the lexicon does not declare',
    'chat.bsky.convo.acceptConvo',
    /declares no BlockedActor/,
    own => async (ctx, call) => {
      if (call.caller.did.includes('dave')) return own(ctx, call)
      throw new AppError('BlockedActor', 'no')
    },
  ],
  [
    'an answer that the lexicon does not allow',
    'chat.bsky.convo.getUnreadCounts',
    /output of chat\.bsky\.convo\.getUnreadCounts breaks its lexicon/,
    own => async (ctx, call) =>
      ({ ...((await own(ctx, call)) as object), unreadAcceptedConvos: 1.5 }) as never,
  ],
  [
    'an answer that is somebody else’s',
    'chat.bsky.convo.getLog',
    /is shown .*out of their sight/,
    own => (ctx, call) => own(ctx, { ...call, caller: { did: 'did:plc:aliceaaaaaaaaaaaaaaaaaaa' } }),
  ],
  [
    'a deletion that leaves what was written',
    'chat.bsky.actor.deleteAccount',
    /what a deleted account wrote is erased/,
    () => async () => ({}),
  ],
  [
    'a read marker that forgets to count',
    'chat.bsky.convo.updateRead',
    /unread are the messages of others/,
    own => async (ctx, call) => {
      const answer = await own(ctx, call)
      const convoId = parseTid((call.input as { convoId: string }).convoId)!
      await ctx.store.transact({ convos: [convoId] }, tx => {
        tx.putMember({ ...tx.member(convoId, call.caller.did)!, unread: 7 })
      })
      return answer
    },
  ],
]

for (const { engine, inspect } of engines) {
  for (const [what, nsid, expected, handle] of broken) {
    test(`finds ${what} (${engine})`, async () => {
      const changed = endpoints.map(endpoint =>
        endpoint.schema.nsid === nsid ? { ...endpoint, handle: handle(endpoint.handle) } : endpoint,
      )
      const round = { endpoints: changed, desk, inspect, seed: 1, calls: 60, only: [nsid], lookEvery: 10 }
      const { findings } = await runRound(round)
      assert.ok(
        findings.some(finding => expected.test(describeFinding(finding))),
        findings.slice(0, 3).map(describeFinding).join('\n'),
      )
    })
  }
}
