import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { leaveDirect } from '../convos/leave.ts'
import { getOrMake } from '../get-or-make.ts'
import { withdrawIfThere } from '../groups/join-requests.ts'
import { endGroup, leaveGroup } from '../groups/leave.ts'
import { erasedPerTransactionMax } from '../limits.ts'
import { isSystem, type Member } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

const pageOfConvos = 100

/**
 * Deletes all that an account has in chats, and nothing of the account itself, which may begin again:
 * `chat.bsky.actor.deleteAccount` (behaviour.md 7 (7)). It leaves every convo, its groups end, what it wrote says nothing
 * any more to anybody. In many small transactions, so that nobody waits for a long history; each can be done twice,
 * so that a deletion that was broken off is completed by the next. Asked for again while it is under way, it is the same.
 */
export function deleteAccount(ctx: Context, did: Did): Promise<void> {
  const deletions = getOrMake(underWay, ctx.store, () => new Map<Did, Promise<void>>())
  return getOrMake(deletions, did, () => deleteAll(ctx, did).finally(() => deletions.delete(did)))
}

/** By store: a long history is walked once, however often a client that got no answer asks. */
const underWay = new WeakMap<Store, Map<Did, Promise<void>>>()

async function deleteAll(ctx: Context, did: Did): Promise<void> {
  const before = await ctx.store.logHead(did)
  await withdrawAll(ctx, did)
  let after = 0
  for (;;) {
    const convoIds = await ctx.store.convosEver(did, { after, limit: pageOfConvos })
    for (const convoId of convoIds) {
      await leave(ctx, did, convoId)
      await erase(ctx, did, convoId)
    }
    if (convoIds.length < pageOfConvos) break
    after = convoIds.at(-1)!
  }
  await purge(ctx, did, before)
}

async function withdrawAll(ctx: Context, did: Did): Promise<void> {
  for (;;) {
    const [request] = await ctx.store.ownJoinRequests(did, { limit: 1 })
    if (!request) return
    await withdrawIfThere(ctx, did, request.convo.id)
  }
}

function leave(ctx: Context, did: Did, convoId: Tid): Promise<void> {
  return ctx.store.transact({ convos: [convoId], requestsTo: [convoId] }, tx => {
    const member = tx.member(convoId, did)
    if (!member || member.rev === 0) return
    const convo = tx.convo(convoId)!
    if (convo.kind === 'direct') forgetDirect(tx, member)
    else if (convo.owner === did) endGroup(tx, convo, member)
    else leaveGroup(tx, convo, member)
  })
}

/** The convo stays, for the other one; this account is told of it anew when something comes (behaviour.md 4). */
function forgetDirect(tx: Transaction, member: Member): void {
  leaveDirect(tx, member)
  tx.putMember({ ...tx.member(member.convoId, member.did)!, rev: 0, muted: false })
}

/** What the account wrote, its reactions, and the unread messages of others that they were. */
async function erase(ctx: Context, did: Did, convoId: Tid): Promise<void> {
  for (let after = 0; ; ) {
    const page = { after, limit: erasedPerTransactionMax }
    const messageIds = await ctx.store.writtenBy(did, convoId, page)
    if (messageIds.length === 0) break
    await ctx.store.transact({ convos: [convoId], erasures: [{ convoId, messageIds }] }, tx => {
      for (const member of tx.members(convoId)) {
        const unread = tx.unreadAmong(member, messageIds)
        if (unread > 0) tx.putMember({ ...member, unread: member.unread - unread })
      }
      for (const messageId of messageIds) {
        const message = tx.message(convoId, messageId)
        if (message && !isSystem(message)) tx.eraseMessage(message)
      }
    })
    after = messageIds.at(-1)!
  }
  await ctx.store.transact({}, tx => tx.eraseReactions(convoId, did))
}

/** What is left of the log tells the account's other devices that the convos are gone. */
async function purge(ctx: Context, did: Did, before: Tid): Promise<void> {
  // Never the newest row, from which revs go on.
  const end = Math.min(before + 1, await ctx.store.logHead(did))
  for (;;) {
    const next = await ctx.store.logRevAt(did, erasedPerTransactionMax)
    const upTo = Math.min(next ?? end, end)
    await ctx.store.transact({ accounts: [did] }, tx => {
      tx.putAccount({ did, chatDisabled: tx.account(did).chatDisabled })
      tx.purgeAccount(did, upTo)
    })
    if (upTo === end) return
  }
}
