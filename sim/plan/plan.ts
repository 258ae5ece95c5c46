import type { Deed, Story } from '../../packages/service/test/stories/deed.ts'
import { castNames } from '../../packages/service/test/stories/perform.ts'
import { writeStory } from '../../packages/service/test/stories/write-story.ts'
import { createDice, type Dice } from '../dice.ts'
import { crashMoments } from '../service-process.ts'

/** A deed with its own dice, so that it goes the same way when others are left out. */
export interface PlannedDeed extends Deed {
  dice: number
}

export interface Plot {
  seed: number
  steps: number
}

/** Steps between two moments of quiet, and what is done in one, with nothing else going on. */
const quietEvery = 60
const deedsInQuiet = 3

/** Everybody talks at once, so that many share a commit. */
const burstIn = 40

/** After it an account begins with nothing, so it is seldom. */
const deletionIn = 400

const hourMs = 60 * 60 * 1000

/**
 * What a run will do, the same for the same plot: what accounts do, at any distance and often at once; clients that
 * look; and everything that goes wrong.
 */
export function makePlan({ seed, steps }: Plot): PlannedDeed[] {
  const dice = createDice(seed, 1)
  const story = keyed(writeStory({ seed, steps, cast: castNames.length, calm: true }))
  const plan: PlannedDeed[] = []
  let told = 0
  const add = (deed: Deed) => plan.push({ ...deed, dice: plan.length })
  while (plan.length < steps - 1) {
    if (plan.length % quietEvery === quietEvery - 1) {
      add({ actor: 0, act: 'quiet', given: { deeds: story.slice(told, told + deedsInQuiet) }, ms: 0 })
      told += deedsInQuiet
    } else if (dice.oneIn(3)) add({ ...story[told++]!, ms: dice.pick(apartMs) })
    else if (dice.oneIn(burstIn)) for (const deed of burst()) add(deed)
    else if (dice.oneIn(deletionIn)) add({ actor: anybody(dice), act: 'deleteAccount', ms: 0 })
    else add({ ...dice.pick(others)(dice), ms: dice.pick(apartMs) })
  }
  add({ actor: 0, act: 'quiet', given: { deeds: [] }, ms: 0 })
  return plan
}

/** Most deeds come before the last one has been answered. */
const apartMs = [0, 0, 0, 0, 0, 5, 20, 40, 80, 200, 1000]

function burst(): Deed[] {
  const everybodyTwice = [...castNames.keys(), ...castNames.keys()]
  return everybodyTwice.map(actor => ({ actor, act: 'act', given: { does: 'sendMessage' }, ms: 0 }))
}

type Write = (dice: Dice) => Deed

const anybody = (dice: Dice) => dice.pick([...castNames.keys()])

const others: readonly Write[] = weighted([
  [36, dice => ({ actor: anybody(dice), act: 'poll', given: { device: dice.pick([0, 0, 0, 1]) } })],
  [4, dice => ({ actor: anybody(dice), act: 'restart', given: { device: 1 } })],
  [14, dice => ({ actor: anybody(dice), act: 'read' })],
  [1, () => ({ actor: 0, act: 'crash' })],
  [9, dice => ({ actor: 0, act: 'crash', given: { moment: dice.pick(crashMoments) } })],
  [3, dice => ({ actor: 0, act: 'setClock', given: { byMs: dice.pick([-hourMs, hourMs, -40, 40, -1, 1]) } })],
  [1, dice => ({ actor: 0, act: 'drift', given: { inThousand: dice.pick([-50, -1, 0, 1, 50]) } })],
  [4, dice => ({ actor: 0, act: 'weather', given: dice.pick(weathers) })],
  ...impulses(
    ['sendMessage', 40],
    ['sendMessageBatch', 2],
    ['updateRead', 6],
    ['addReaction', 6],
    ['removeReaction', 3],
    ['deleteMessageForSelf', 3],
    ['withdrawJoinRequest', 3],
    ['enableJoinLink', 2],
    ['disableJoinLink', 1],
    ['lockConvo', 1],
    ['unlockConvo', 3],
    ['muteConvo', 2],
    ['unmuteConvo', 2],
  ),
])

/** What clients do with what they hold. */
function impulses(...acts: [act: string, times: number][]): [times: number, write: Write][] {
  return acts.map(([does, times]) => [times, dice => ({ actor: anybody(dice), act: 'act', given: { does } })])
}

const weathers = [
  { lostIn: 0, twiceIn: 0 },
  { lostIn: 30, twiceIn: 10 },
  { lostIn: 30, twiceIn: 30 },
  { lostIn: 6, twiceIn: 6 },
]

/** Every message has a key of its own, by which its sender asks again. */
function keyed(story: Story): Deed[] {
  return story.map(deed => {
    if (!/^sendMessage/.test(deed.act)) return deed
    return { ...deed, given: { ...deed.given, idempotencyKey: `key ${deed.as}` } }
  })
}

function weighted(acts: readonly [times: number, write: Write][]): Write[] {
  return acts.flatMap(([times, write]) => Array<Write>(times).fill(write))
}
