import type { Did } from '@atcute/lexicons/syntax'
import { boundedCache } from '../bounded-cache.ts'
import { knownDirectsMax } from '../limits.ts'
import type { Tid } from '../tid.ts'
import type { Party } from './store.ts'

/** Who the two of direct convos are, which never changes, whoever writes to the database. */
export class KnownDirects {
  readonly #members = boundedCache<Tid, readonly Did[]>(knownDirectsMax)

  remember(parties: Iterable<Party>): void {
    for (const { convo, members } of parties)
      if (convo.kind === 'direct') this.#members.set(convo.id, members)
  }

  /** All of them, where each is known and `viewer` is one of its two. */
  among(viewer: Did, convoIds: readonly Tid[]): Map<Tid, Party> | undefined {
    const known = new Map<Tid, Party>()
    for (const id of convoIds) {
      const members = this.#members.get(id)
      if (!members?.includes(viewer)) return undefined
      known.set(id, { convo: { id, kind: 'direct' }, members })
    }
    return known
  }
}
