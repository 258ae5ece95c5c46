import type { Endpoint } from '../../src/xrpc/endpoint.ts'
import { call } from './call.ts'
import { names } from './cast.ts'
import { Dice } from './dice.ts'
import { brokenInvariants, leftOf } from './invariants.ts'
import { officialMethod } from './lexicon.ts'
import { happen } from './network.ts'
import { flawsOf } from './oracle.ts'
import { populate } from './population.ts'
import { makeRequest } from './request.ts'
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
  seed: number
  /** After how many calls that wrote the whole store is looked at. Default: so many that it costs little. */
  lookEvery?: number
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
/** The messages in an answer are looked for in the store: of so many. */
const lookIntoEvery = 3
/** Logs that are read from their beginning after a round: another few in each. */
const wholeLogs = 3

/**
 * A world of its own, and the same number of calls to each method, shuffled: what one method leaves behind,
 * another finds. Small worlds keep pages short and a finding quick to see again.
 */
export async function runRound({ endpoints, desk, seed, lookEvery = 40 }: Round): Promise<RoundReport> {
  const dice = new Dice(seed)
  const world = new World(endpoints, desk)
  await populate(world)
  const ids = world.ids()
  const methods = endpoints.map(({ schema }) => officialMethod(schema.nsid))
  const tallies = new Map(methods.map(({ nsid }) => [nsid, noCalls()]))
  const findings: Finding[] = []
  let writes = 0
  const deck = dice.shuffled(methods.flatMap(method => Array<typeof method>(callsPerRound).fill(method)))
  for (const [place, method] of deck.entries()) {
    world.stage.clock.advance(dice.pick([0, 0, 1, 7, -5]))
    if (dice.oneIn(100)) happen(world, dice)
    const { caller, focus } = setScene(world, method.nsid, dice)
    const request = makeRequest(method, caller, focus, dice)
    const outcome = await call(world, request)
    const flaws = flawsOf({ method, request, outcome, closely: place % closelyEvery === 0 })
    if (method.nsid === 'chat.bsky.actor.deleteAccount' && outcome.answer?.status === 200)
      flaws.push(...leftOf(world, caller))
    if (place % lookIntoEvery === 0) flaws.push(...flawsOfSight(world, request, outcome))
    if (outcome.written > 0) writes += 1
    if (outcome.written > 0 && writes % lookEvery === 0) flaws.push(...brokenInvariants(world))
    for (const flaw of flaws)
      findings.push({
        nsid: method.nsid,
        seed,
        callNumber: place + 1,
        flaw,
        request: writeRequest(request, ids),
      })
    count(tallies.get(method.nsid)!, outcome)
  }
  for (const flaw of await flawsAfterwards(world, seed))
    findings.push({ nsid: 'the whole store', seed, callNumber: deck.length, flaw })
  await world.close()
  return { findings, tallies }
}

async function flawsAfterwards(world: World, seed: number): Promise<string[]> {
  const flaws = brokenInvariants(world)
  for (let log = 0; log < wholeLogs; log++) {
    const name = names[(seed * wholeLogs + log) % names.length]!
    flaws.push(...(await flawsOfWholeLog(world, name)))
  }
  return flaws
}
