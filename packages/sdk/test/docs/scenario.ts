import { cast } from './cast.ts'

/**
 * What goes on around a snippet. It stands in a comment before the code, which readers of the page do not see:
 *
 *     <!-- snippet as bot.example.com with client, sixty times as fast
 *     alice.example.com says: hello            before it runs
 *     while it runs:                           once it listens to events, or has come to its end
 *     alice.example.com says: /ping
 *     alice.example.com hears: pong…           waits until the snippet's account has said it; `…` is any text
 *     it is stopped                            as by Ctrl-C
 *     -->
 *
 * `as` names the account whose password is APP_PASSWORD (default you.example.com), `with` the names that the snippet
 * takes from given.ts, and in a hurry its waits are a sixtieth as long. The verbs are those of `Verb`.
 */
export interface Scenario {
  as: string
  given: string[]
  inHurry: boolean
  before: Step[]
  while: Step[]
}

export type Verb =
  /** Sends a message to the snippet's account. */
  | 'says'
  /** Has a message from the snippet's account. */
  | 'hears'
  /** Adds an emoji to the newest message of the snippet's account. */
  | 'reacts'
  | 'follows'
  | 'blocks'
  /** Follows the join link of the group that is called so. */
  | 'joins'
  /** Of `network`: cuts the connection once, after this method has been carried out. */
  | 'loses'
  /** Of `network`: refuses this method once, as being asked for too often. */
  | 'slows'
  /** Of `it`: the snippet is asked to end. */
  | 'is stopped'

export interface Step {
  who: string
  verb: Verb
  what: string
}

const verbs = new Set(['says', 'hears', 'reacts', 'follows', 'blocks', 'joins', 'loses', 'slows'])

/** Reads the comment; without one everything is at its default. Throws for what is not in the vocabulary. */
export function scenarioOf(comment: string | undefined): Scenario {
  const [head = '', ...lines] = (comment ?? '').split('\n')
  const read = /^(?:as (\S+?))?(?:\s*with ([\w, ]+?))?(,? ?sixty times as fast)?$/.exec(head.trim())
  if (read === null) throw new Error(`cannot read "${head}"`)
  const [, as = 'you.example.com', given = '', hurry] = read
  const steps = lines.map(line => line.trim()).filter(line => line !== '')
  const from = steps.indexOf('while it runs:')
  const before = from < 0 ? steps : steps.slice(0, from)
  return {
    as: known(as),
    given: given.split(/[ ,]+/).filter(name => name !== '' && name !== 'and'),
    inHurry: hurry !== undefined,
    before: before.map(stepOf),
    while: from < 0 ? [] : steps.slice(from + 1).map(stepOf),
  }
}

function stepOf(line: string): Step {
  if (line === 'it is stopped') return { who: 'it', verb: 'is stopped', what: '' }
  const [, who = '', verb = '', what = ''] = /^(\S+) (\w+): (.+)$/.exec(line) ?? []
  if (!verbs.has(verb)) throw new Error(`cannot read "${line}"`)
  return { who: who === 'network' ? who : known(who), verb: verb as Verb, what }
}

function known(handle: string): string {
  if (cast.some(member => member.handle === handle)) return handle
  throw new Error(`${handle} is not in the cast`)
}
