import { ChatBskyConvoListConvoRequests } from '@atcute/bluesky'
import { listRequests } from '../../../../convos/list.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { ownJoinRequestViews } from '../../../../views/join-request-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const listConvoRequests = endpoint(
  ChatBskyConvoListConvoRequests.mainSchema,
  async (ctx, { caller, params }) => {
    const before = readCursor(params.cursor)?.before
    const { waiting, next } = await listRequests(ctx, caller.did, { limit: params.limit, before })
    const memberships = waiting.flatMap(one => ('membership' in one ? one.membership : []))
    const own = waiting.flatMap(one => ('own' in one ? one.own : []))
    const convos = (await convoViews(ctx, caller.did, memberships)).values()
    const asked = (await ownJoinRequestViews(ctx, caller.did, own)).values()
    const inOrder = waiting.map(one => ('own' in one ? asked : convos).next().value!)
    return { ...next, requests: inOrder }
  },
)
