import type { World } from './world.ts'

/** One thing that comes over the wire, and what has to come of it. */
export interface Attack {
  /** What comes. */
  what: string
  /** In the words of wire.ts: `answered`, a status and a name, `closed` without an answer, or several of these. */
  answer: string
  /** Files and functions that see to it. */
  protection: string
  /** What it costs at most; the play asserts it. */
  bound?: string
  /** Questions to the PLC directory that it may cause. Default none. */
  lookUpsMax?: number
  play(world: World): Promise<string>
}

export interface Chapter {
  title: string
  about: string
  attacks: readonly Attack[]
}
