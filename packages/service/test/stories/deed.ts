/**
 * A step of a story. Plain data, so that a story can be kept in a file, cut down and told again: `@2` stands for an
 * account by its place in the cast, `$m5` for what an earlier deed has made and named. A name that nothing bears
 * any more, because its deed was dropped or refused, is an id that nobody has.
 */
export interface Deed {
  /** Who acts, by their place in the cast. */
  actor: number
  /** A method's last name, or what happens beside the service: see perform.ts. */
  act: string
  /** Params or input. */
  given?: Readonly<Record<string, unknown>>
  /** The name of what this makes: a convo, a message or the code of a link. */
  as?: string
  /** How far the clock moves before, also back. Default: 1. */
  ms?: number
}

export type Story = readonly Deed[]

/** An act as the shortest line that tells one deed from another. */
export function describeDeed({ actor, act, given, as }: Deed): string {
  return `${as ? `${as} = ` : ''}@${actor} ${act} ${JSON.stringify(given ?? {})}`
}
