import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Op =
  | 'send'
  | 'react'
  | 'unreact'
  | 'read'
  | 'accept'
  | 'open'
  | 'create'
  | 'log'
  | 'page'
  | 'convo'

/** What a client asked for. The order of lines is the order of moments; `atMs` is for people. */
export interface Invoke {
  kind: 'invoke'
  call: number
  atMs: number
  op: Op
  account: string
  /** Which of several processes was asked. */
  server: number
  convo?: string
  /** Of `send`: the idempotency key. */
  key?: string
  text?: string
  /** Of `react`, `unreact` and `read`. */
  message?: string
  /** Of `react` and `unreact`. */
  value?: string
  /** Of `log`: after which rev; without it only the head is asked for. */
  cursor?: string
}

/** What became of it; `unknown` where the connection broke before there was an answer. */
export interface Outcome {
  kind: 'ok' | 'refused' | 'unknown'
  call: number
  atMs: number
  /** Of `refused`. */
  error?: string
  answer?: Answer
}

export type Line = Invoke | Outcome

/** A message of a history; without text where it is the system's. */
export interface Told {
  id: string
  rev: string
  text?: string
  sender?: string
  /** Each `<value> <account>`, sorted. */
  reactions?: string[]
}

/** A row of a log. */
export interface Row {
  rev: string
  type: string
  convo: string
  /** The message's id. */
  message?: string
  text?: string
  sender?: string
}

export interface ConvoState {
  id: string
  rev: string
  unread: number
  status: string
  /** Id of the newest message. */
  last?: string
}

/** The field that is set is that of the op. */
export interface Answer {
  /** Of `send`, `react` and `unreact`. */
  message?: Told
  /** Of `log`. */
  cursor?: string
  rows?: Row[]
  /** Of `page`: newest first, and whether there are older ones. */
  messages?: Told[]
  older?: boolean
  /** Of `convo`, `read`, `accept`, `open` and `create`. */
  convo?: ConvoState
}

/** What an account can read when all is quiet: every page, the log from its beginning. */
export interface FinalAccount {
  account: string
  log: Row[]
  convos: (ConvoState & {
    kind: 'direct' | 'group'
    members: string[] /** Oldest first. */
    history: Told[]
  })[]
}

export interface Story {
  lines: readonly Line[]
  final: readonly FinalAccount[]
}

/** Where clients write what they do, a line each, at once: a run that dies leaves its history behind. */
export class HistoryFile implements Disposable {
  readonly lines: Line[] = []
  readonly #file: number
  /** By the number of the call. */
  readonly #ops: Op[] = []
  #awaited: { left: number; resolve: () => void } | undefined

  constructor(folder: string) {
    this.#file = openSync(join(folder, historyName), 'a')
  }

  /** Returns the number of the call. */
  invoke(what: Omit<Invoke, 'kind' | 'call' | 'atMs'>): number {
    const call = this.#ops.push(what.op) - 1
    this.#add({ kind: 'invoke', call, atMs: atMs(), ...what })
    return call
  }

  settle(call: number, what: Omit<Outcome, 'call' | 'atMs'>): void {
    this.#add({ ...what, call, atMs: atMs() })
    if (what.kind !== 'ok' || this.#ops[call] === 'log' || !this.#awaited) return
    this.#awaited.left -= 1
    if (this.#awaited.left <= 0) this.#awaited.resolve()
  }

  /** Resolves when so many more calls other than polls have been answered; one waits at a time. */
  async answers(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited = { left: count, resolve }
    await promise
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }

  #add(line: Line): void {
    this.lines.push(line)
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }
}

const historyName = 'history.jsonl'
export const finalName = 'final.json'

/** What a run left in `folder`. */
export function readStory(folder: string): Story {
  const text = readFileSync(join(folder, historyName), 'utf8')
  const lines = text.split('\n').filter(line => line !== '')
  return {
    lines: lines.map(line => JSON.parse(line) as Line),
    final: JSON.parse(readFileSync(join(folder, finalName), 'utf8')) as FinalAccount[],
  }
}

function atMs(): number {
  return Math.round(performance.now() * 1000) / 1000
}
