import type { Answer, FinalAccount, Invoke, Op, Outcome, Row, Story, Told } from './history.ts'

/** An attempt of a client, with its place in the order of moments. */
export interface Call {
  invoke: Invoke
  /** Place of the line in which it began. */
  startedAt: number
  outcome: Outcome | undefined
  /** Infinity where nothing is known of its end. */
  endedAt: number
}

export interface AnsweredCall extends Call {
  answer: Answer
}

export type FinalConvo = FinalAccount['convos'][number]

/** A story, looked up from every side that an invariant asks from. */
export class Evidence {
  readonly calls: readonly Call[]
  readonly final: readonly FinalAccount[]
  /** Attempts to send, by convo. */
  readonly sends: ReadonlyMap<string, Call[]>
  readonly #rows: ReadonlyMap<FinalAccount, Map<string, Row[]>>

  constructor({ lines, final }: Story) {
    const calls = new Map<number, Call>()
    for (const [place, line] of lines.entries()) {
      if (line.kind === 'invoke') {
        calls.set(line.call, { invoke: line, startedAt: place, outcome: undefined, endedAt: Infinity })
      } else Object.assign(calls.get(line.call)!, { outcome: line, endedAt: place })
    }
    this.calls = [...calls.values()]
    this.final = final
    this.sends = groupBy(
      this.calls.filter(({ invoke }) => invoke.op === 'send'),
      ({ invoke }) => invoke.convo!,
    )
    this.#rows = new Map(final.map(account => [account, groupBy(account.log, row => row.convo)]))
  }

  /** Those of the ops that were answered with 200, in the order of their beginnings. */
  answered(...ops: Op[]): AnsweredCall[] {
    return this.calls.filter(({ invoke }) => ops.includes(invoke.op)).flatMap(withAnswer)
  }

  /** Rows of the account's log about one convo. */
  rowsOf(account: FinalAccount, convo: string): readonly Row[] {
    return this.#rows.get(account)?.get(convo) ?? []
  }

  /** A convo as each of its members sees it in the end. */
  seats(): { account: FinalAccount; convo: FinalConvo }[] {
    return this.final.flatMap(account => account.convos.map(convo => ({ account, convo })))
  }
}

/** None where the call was not answered with 200. */
export function withAnswer(call: Call): AnsweredCall[] {
  return call.outcome?.kind === 'ok' ? [{ ...call, answer: call.outcome.answer ?? {} }] : []
}

export function sameMessage(one: Told | Row, other: Told | Row): boolean {
  return one.text === other.text && one.sender === other.sender
}

/** By key; of several values each in order. */
export function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

export function later(one: string | undefined, other: string | undefined): string {
  return (one ?? '') > (other ?? '') ? one! : (other ?? '')
}
