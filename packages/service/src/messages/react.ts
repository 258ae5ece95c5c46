import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { reactionsPerMemberMax } from '../limits.ts'
import { assertMayReact } from '../policy/may-message.ts'
import {
  readConvoId,
  readMessageId,
  requireMember,
  requireMembership,
  requireMessage,
} from '../policy/visible-to.ts'
import { isSystem, type LogType, type Member, type Reaction, type UserMessage } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { accountsToTalk, askBeforeTalking, assertMayTalkInGroup } from './talk.ts'

/** A pictograph with its presentation or skin tone. */
const PICTOGRAPH = '\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]{0,2}'

/**
 * One emoji and nothing beside it (behaviour.md 7 (34)): a flag of two letters, a keycap, a flag of a region, or
 * pictographs joined to one.
 */
const EMOJI = new RegExp(
  [
    '\\p{Regional_Indicator}{2}',
    '[0-9#*]\\ufe0f?\\u20e3',
    '\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{2,6}\\u{e007f}',
    `${PICTOGRAPH}(?:\\u200d${PICTOGRAPH}){0,9}`,
  ]
    .map(kind => `^(?:${kind})$`)
    .join('|'),
  'u',
)

export interface ReactionInput {
  convoId: Tid
  messageId: Tid
  value: string
}

/** @throws InvalidConvo, InvalidRequest */
export function readReactionInput(input: {
  convoId: string
  messageId: string
  value: string
}): ReactionInput {
  const { convoId, messageId, value } = input
  return { convoId: readConvoId(convoId), messageId: readMessageId(messageId), value }
}

/**
 * Adds the caller's reaction: `chat.bsky.convo.addReaction`. One that is there already stays as it is.
 * @throws ConvoLocked, InvalidConvo, InvalidRequest, ReactionInvalidValue, ReactionLimitReached,
 *   ReactionMessageDeleted, ReactionNotAllowed
 */
export async function addReaction(ctx: Context, caller: Did, input: ReactionInput): Promise<void> {
  const { convoId, messageId, value } = input
  return react(ctx, caller, input, (tx, message) => {
    const own = tx.reactions(convoId, messageId).filter(reaction => reaction.sender === caller)
    if (own.some(reaction => reaction.value === value)) return
    if (own.length >= reactionsPerMemberMax) {
      throw new AppError(
        'ReactionLimitReached',
        `a message takes ${reactionsPerMemberMax} reactions by one member`,
      )
    }
    const rev = tx.nextRev()
    const reaction = { convoId, messageId, sender: caller, value, rev }
    tx.addReaction(reaction)
    announce(tx, message, 'addReaction', reaction, rev)
  })
}

/**
 * Takes the caller's reaction back: `chat.bsky.convo.removeReaction`. One that is not there is no error.
 * @throws ConvoLocked, InvalidConvo, InvalidRequest, ReactionInvalidValue, ReactionMessageDeleted,
 *   ReactionNotAllowed
 */
export async function removeReaction(ctx: Context, caller: Did, input: ReactionInput): Promise<void> {
  return react(ctx, caller, input, (tx, message) => {
    const reaction = tx
      .reactions(input.convoId, input.messageId)
      .find(({ sender, value }) => sender === caller && value === input.value)
    if (!reaction) return
    tx.removeReaction(reaction)
    announce(tx, message, 'removeReaction', reaction, tx.nextRev())
  })
}

/** What adding and removing share: with what, who may, and on which message. */
async function react(
  ctx: Context,
  caller: Did,
  { convoId, messageId, value }: ReactionInput,
  change: (tx: Transaction, message: UserMessage) => void,
): Promise<void> {
  if (!EMOJI.test(value)) throw new AppError('ReactionInvalidValue', 'a reaction is a single emoji')
  const memberships = [await requireMembership(ctx.store, caller, convoId)]
  const heard = await askBeforeTalking(ctx, caller, memberships)
  const scope = {
    accounts: accountsToTalk(caller, memberships),
    convos: [convoId],
    messages: [{ convoId, messageId, viewer: caller }],
  }
  return ctx.store.transact(scope, tx => {
    const member = requireMember(tx, caller, convoId)
    const convo = tx.convo(convoId)!
    if (convo.kind === 'group') assertMayTalkInGroup(tx, convo, caller, heard)
    for (const counterpart of heard.counterparts.values()) {
      assertMayReact(counterpart, tx.account(caller).chatDisabled)
    }
    change(tx, requireReactable(tx, member, messageId))
  })
}

function requireReactable(tx: Transaction, member: Member, messageId: Tid): UserMessage {
  const message = requireMessage(tx, member, messageId)
  if (isSystem(message)) throw new AppError('ReactionNotAllowed', 'a system message takes no reactions')
  if (!message.body) throw new AppError('ReactionMessageDeleted', 'this message was deleted')
  if (tx.isHidden(member.did, member.convoId, messageId)) {
    throw new AppError('ReactionMessageDeleted', 'you have deleted this message')
  }
  return message
}

/** Raises the message's rev and tells every member who has the message in sight. */
function announce(tx: Transaction, message: UserMessage, type: LogType, reaction: Reaction, rev: Tid): void {
  for (const member of tx.members(message.convoId)) {
    if (message.id <= member.visibleFrom) continue
    const { sender, value } = reaction
    const row = { did: member.did, rev, type, convoId: message.convoId, messageId: message.id }
    tx.appendLog({ ...row, reaction: { sender, value, rev: reaction.rev } })
  }
  tx.setMessageRev(message, rev)
}
