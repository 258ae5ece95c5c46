import { parseTid } from '../../src/tid.ts'
import type { Endpoint } from '../../src/xrpc/endpoint.ts'
import { call, type Outcome } from './call.ts'
import { Dice } from './dice.ts'
import { brokenInvariants, wrongUnreadCounts } from './invariants.ts'
import type { Focus } from './known.ts'
import { type LexiconMethod, officialMethod } from './lexicon.ts'
import { flawsOf } from './oracle.ts'
import { populate } from './population.ts'
import { type FuzzRequest, makeRequest } from './request.ts'
import { count, noCalls, type Tallies } from './tally.ts'
import { names, type TokenDesk, theBusy, World } from './world.ts'
import { type WrittenRequest, writeRequest } from './written-request.ts'

/** Calls to each method in one world. */
export const callsPerRound = 100

export interface Round {
  endpoints: readonly Endpoint[]
  desk: TokenDesk
  seed: number
}

/** Something that should not be, with all that it takes to see it again. */
export interface Finding {
  nsid: string
  seed: number
  /** Which call of its round; 0 for a kept case, the last for what was found afterwards. */
  callNumber: number
  flaw: string
  request?: WrittenRequest
}

export interface RoundReport {
  findings: Finding[]
  tallies: Tallies
}

/** The official lexicons take the most time: every so many calls is held against them. */
const closelyEvery = 2
/** Whoever calls these has nothing left. */
const sweeping: ReadonlySet<string> = new Set(['chat.bsky.actor.deleteAccount'])
/** The whole store is looked at after a round; a convo that a call has touched, after so many that wrote. */
const recountOneIn = 10
const learnedCharsMax = 6000

/**
 * A world of its own, and the same number of calls to each method, shuffled: what one method leaves behind,
 * another finds. Small worlds keep pages short and a finding quick to see again.
 */
export async function runRound({ endpoints, desk, seed }: Round): Promise<RoundReport> {
  const dice = new Dice(seed)
  const world = new World(endpoints, desk)
  await populate(world)
  const ids = world.known.ids()
  const methods = endpoints.map(({ schema }) => officialMethod(schema.nsid))
  const tallies = new Map(methods.map(({ nsid }) => [nsid, noCalls()]))
  const findings: Finding[] = []
  for (const [place, method] of deckOf(methods, dice).entries()) {
    world.stage.clock.advance(dice.pick([0, 0, 1, 7, -5]))
    const caller = dice.pick(dice.oneIn(2) ? names : theBusy)
    const focus = world.known.focus(world.actors[caller].did, dice)
    const request = makeRequest(method, caller, focus, dice)
    const outcome = await call(world, request)
    const closely = place % closelyEvery === 0
    const flaws = flawsOf({ method, request, outcome, closely })
    if (outcome.written > 0 && dice.oneIn(recountOneIn)) flaws.push(...(await recount(world, focus)))
    for (const flaw of flaws)
      findings.push({
        nsid: method.nsid,
        seed,
        callNumber: place + 1,
        flaw,
        request: writeRequest(request, ids),
      })
    count(tallies.get(method.nsid)!, outcome)
    learn(world, request, outcome, focus.convoId)
  }
  for (const flaw of await brokenInvariants(world))
    findings.push({ nsid: 'the whole store', seed, callNumber: callsPerRound * methods.length, flaw })
  await world.close()
  return { findings, tallies }
}

/** All calls of a round in their order: those that sweep everything away come in its last quarter. */
function deckOf(methods: readonly LexiconMethod[], dice: Dice): LexiconMethod[] {
  const callsOf = (method: LexiconMethod) => Array<LexiconMethod>(callsPerRound).fill(method)
  const calm = dice.shuffled(methods.filter(({ nsid }) => !sweeping.has(nsid)).flatMap(callsOf))
  const last = calm.splice(Math.floor(calm.length * 0.75))
  return [
    ...calm,
    ...dice.shuffled([...last, ...methods.filter(({ nsid }) => sweeping.has(nsid)).flatMap(callsOf)]),
  ]
}

async function recount(world: World, { convoId }: Focus): Promise<string[]> {
  const id = parseTid(convoId)
  return id === undefined ? [] : wrongUnreadCounts(world, [id])
}

function learn(world: World, { caller }: FuzzRequest, { answer, text }: Outcome, convoId: string): void {
  const isJson = answer?.headers['content-type']?.startsWith('application/json')
  if (answer?.status !== 200 || !isJson || text.length > learnedCharsMax) return
  world.known.learn(world.actors[caller].did, JSON.parse(text), convoId)
}
