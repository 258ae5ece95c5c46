import { ChatBskyConvoMuteConvo } from '@atcute/bluesky'
import { setMuted } from '../../../../convos/mute.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const muteConvo = endpoint(ChatBskyConvoMuteConvo.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  await setMuted(ctx, caller.did, convoId, true)
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
