import { isDeepStrictEqual } from 'node:util'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { accept } from '../convos/accept.ts'
import { invalidRequest } from '../errors.ts'
import { reportFirstMessage } from '../moderation/mod-events.ts'
import { assertMaySend } from '../policy/may-message.ts'
import { convoNotFound, requireMember } from '../policy/visible-to.ts'
import { isSystem, type Member, type UserMessage } from '../store/rows.ts'
import type { Party } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'
import type { ViewedMessage } from '../store/viewed.ts'
import type { Tid } from '../tid.ts'
import { type Draft, replyTargetNotFound } from './draft.ts'
import { logRead } from './mark-read.ts'
import { accountsToTalk, askBeforeTalking, assertMayTalkInGroup, type Heard } from './talk.ts'

/**
 * Sends messages, all or none, in order: `chat.bsky.convo.sendMessage` and `sendMessageBatch`.
 * A draft whose idempotency key was used before is not sent again: the answer is the message of then, even
 * where sending would be refused by now.
 * @throws ConvoLocked, InvalidConvo, InvalidRequest, ReplyTargetNotFound
 */
export async function sendMessages(
  ctx: Context,
  caller: Did,
  drafts: readonly Draft[],
): Promise<ViewedMessage[]> {
  const convoIds = [...new Set(drafts.map(draft => draft.convoId))]
  const found = await ctx.store.parties(caller, convoIds)
  if (found.size < convoIds.length) throw convoNotFound()
  const parties = [...found.values()]
  const asked = await settle(askBeforeTalking(ctx, caller, parties))
  return ctx.store.transact(scopeOf(caller, parties, drafts), tx =>
    drafts.map(draft => {
      const message = sentBefore(tx, caller, draft) ?? send(tx, caller, draft, asked())
      return asSeenBy(tx, requireMember(tx, caller, draft.convoId), message)
    }),
  )
}

/** The answer or the refusal, for whom it concerns: a message that was sent before needs neither. */
async function settle<T>(asking: Promise<T>): Promise<() => T> {
  const [result] = await Promise.allSettled([asking])
  return () => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  }
}

function scopeOf(caller: Did, parties: readonly Party[], drafts: readonly Draft[]) {
  return {
    accounts: accountsToTalk(caller, parties),
    convos: parties.map(({ convo }) => convo.id),
    messages: drafts.flatMap(({ convoId, body }) =>
      body.replyTo === undefined ? [] : { convoId, messageId: body.replyTo, viewer: caller },
    ),
    sentKeys: drafts.flatMap(({ idempotencyKey: key }) => (key === undefined ? [] : { did: caller, key })),
  }
}

function sentBefore(tx: Transaction, caller: Did, draft: Draft): UserMessage | undefined {
  if (draft.idempotencyKey === undefined) return undefined
  const message = tx.sentMessage(caller, draft.idempotencyKey)
  if (!message) return undefined
  if (message.convoId !== draft.convoId || !isDeepStrictEqual(message.body, draft.body)) {
    throw invalidRequest('this idempotencyKey was used for another message')
  }
  return message
}

function send(tx: Transaction, caller: Did, draft: Draft, heard: Heard): UserMessage {
  const { convoId, body } = draft
  const sender = requireMember(tx, caller, convoId)
  const others = tx.members(convoId).filter(member => member.did !== caller)
  assertMayWrite(tx, caller, convoId, heard)
  if (body.replyTo !== undefined) assertReplyTarget(tx, sender, body.replyTo)
  const isFirst = nobodyWrote(tx, convoId)
  // The rows of accepting and beginning come before the message's in everybody's log (behaviour.md 4).
  if (sender.status === 'request') accept(tx, sender, 'message')
  for (const other of others) if (other.rev === 0) tellOfConvo(tx, other)
  const rev = tx.nextRev()
  const message: UserMessage = { convoId, id: rev, rev, sender: caller, body }
  tx.addMessage(message)
  for (const member of tx.members(convoId)) deliver(tx, member, message)
  if (isFirst) reportFirstMessage(tx, { convoId, messageId: rev, sender: caller }, others)
  if (draft.idempotencyKey !== undefined) {
    tx.rememberSent({ did: caller, key: draft.idempotencyKey, convoId, messageId: rev })
  }
  return message
}

function assertMayWrite(tx: Transaction, caller: Did, convoId: Tid, heard: Heard): void {
  const convo = tx.convo(convoId)!
  if (convo.kind === 'group') assertMayTalkInGroup(tx, convo, caller, heard)
  else
    for (const member of tx.members(convoId)) {
      if (member.did === caller) continue
      // The two are those that were asked about: who was not must not be let through.
      assertMaySend(heard.counterparts.get(member.did)!, member, tx.account(caller).chatDisabled)
    }
}

/** Somebody who has seen a direct convo from its beginning, or a group's owner, has seen no message in it. */
function nobodyWrote(tx: Transaction, convoId: Tid): boolean {
  const convo = tx.convo(convoId)!
  if (convo.kind === 'direct') {
    return tx.members(convoId).some(({ visibleFrom, lastMessage }) => visibleFrom === 0 && lastMessage === 0)
  }
  const owner = tx.member(convoId, convo.owner)
  return owner !== undefined && (owner.lastMessage === 0 || owner.lastIsSystem)
}

function assertReplyTarget(tx: Transaction, sender: Member, messageId: Tid): void {
  const target = tx.message(sender.convoId, messageId)
  const inSight =
    target && target.id > sender.visibleFrom && !tx.isHidden(sender.did, sender.convoId, target.id)
  if (!inSight || isSystem(target) || !target.body) throw replyTargetNotFound()
}

function tellOfConvo(tx: Transaction, member: Member): void {
  const rev = tx.nextRev()
  tx.putMember({ ...member, rev })
  tx.appendLog({ did: member.did, rev, type: 'beginConvo', convoId: member.convoId })
}

/** The message into a member's log and list. One rev for all: message, log rows and convo. */
function deliver(tx: Transaction, member: Member, message: UserMessage): void {
  const { convoId, id, rev } = message
  const own = member.did === message.sender
  // Who writes has read what stands above.
  const marker = own ? { readUpTo: id, unread: 0 } : { unread: member.unread + 1 }
  const delivered = { ...member, rev, listed: true, lastMessage: id, lastIsSystem: false, ...marker }
  tx.putMember(delivered)
  tx.appendLog({ did: member.did, rev, type: 'createMessage', convoId, messageId: id })
  // Others of the writer's devices learn of it where there was something to read.
  if (own && member.unread > 0) logRead(tx, delivered)
}

function asSeenBy(tx: Transaction, viewer: Member, message: UserMessage): ViewedMessage {
  const seen = { message, reactions: tx.reactions(message.convoId, message.id), hidden: false }
  const replyTo = message.body?.replyTo
  const target = replyTo === undefined ? undefined : tx.message(viewer.convoId, replyTo)
  if (!target || isSystem(target)) return seen
  return {
    ...seen,
    replyTo: {
      message: target,
      reactions: tx.reactions(target.convoId, target.id),
      hidden: tx.isHidden(viewer.did, target.convoId, target.id),
      outOfSight: target.id <= viewer.visibleFrom,
    },
  }
}
