import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { reactionsPerMemberMax } from '../limits.ts'
import { askAbout, assertMayReact } from '../policy/may-message.ts'
import {
  othersIn,
  readConvoId,
  readMessageId,
  requireMember,
  requireMembership,
  requireMessage,
} from '../policy/visible-to.ts'
import type { LogType, Message, Reaction } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

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
 * @throws InvalidConvo, InvalidRequest, ReactionInvalidValue, ReactionLimitReached, ReactionMessageDeleted
 */
export async function addReaction(ctx: Context, caller: Did, input: ReactionInput): Promise<void> {
  const { convoId, messageId, value } = input
  return react(ctx, caller, input, (tx, message) => {
    const own = tx.reactions(messageId).filter(reaction => reaction.sender === caller)
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
 * @throws InvalidConvo, InvalidRequest, ReactionInvalidValue, ReactionMessageDeleted
 */
export async function removeReaction(ctx: Context, caller: Did, input: ReactionInput): Promise<void> {
  return react(ctx, caller, input, (tx, message) => {
    const reaction = tx
      .reactions(input.messageId)
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
  change: (tx: Transaction, message: Message) => void,
): Promise<void> {
  if (!EMOJI.test(value)) throw new AppError('ReactionInvalidValue', 'a reaction is a single emoji')
  const others = othersIn(await requireMembership(ctx.store, caller, convoId))
  const counterparts = await askAbout(ctx.people, caller, others)
  const scope = { accounts: [caller], convos: [convoId], messages: [{ convoId, messageId, viewer: caller }] }
  return ctx.store.transact(scope, tx => {
    const member = requireMember(tx, caller, convoId)
    for (const counterpart of counterparts.values())
      assertMayReact(counterpart, tx.account(caller).chatDisabled)
    const message = requireMessage(tx, member, messageId)
    if (tx.isHidden(caller, messageId)) {
      throw new AppError('ReactionMessageDeleted', 'you have deleted this message')
    }
    change(tx, message)
  })
}

/** Raises the message's rev and tells every member who has the message in sight. */
function announce(tx: Transaction, message: Message, type: LogType, reaction: Reaction, rev: Tid): void {
  for (const member of tx.members(message.convoId)) {
    if (message.id <= member.visibleFrom) continue
    const { sender, value } = reaction
    const row = { did: member.did, rev, type, convoId: message.convoId, messageId: message.id }
    tx.appendLog({ ...row, reaction: { sender, value, rev: reaction.rev } })
  }
  tx.setMessageRev(message, rev)
}
