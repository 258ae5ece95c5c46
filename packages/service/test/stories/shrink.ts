import type { Deed, Story } from './deed.ts'

/** Whether a story still breaks what the first one broke. */
export type StillFails = (story: Story) => Promise<boolean>

/**
 * A story as short and plain as it gets with so many tries: deeds are dropped, first many at once and then one by
 * one, until none can be spared; then what is left is made plainer, and deeds are dropped again.
 */
export async function shrink(story: Story, stillFails: StillFails, triesMax: number): Promise<Story> {
  let tries = 0
  const fails: StillFails = async shorter => ++tries <= triesMax && (await stillFails(shorter))
  let shrunk = story
  for (;;) {
    const before = shrunk
    shrunk = await plainer(await dropDeeds(shrunk, fails), fails)
    if (shrunk.length === before.length || tries > triesMax) return shrunk
  }
}

async function dropDeeds(story: Story, fails: StillFails): Promise<Story> {
  let shrunk = story
  for (let size = Math.ceil(story.length / 2); size > 0; size = Math.floor(size / 2)) {
    // From the end: what comes later needs what came before.
    for (let end = shrunk.length; end > 0; end -= size) {
      const shorter = [...shrunk.slice(0, Math.max(0, end - size)), ...shrunk.slice(end)]
      if (await fails(shorter)) shrunk = shorter
    }
  }
  return shrunk
}

async function plainer(story: Story, fails: StillFails): Promise<Story> {
  let shrunk = story
  for (const i of story.keys()) {
    for (const plain of plainerDeeds(shrunk[i]!)) {
      const changed = shrunk.with(i, plain(shrunk[i]!))
      if (await fails(changed)) shrunk = changed
    }
  }
  return shrunk
}

/** Ways to say less. Each is tried on what the one before has left. */
function plainerDeeds({ ms, given = {} }: Deed): ((deed: Deed) => Deed)[] {
  const message = given.message as Record<string, unknown> | undefined
  return [
    ...(ms === undefined ? [] : [({ ms: _, ...deed }: Deed) => deed]),
    ...optional.filter(key => key in given).map(key => (deed: Deed) => without(deed, key)),
    ...optional
      .filter(key => message && key in message)
      .map(key => (deed: Deed) => withGiven(deed, 'message', omit(deed.given!.message as object, key))),
    ...several.flatMap(key =>
      ((given[key] as unknown[] | undefined) ?? []).map(
        item => (deed: Deed) =>
          withGiven(
            deed,
            key,
            (deed.given![key] as unknown[]).filter(one => one !== item),
          ),
      ),
    ),
  ]
}

const optional = ['idempotencyKey', 'messageId', 'replyTo', 'embed', 'status']
const several = ['members', 'items']

function without(deed: Deed, key: string): Deed {
  return { ...deed, given: omit(deed.given!, key) }
}

function withGiven(deed: Deed, key: string, value: unknown): Deed {
  return { ...deed, given: { ...deed.given, [key]: value } }
}

function omit(from: object, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key))
}
