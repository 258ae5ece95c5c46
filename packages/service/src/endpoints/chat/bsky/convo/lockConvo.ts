import { ChatBskyConvoLockConvo } from '@atcute/bluesky'
import { lockConvo as lock } from '../../../../groups/lock.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const lockConvo = endpoint(ChatBskyConvoLockConvo.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  await lock(ctx, caller.did, convoId)
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
