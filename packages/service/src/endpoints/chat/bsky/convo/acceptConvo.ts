import { ChatBskyConvoAcceptConvo } from '@atcute/bluesky'
import { acceptConvo as accept } from '../../../../convos/accept.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { formatTid } from '../../../../tid.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const acceptConvo = endpoint(ChatBskyConvoAcceptConvo.mainSchema, async (ctx, { caller, input }) => {
  const rev = await accept(ctx, caller.did, readConvoId(input.convoId))
  return rev === undefined ? {} : { rev: formatTid(rev) }
})
