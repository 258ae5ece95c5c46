import { type Chance, randomFrom } from '../packages/service/test/stories/chance.ts'

/** All chance of a run. Each deed has dice of its own, so that a story that is cut down goes on throwing the same. */
export interface Dice {
  pick: Chance
  oneIn(count: number): boolean
  /** From 0 to below 1. */
  share(): number
}

export function createDice(...seeds: readonly number[]): Dice {
  const pick = randomFrom(
    seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 7),
  )
  return {
    pick,
    oneIn: count => pick(range(count)) === 0,
    share: () => pick(range(256)) / 256,
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place)
}
