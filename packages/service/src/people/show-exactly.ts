import type { Did } from '@atcute/lexicons/syntax'
import type { People, Relationship, Shown } from './people.ts'

/** `People.show` for those who have every answer at hand. */
export async function showExactly(
  people: Pick<People, 'profiles' | 'relationships'>,
  viewer: Did | undefined,
  dids: readonly Did[],
): Promise<Map<Did, Shown>> {
  const [profiles, relationships] = await Promise.all([
    people.profiles(dids),
    viewer === undefined
      ? new Map<Did, Relationship>()
      : people.relationships(
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
