import type { Did } from '@atcute/lexicons/syntax'

/** Who calls. Who is who once everything is set: see population.ts. */
export const names = [
  'alice',
  'bob',
  'carla',
  'dave',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'mallory',
  'niaj',
  'olivia',
  'oscar',
  'peggy',
  'trent',
] as const
export type Name = (typeof names)[number]

/** Whoever has the most convos calls the most. */
export const theBusy: readonly Name[] = ['alice', 'bob', 'carla', 'dave']
/** They delete themselves and are disabled again and again, so that the others can go on. */
export const theExpendable: readonly Name[] = ['judy', 'niaj', 'oscar']
export const theModerator: Name = 'trent'

/** They never call; they make a group full. */
export const theCrowd: readonly Did[] = Array.from(
  { length: 97 },
  (_, number): Did => `did:plc:crowd${String(number).padStart(19, 'a')}`,
)
