import type { Did } from '@atcute/lexicons/syntax'
import type { People, Shown } from './people.ts'

/** `People.show` for those who have every answer at hand. */
export async function showExactly(
  people: Pick<People, 'profiles' | 'relationships'>,
  viewer: Did,
  dids: readonly Did[],
): Promise<Map<Did, Shown>> {
  const [profiles, relationships] = await Promise.all([
    people.profiles(dids),
    people.relationships(
      viewer,
      dids.filter(did => did !== viewer),
    ),
  ])
  return new Map(
    dids.map(did => [
      did,
      { person: profiles.get(did) ?? 'gone', relationship: relationships.get(did) ?? {} },
    ]),
  )
}
