import { ChatBskyActorGetStatus } from '@atcute/bluesky'
import { endpoint } from '../../../../xrpc/endpoint.ts'

/** The figure of the official service; there are no groups here yet. */
const groupMemberLimit = 100

export const getStatus = endpoint(ChatBskyActorGetStatus.mainSchema, async (ctx, { caller }) => {
  const disabled = await ctx.store.disabledAmong([caller.did])
  return { chatDisabled: disabled.has(caller.did), canCreateGroups: false, groupMemberLimit }
})
