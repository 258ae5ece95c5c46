import type { Endpoint } from '../../src/xrpc/endpoint.ts'
import type { Inspected } from '../inspected.ts'
import { call, callTogether, type Outcome } from './call.ts'
import { names } from './cast.ts'
import { Dice } from './dice.ts'
import { brokenInvariants, leftOf } from './invariants.ts'
import { type LexiconMethod, officialMethod } from './lexicon.ts'
import { happen } from './network.ts'
import { flawsOf } from './oracle.ts'
import { populate } from './population.ts'
import { type FuzzRequest, makeRequest } from './request.ts'
import { setScene } from './scene.ts'
import { flawsOfSight } from './sight.ts'
import { count, noCalls, type Tallies } from './tally.ts'
import { flawsOfWholeLog } from './whole-log.ts'
import { type TokenDesk, World } from './world.ts'
import { type WrittenRequest, writeRequest } from './written-request.ts'

/** Calls to each method in one world. */
export const callsPerRound = 100

export interface Round {
  endpoints: readonly Endpoint[]
  desk: TokenDesk
  /** An empty store for every world. */
  inspect: () => Promise<Inspected>
  seed: number
  /** After how many calls that wrote the whole store is looked at. Default: so many that it costs little. */
  lookEvery?: number
  /** To each method. Default: `callsPerRound`. */
  calls?: number
  /** To no others than these, by NSID. Default: to all. */
  only?: readonly string[]
}

/** Something that should not be, with all that it takes to see it again. */
export interface Finding {
  nsid: string
  /** The last call of its round for what was found afterwards; nothing for a kept case. */
  found?: { engine: Inspected['engine']; seed: number; calls: number; callNumber: number }
  flaw: string
  request?: WrittenRequest
}

export interface RoundReport {
  findings: Finding[]
  tallies: Tallies
}

/** The official lexicons take the most time: every so many calls is held against them. */
const closelyEvery = 2
/** The messages in an answer are looked for in the store: of so many. */
const lookIntoEvery = 3
/** One step in so many is several calls at once. */
const togetherOneIn = 50
/** Logs that are read from their beginning after a round: another few in each. */
const wholeLogs = 3

/**
 * A world of its own, and the same number of calls to each method, shuffled: what one method leaves behind,
 * another finds. Small worlds keep pages short and a finding quick to see again.
 */
export async function runRound({
  endpoints,
  desk,
  inspect,
  seed,
  lookEvery = 60,
  calls = callsPerRound,
  only,
}: Round): Promise<RoundReport> {
  const dice = new Dice(seed)
  const world = new World({ endpoints, desk, inspected: await inspect() })
  const here = { engine: world.inspected.engine, seed, calls }
  await populate(world)
  const ids = await world.ids()
  const nsids = only ?? endpoints.map(({ schema }) => schema.nsid)
  const methods = nsids.map(officialMethod)
  const tallies = new Map(methods.map(({ nsid }) => [nsid, noCalls()]))
  const findings: Finding[] = []
  const deck = dice.shuffled(methods.flatMap(method => Array<typeof method>(calls).fill(method)))
  let writes = 0
  for (let place = 0; place < deck.length; ) {
    world.stage.clock.advance(dice.pick([0, 0, 1, 7, -5]))
    if (dice.oneIn(100)) happen(world, dice)
    const together = dice.oneIn(togetherOneIn) ? 2 + dice.below(4) : 1
    const asked: Asked[] = []
    for (const method of deck.slice(place, place + together)) asked.push(await ask(world, method, dice))
    const judged = await answersTo(world, asked, place)
    writes += judged.filter(({ outcome }) => outcome.written > 0).length
    const looks = writes >= lookEvery
    if (looks) judged.at(-1)!.flaws.push(...(await brokenInvariants(world)))
    if (looks) writes = 0
    for (const { request, outcome, flaws } of judged) {
      place += 1
      const { nsid } = request
      count(tallies.get(nsid)!, outcome)
      for (const flaw of flaws)
        findings.push({
          nsid,
          found: { ...here, callNumber: place },
          flaw,
          request: writeRequest(request, ids),
        })
    }
  }
  for (const flaw of await flawsAfterwards(world, seed))
    findings.push({ nsid: 'the whole store', found: { ...here, callNumber: deck.length }, flaw })
  await world.close()
  return { findings, tallies }
}

interface Asked {
  method: LexiconMethod
  request: FuzzRequest
}

interface Answered extends Asked {
  outcome: Outcome
  flaws: string[]
}

async function ask(world: World, method: LexiconMethod, dice: Dice): Promise<Asked> {
  const { caller, focus } = await setScene(world, method.nsid, dice)
  return { method, request: makeRequest(method, caller, focus, dice) }
}

/** What the store is like after a call can only be held against the call where no other was under way. */
async function answersTo(world: World, asked: readonly Asked[], place: number): Promise<Answered[]> {
  const requests = asked.map(({ request }) => request)
  const outcomes = asked.length > 1 ? await callTogether(world, requests) : [await call(world, requests[0]!)]
  const answered: Answered[] = []
  for (const [number, { method, request }] of asked.entries()) {
    const outcome = outcomes[number]!
    const flaws = flawsOf({ method, request, outcome, closely: place % closelyEvery === 0 })
    if (asked.length === 1 && place % lookIntoEvery === 0)
      flaws.push(...(await flawsOfSight(world, request, outcome)))
    if (asked.length === 1 && isDeletion(request, outcome))
      flaws.push(...(await leftOf(world, request.caller)))
    answered.push({ method, request, outcome, flaws })
  }
  return answered
}

function isDeletion({ nsid }: FuzzRequest, { answer }: Outcome): boolean {
  return nsid === 'chat.bsky.actor.deleteAccount' && answer?.status === 200
}

async function flawsAfterwards(world: World, seed: number): Promise<string[]> {
  const flaws = await brokenInvariants(world)
  for (let log = 0; log < wholeLogs; log++) {
    const name = names[(seed * wholeLogs + log) % names.length]!
    flaws.push(...(await flawsOfWholeLog(world, name)))
  }
  return flaws
}
