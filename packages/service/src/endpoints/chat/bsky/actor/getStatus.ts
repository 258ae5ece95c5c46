import { ChatBskyActorGetStatus } from '@atcute/bluesky'
import { mayCreateGroups } from '../../../../groups/create.ts'
import { groupMembersMax } from '../../../../limits.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getStatus = endpoint(ChatBskyActorGetStatus.mainSchema, async (ctx, { caller }) => {
  const [{ chatDisabled }, isOldEnough] = await Promise.all([
    ctx.store.account(caller.did),
    mayCreateGroups(ctx, caller.did),
  ])
  return {
    chatDisabled,
    canCreateGroups: isOldEnough && !chatDisabled,
    groupMemberLimit: groupMembersMax,
  }
})
