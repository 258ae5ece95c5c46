import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { assertEnabled, requireOwner } from '../policy/may-group.ts'
import type { GroupConvo, JoinLink, SystemEvent } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'

/** What a link asks of those who follow it. */
export type LinkSettings = Pick<JoinLink, 'requireApproval' | 'joinRule'>

/**
 * Makes the group's link: `chat.bsky.group.createJoinLink`. It takes the place of a disabled one, whose code is void
 * from then on.
 * @throws EnabledJoinLinkAlreadyExists, InsufficientRole, InvalidConvo, InvalidRequest
 */
export async function createJoinLink(
  ctx: Context,
  caller: Did,
  convoId: Tid,
  settings: LinkSettings,
): Promise<JoinLink> {
  const code = await unusedCode(ctx)
  return ctx.store.transact({ accounts: [caller], convos: [convoId] }, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    assertEnabled(tx.account(caller))
    if (group.link?.enabled) {
      throw new AppError('EnabledJoinLinkAlreadyExists', 'the group has a link; disable it first')
    }
    const change = { type: 'createJoinLink', updateType: 'join_link_created' } as const
    return putLink(tx, group, { ...settings, code, enabled: true, createdAt: tx.nextRev() }, change)
  })
}

/** `chat.bsky.group.editJoinLink`. @throws InsufficientRole, InvalidConvo, InvalidRequest, NoJoinLink */
export function editJoinLink(
  ctx: Context,
  caller: Did,
  convoId: Tid,
  settings: Partial<LinkSettings>,
): Promise<JoinLink> {
  return ctx.store.transact({ accounts: [caller], convos: [convoId] }, tx => {
    const { group, link } = requireLink(tx, caller, convoId)
    assertEnabled(tx.account(caller))
    const edited = { ...link, ...settings }
    const isSame = edited.requireApproval === link.requireApproval && edited.joinRule === link.joinRule
    if (isSame) return link
    const change = { type: 'editJoinLink', updateType: 'join_link_settings_changed' } as const
    return putLink(tx, group, edited, change)
  })
}

/**
 * `chat.bsky.group.enableJoinLink`.
 * @throws InsufficientRole, InvalidConvo, InvalidRequest, LinkAlreadyEnabled, NoJoinLink
 */
export function enableJoinLink(ctx: Context, caller: Did, convoId: Tid): Promise<JoinLink> {
  return ctx.store.transact({ accounts: [caller], convos: [convoId] }, tx => {
    const { group, link } = requireLink(tx, caller, convoId)
    assertEnabled(tx.account(caller))
    if (link.enabled) throw new AppError('LinkAlreadyEnabled', 'the link is enabled already')
    const change = { type: 'enableJoinLink', updateType: 'join_link_settings_changed' } as const
    return putLink(tx, group, { ...link, enabled: true }, change)
  })
}

/** `chat.bsky.group.disableJoinLink`; doing it again changes nothing. @throws InsufficientRole, InvalidConvo, NoJoinLink */
export function disableJoinLink(ctx: Context, caller: Did, convoId: Tid): Promise<JoinLink> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const { group, link } = requireLink(tx, caller, convoId)
    if (!link.enabled) return link
    const change = { type: 'disableJoinLink', updateType: 'join_link_disabled' } as const
    return putLink(tx, group, { ...link, enabled: false }, change)
  })
}

function requireLink(tx: Transaction, caller: Did, convoId: Tid): { group: GroupConvo; link: JoinLink } {
  const { group } = requireOwner(tx, caller, convoId)
  if (!group.link) throw new AppError('NoJoinLink', 'the group has no link; create one')
  return { group, link: group.link }
}

interface Change {
  type: Extract<SystemEvent['type'], `${string}JoinLink`>
  updateType: string
}

function putLink(tx: Transaction, group: GroupConvo, link: JoinLink, change: Change): JoinLink {
  const linked = { ...group, link }
  tx.putGroup(linked)
  const rev = announce(tx, linked, { type: change.type })
  reportGroupEvent(
    tx,
    'eventGroupChatUpdated',
    { group: linked, actor: group.owner, rev },
    {
      updateType: change.updateType,
      joinLinkCode: link.code,
      joinLinkFollowersOnly: link.joinRule === 'followedByOwner',
      joinLinkRequiresApproval: link.requireApproval,
    },
  )
  return link
}

/** Codes hardly ever meet. */
async function unusedCode(ctx: Context): Promise<string> {
  for (;;) {
    const code = ctx.newJoinCode()
    if ((await ctx.store.groupsByCode([code])).size === 0) return code
  }
}
