import type { Did } from '@atcute/lexicons/syntax'
import type { ProfileViewBasic } from './views.ts'

/** A person as a conversation shows them. */
export interface Member {
  did: Did
  /** `undefined` where the service has not said. */
  handle: string | undefined
  displayName: string | undefined
  /** What to call them: display name, else handle, else DID. Never empty. */
  name: string
  avatar: string | undefined
  isMe: boolean
  /** In a group, where the service says. */
  role: 'owner' | 'standard' | undefined
  /** True of an account that cannot take part: deleted, suspended or deactivated. */
  chatDisabled: boolean
}

/** How many profiles are remembered: those of the last events and pages. */
const PROFILES_MAX = 2000

/** Everybody whom the service has shown, so that a message can say who sent it. */
export class People {
  readonly #me: () => Did | undefined
  readonly #profiles = new Map<Did, ProfileViewBasic>()

  constructor(me: () => Did | undefined) {
    this.#me = me
  }

  get me(): Did | undefined {
    return this.#me()
  }

  meet(profiles: readonly ProfileViewBasic[] | undefined): void {
    for (const profile of profiles ?? []) {
      this.#profiles.delete(profile.did)
      this.#profiles.set(profile.did, profile)
    }
    for (const did of this.#profiles.keys()) {
      if (this.#profiles.size <= PROFILES_MAX) return
      this.#profiles.delete(did)
    }
  }

  member(did: Did): Member {
    const profile = this.#profiles.get(did)
    return profile ? this.of(profile) : this.of({ did })
  }

  of(profile: Pick<ProfileViewBasic, 'did'> & Partial<ProfileViewBasic>): Member {
    const { did, avatar, chatDisabled = false } = profile
    const handle = profile.handle === 'handle.invalid' ? undefined : profile.handle
    const displayName = profile.displayName?.trim() || undefined
    return {
      did,
      handle,
      displayName,
      name: displayName ?? handle ?? did,
      avatar,
      isMe: did === this.#me(),
      role: roleOf(profile.kind),
      chatDisabled,
    }
  }
}

function roleOf(kind: ProfileViewBasic['kind']): Member['role'] {
  if (kind === undefined || !('role' in kind)) return undefined
  return kind.role === 'owner' ? 'owner' : 'standard'
}
