import { ChatBskyGroupListMutualGroups } from '@atcute/bluesky'
import { listConvos } from '../../../../convos/list.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const listMutualGroups = endpoint(
  ChatBskyGroupListMutualGroups.mainSchema,
  async (ctx, { caller, params }) => {
    const before = readCursor(params.cursor)?.before
    const filter = { limit: params.limit, before, sharedWith: params.subject }
    const page = await listConvos(ctx, caller.did, filter)
    return { ...page.next, convos: await convoViews(ctx, caller.did, page.memberships) }
  },
)
