export type Chance = <T>(from: readonly T[]) => T

/** The same choices for the same seed (mulberry32). */
export function randomFrom(seed: number): Chance {
  let state = seed
  return from => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return from[((t ^ (t >>> 14)) >>> 0) % from.length]!
  }
}
