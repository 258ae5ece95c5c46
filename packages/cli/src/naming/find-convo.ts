import type { Client, Conversation } from '@parley/sdk'
import { CliError } from '../errors.ts'

/** Whether what a user typed names a person, by handle or DID, and not a convo by its id. */
export function isPerson(named: string): boolean {
  return named.startsWith('did:') || named.includes('.')
}

/** As people write handles: `@Alice.test` is `alice.test`. */
export function personOf(named: string): string {
  return named.startsWith('did:') ? named : named.replace(/^@/, '').toLowerCase()
}

/** The convo with this id, or the direct one with this person. Begins none. Throws CliError `notFound`, and `usage` for oneself. */
export async function findConvo(client: Client, named: string, signal: AbortSignal): Promise<Conversation> {
  if (!isPerson(named)) return client.dm.get(named, { signal })
  const person = personOf(named)
  const { me } = client
  if (me && (person === me.did || person === me.handle))
    throw new CliError('usage', `${person} is you`, 'Name whom you talk to: parley ls')
  const may = await client.dm.canMessage(person, { signal })
  if (may.ok && may.conversation) return may.conversation
  // Also with those who accept no messages any more.
  const did = await client.didOf(person, { signal })
  for await (const convo of client.dm.conversations({ kind: 'direct', pageSize: 100, signal }))
    if (convo.others.some(member => member.did === did)) return convo
  throw new CliError(
    'notFound',
    `there is no conversation with ${person}`,
    `Begin one: parley send ${person} "Hello"`,
  )
}

/** The group with this id. Throws CliError `usage` for a direct convo. */
export async function findGroup(client: Client, named: string, signal: AbortSignal) {
  const convo = await findConvo(client, named, signal)
  const { group } = convo
  if (group) return { convo, group }
  throw new CliError('usage', `${named} is no group`, 'List your groups: parley groups')
}
