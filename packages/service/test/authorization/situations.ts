import type { Target } from './calls.ts'
import { playDirect, playGroup } from './scenes.ts'
import type { TokenKind } from './token-desk.ts'
import type { Name, World } from './world.ts'

/** Where and as whom somebody calls: a column of the matrix. */
export interface Situation {
  name: string
  /** What is true of the caller, to follow "The caller …". */
  meaning: string
  /** May the caller see the message that is there? Where not, no answer holds anything of it. */
  seesHistory: boolean
  caller: Name
  token: TokenKind
  moderators: readonly Name[]
  /** Sets the world up; `after` is what the group's owner does last, before anybody is blocked or disabled. */
  play(world: World, after?: string): Promise<Target>
}

/** How the caller has come to the convo. */
export type Part = 'stranger' | 'untold' | 'waiting' | 'invited' | 'member' | 'left' | 'removed' | 'owner'

/** What happened then. `blocked`: by the other side; in a group the owner, or for the owner everybody. */
export type Mark = 'blocked' | 'blocking' | 'disabled' | 'locked'

const unseeing: ReadonlySet<Part> = new Set(['stranger', 'untold', 'waiting', 'left', 'removed'])

function situation(
  name: string,
  part: Part,
  mark: Mark | undefined,
  play: (world: World, part: Part, mark: Mark | undefined, after?: string) => Promise<Target>,
  meaning: string,
): Situation {
  return {
    name,
    meaning,
    seesHistory: !unseeing.has(part),
    caller: 'bob',
    token: 'good',
    moderators: ['mona'],
    play: (world, after) => play(world, part, mark, after),
  }
}

const direct = (name: string, part: Part, mark: Mark | undefined, meaning: string) =>
  situation(name, part, mark, playDirect, meaning)
const group = (name: string, part: Part, mark: Mark | undefined, meaning: string) =>
  situation(name, part, mark, playGroup, meaning)

export const directOutsiders = [
  direct(
    'stranger',
    'stranger',
    undefined,
    'has no convo with the other side, who has one with somebody else',
  ),
  direct('stranger-blocked', 'stranger', 'blocked', 'is such a stranger, and the other side blocks them'),
  direct('stranger-blocking', 'stranger', 'blocking', 'is such a stranger, and blocks the other side'),
  direct(
    'stranger-disabled',
    'stranger',
    'disabled',
    'is such a stranger, and moderation has disabled their chat',
  ),
  direct('untold', 'untold', undefined, 'is in a convo in which the other side has not written yet'),
] as const

export const directMembers = [
  direct('requested', 'invited', undefined, 'was written to and has not accepted'),
  direct('accepted', 'member', undefined, 'was written to, has accepted, and has reacted'),
  direct('blocked', 'member', 'blocked', 'has accepted; the other side blocks them since'),
  direct('blocking', 'member', 'blocking', 'has accepted, and blocks the other side since'),
  direct('disabled', 'member', 'disabled', 'has accepted; moderation has disabled their chat since'),
  direct('left', 'left', undefined, 'had accepted, and has left'),
] as const

export const groupOutsiders = [
  group('stranger', 'stranger', undefined, 'has nothing but the code of the link, which asks for approval'),
  group('stranger-blocked', 'stranger', 'blocked', 'is such a stranger, and the owner blocks them'),
  group('stranger-blocking', 'stranger', 'blocking', 'is such a stranger, and blocks the owner'),
  group(
    'stranger-disabled',
    'stranger',
    'disabled',
    'is such a stranger, and moderation has disabled their chat',
  ),
  group('waiting', 'waiting', undefined, 'has asked to join'),
  group('left', 'left', undefined, 'was a member, and has left'),
  group('removed', 'removed', undefined, 'was a member, and the owner has removed them'),
] as const

export const groupMembers = [
  group('requested', 'invited', undefined, 'was invited and has not accepted'),
  group('accepted', 'member', undefined, 'was invited, has accepted, and has reacted'),
  group('blocked', 'member', 'blocked', 'has accepted; the owner blocks them since'),
  group('blocking', 'member', 'blocking', 'has accepted, and blocks the owner since'),
  group('disabled', 'member', 'disabled', 'has accepted; moderation has disabled their chat since'),
  group('locked', 'member', 'locked', 'has accepted; the owner has locked the group since'),
] as const

export const groupOwners = [
  group('owner', 'owner', undefined, 'is the owner'),
  group('blocked', 'owner', 'blocked', 'is the owner; all others block them since'),
  group('blocking', 'owner', 'blocking', 'is the owner, and blocks all others since'),
  group('disabled', 'owner', 'disabled', 'is the owner; moderation has disabled their chat since'),
  group('locked', 'owner', 'locked', 'is the owner, and has locked the group'),
] as const

const owner = groupOwners[0]

/** One who might do everything, were it not for the token: owner of the group and moderator. */
function withToken(token: TokenKind, meaning: string, name: string = token): Situation {
  return { ...owner, name, token, meaning, moderators: ['bob'] }
}

const stranger: Situation = { ...groupOutsiders[0], caller: 'mona' }

export const tokens: readonly Situation[] = [
  withToken('none', 'sends no token'),
  withToken('no-method', 'has a token that names no method'),
  withToken('other-method', 'has a token for another method'),
  withToken('expired', 'has a token that expired a minute ago'),
  withToken('other-service', 'has a token for another service'),
  withToken('other-key', 'has a token that another key has signed'),
  {
    ...withToken('labeler', 'calls as the labeler they run', 'as-labeler'),
    moderators: [],
  },
  { ...stranger, name: 'moderator', meaning: 'is a moderator, and no member' },
  {
    ...stranger,
    name: 'moderator-labeler',
    token: 'labeler',
    meaning: 'is a moderator, and no member, and calls as the labeler they run',
  },
]
