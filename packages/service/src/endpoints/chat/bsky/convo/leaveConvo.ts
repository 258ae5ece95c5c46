import { ChatBskyConvoLeaveConvo } from '@atcute/bluesky'
import { leaveConvo as leave } from '../../../../convos/leave.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { formatTid } from '../../../../tid.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const leaveConvo = endpoint(ChatBskyConvoLeaveConvo.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  const rev = await leave(ctx, caller.did, convoId)
  return { convoId: formatTid(convoId), rev: formatTid(rev) }
})
