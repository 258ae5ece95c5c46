import type { Readable, Writable } from 'node:stream'
import type { Clock, OpenWebSocket } from '@parley/sdk'

/** Where a program writes. The two are what a terminal has, and a file or a pipe has not. */
export type Sink = Writable & { isTTY?: boolean; columns?: number }

/** All that the program knows of what is around it, handed in so that tests can hold it still. */
export interface World {
  /** Behind the name of the command. */
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  stdin: Readable & { isTTY?: boolean }
  stdout: Sink
  stderr: Sink
  cwd: string
  /** The user's folder. */
  home: string
  clock: Clock
  /** Such as `Europe/Vienna`; `undefined` is the system's. */
  timeZone: string | undefined
  fetch: typeof fetch
  /** Default: the platform's. */
  webSocket?: OpenWebSocket
  /** Aborts, with Interrupted as its reason, when the program is told to end. */
  signal: AbortSignal
}

/** Somebody pressed Ctrl-C, or the system wants the program to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly by: 'SIGINT' | 'SIGTERM'

  constructor(by: 'SIGINT' | 'SIGTERM') {
    super(`ended by ${by}`)
    this.by = by
  }
}
