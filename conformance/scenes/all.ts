import { deletingAccounts } from './account/deleting.ts'
import { exporting } from './account/exporting.ts'
import { preferences } from './account/preferences.ts'
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
import { creating } from './group/creating.ts'
import { disabledInGroups } from './group/disabled-accounts.ts'
import { invitations } from './group/invitations.ts'
import { joinLinks } from './group/join-links.ts'
import { joinRequests } from './group/join-requests.ts'
import { joining } from './group/joining.ts'
import { leavingGroups } from './group/leaving.ts'
import { limits } from './group/limits.ts'
import { locking } from './group/locking.ts'
import { members } from './group/members.ts'
import { groupMessages } from './group/messages.ts'
import { mutualGroups } from './group/mutual-groups.ts'
import { names } from './group/names.ts'
import { previews } from './group/previews.ts'
import type { Subject } from './script.ts'

const direct: readonly Subject[] = [
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

const groups: readonly Subject[] = [
  creating,
  invitations,
  members,
  groupMessages,
  names,
  leavingGroups,
  locking,
  joinLinks,
  joining,
  joinRequests,
  previews,
  mutualGroups,
  limits,
]

const account: readonly Subject[] = [preferences, exporting, deletingAccounts]

/** In the order in which they are played. */
export const subjects: readonly Subject[] = [...direct, ...groups, ...account]

/** With a moderator, whom there is in process only. */
export const moderatedSubjects: readonly Subject[] = [disabledAccounts, disabledInGroups]
