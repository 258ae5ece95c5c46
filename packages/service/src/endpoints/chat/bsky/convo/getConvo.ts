import { ChatBskyConvoGetConvo } from '@atcute/bluesky'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getConvo = endpoint(ChatBskyConvoGetConvo.mainSchema, async (ctx, { caller, params }) => ({
  convo: await viewOfConvo(ctx, caller.did, readConvoId(params.convoId)),
}))
