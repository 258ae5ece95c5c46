import type { Client } from '@parley/sdk'
import { type Account, Accounts } from './accounts/accounts.ts'
import { stateFolder } from './accounts/state-folder.ts'
import type { Part } from './output/paint.ts'
import { Printer } from './output/printer.ts'
import { type Cell, tableOf } from './output/table.ts'
import type { World } from './world.ts'

/** What every command understands. */
export interface GlobalOptions {
  account?: string
  /** Default: whether standard output is no terminal. */
  json?: boolean
  /** `false` of `--no-color`. */
  color?: boolean
}

/** One run of a command: what it is given, and how it answers. */
export class Run {
  readonly world: World
  readonly options: GlobalOptions
  readonly accounts: Accounts
  readonly out: Printer
  /** For what is not the answer itself: progress, notes. */
  readonly notes: Printer

  constructor(world: World, options: GlobalOptions) {
    const { stdout, stderr } = world
    this.world = world
    this.options = options
    this.accounts = new Accounts(stateFolder(world), world)
    this.out = new Printer({ stream: stdout, colors: hasColors(world, options, stdout) })
    this.notes = new Printer({ stream: stderr, colors: hasColors(world, options, stderr) })
  }

  get signal(): AbortSignal {
    return this.world.signal
  }

  /** Whether programs read the output: one object in each line. */
  get isJson(): boolean {
    return this.options.json ?? this.world.stdout.isTTY !== true
  }

  /** The account that is meant. Throws CliError `login`. */
  account(): Promise<Account> {
    const named = this.options.account ?? this.world.env.PARLEY_ACCOUNT
    return this.accounts.find(named || undefined)
  }

  /** The same, logged in. Throws CliError `login`. */
  async client(): Promise<Client> {
    return this.accounts.open(await this.account(), this.signal)
  }

  /** Says what was done: an object for programs, a line for people. */
  async done(view: object, ...parts: readonly Part[]): Promise<void> {
    await (this.isJson ? this.out.json(view) : this.out.line(...parts))
  }

  /** Rows, all of one width, for people; `none` where there are none. */
  async table(
    rows: readonly (readonly Cell[])[],
    { elastic, none }: { elastic: number; none: string },
  ): Promise<void> {
    if (rows.length === 0) await this.notes.line(this.notes.paint.dim(none))
    for (const parts of tableOf(rows, { width: this.out.width, elastic })) await this.out.line(...parts)
  }
}

export function hasColors({ env }: World, { color }: GlobalOptions, stream: World['stdout']): boolean {
  return stream.isTTY === true && color !== false && !env.NO_COLOR && env.TERM !== 'dumb'
}
