import type { Did } from '@atcute/lexicons/syntax'
import type { Changes } from './engine.ts'

/** That there is something new, and for whom. It carries nothing of what it is. */
export interface News {
  /** Who has new rows in the log. */
  accounts: readonly Did[]
  /** Whether there are new events for moderators. */
  modEvents: boolean
}

/**
 * How processes on one database tell each other what they have committed. A hint, for speed: one may be lost, come
 * twice or be a lie, for the database is the truth and is asked again after a while (design.md 5).
 */
export interface WakeUps {
  /** Tells the others; neither waits nor throws. */
  tell(news: News): void
  /** Calls `hear` with what others tell. */
  onNews(hear: (news: News) => void): void
  close(): Promise<void>
}

/** What a commit means to others; `undefined` where it means nothing. */
export function newsOf({ log, modEvents }: Changes): News | undefined {
  if (log.length === 0 && modEvents.length === 0) return undefined
  return { accounts: [...new Set(log.map(({ did }) => did))], modEvents: modEvents.length > 0 }
}
