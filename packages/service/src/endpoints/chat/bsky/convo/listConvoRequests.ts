import { ChatBskyConvoListConvoRequests } from '@atcute/bluesky'
import { listConvos } from '../../../../convos/list.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const listConvoRequests = endpoint(
  ChatBskyConvoListConvoRequests.mainSchema,
  async (ctx, { caller, params }) => {
    const before = readCursor(params.cursor)?.before
    const page = await listConvos(ctx, caller.did, { status: 'request', limit: params.limit, before })
    return { ...page.next, requests: await convoViews(ctx, caller.did, page.memberships) }
  },
)
