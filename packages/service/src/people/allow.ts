import type { AppBskyActorDefs } from '@atcute/bluesky'

/** Who may open a conversation or add to a group, `chat.bsky.actor.declaration`. No record means `following` (behaviour.md 2.1). */
export type Allow = 'all' | 'none' | 'following'

/** A value of a declaration record. One that we do not know is taken at its strictest, as the official client does. */
function parseAllow(value: string): Allow {
  return value === 'all' || value === 'following' ? value : 'none'
}

export interface Declaration {
  allowIncoming: Allow
  /** Absent where the record does not say. */
  allowGroupInvites?: Allow
}

export function parseDeclaration(record: {
  allowIncoming: string
  allowGroupInvites?: string | undefined
}): Declaration {
  const { allowIncoming, allowGroupInvites } = record
  return {
    allowIncoming: parseAllow(allowIncoming),
    ...(allowGroupInvites === undefined ? {} : { allowGroupInvites: parseAllow(allowGroupInvites) }),
  }
}

/** What holds for an account, with or without a declaration: `allowGroupInvites` falls back to `allowIncoming`. */
export function resolveAllows(declaration: Declaration | undefined): Required<Declaration> {
  const { allowIncoming = 'following', allowGroupInvites = allowIncoming } = declaration ?? {}
  return { allowIncoming, allowGroupInvites }
}

/** `associated.chat` of a profile, from the declaration where there is one. */
export function associatedChat(declaration: Declaration): AppBskyActorDefs.ProfileAssociatedChat {
  return { ...declaration }
}
