import { ChatBskyActorDeleteAccount } from '@atcute/bluesky'
import { deleteAccount as deleteChatAccount } from '../../../../account/delete.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const deleteAccount = endpoint(ChatBskyActorDeleteAccount.mainSchema, async (ctx, { caller }) => {
  await deleteChatAccount(ctx, caller.did)
  return {}
})
