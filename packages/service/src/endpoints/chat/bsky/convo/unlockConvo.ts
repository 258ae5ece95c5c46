import { ChatBskyConvoUnlockConvo } from '@atcute/bluesky'
import { unlockConvo as unlock } from '../../../../groups/lock.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const unlockConvo = endpoint(ChatBskyConvoUnlockConvo.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  await unlock(ctx, caller.did, convoId)
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
