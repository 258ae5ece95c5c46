import { deleting } from './direct/deleting.ts'
import { disabledAccounts } from './direct/disabled-accounts.ts'
import { leaving } from './direct/leaving.ts'
import { lists } from './direct/lists.ts'
import { log } from './direct/log.ts'
import { messages } from './direct/messages.ts'
import { muting } from './direct/muting.ts'
import { opening } from './direct/opening.ts'
import { reactions } from './direct/reactions.ts'
import { reading } from './direct/reading.ts'
import { replies } from './direct/replies.ts'
import { requests } from './direct/requests.ts'
import { whoMayWrite } from './direct/who-may-write.ts'
import type { Subject } from './script.ts'

/** In the order in which they are played. */
export const subjects: readonly Subject[] = [
  opening,
  whoMayWrite,
  requests,
  messages,
  replies,
  reactions,
  deleting,
  reading,
  muting,
  leaving,
  lists,
  log,
]

/** With a moderator, whom there is in process only. */
export const moderatedSubjects: readonly Subject[] = [disabledAccounts]
