import { ChatBskyActorGetStatus } from '@atcute/bluesky'
import { groupMembersMax } from '../../../../limits.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getStatus = endpoint(ChatBskyActorGetStatus.mainSchema, async (ctx, { caller }) => {
  const disabled = await ctx.store.disabledAmong([caller.did])
  return { chatDisabled: disabled.has(caller.did), canCreateGroups: false, groupMemberLimit: groupMembersMax }
})
