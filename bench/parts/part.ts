import type { Engine, Findings } from '../report/findings.ts'

export interface PartOptions {
  engine: Engine
  /** Tiny loads, to see that everything works: its figures mean nothing. */
  quick: boolean
  /** How often each contestant runs. */
  rounds: number
  /** Of each run. */
  seconds: number
  /** For databases; what a part leaves there serves its next run. */
  folder: string
}

export interface Part {
  name: string
  /** One line, for the list of parts. */
  what: string
  run(options: PartOptions): Promise<Findings>
}
