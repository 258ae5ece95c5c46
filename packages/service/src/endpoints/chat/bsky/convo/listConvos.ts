import { ChatBskyConvoListConvos } from '@atcute/bluesky'
import { listConvos as list } from '../../../../convos/list.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'
import { readKnown } from '../../../known-values.ts'

export const listConvos = endpoint(ChatBskyConvoListConvos.mainSchema, async (ctx, { caller, params }) => {
  const page = await list(ctx, caller.did, {
    limit: params.limit,
    before: readCursor(params.cursor)?.before,
    status: readKnown('status', params.status, ['accepted', 'request']),
    kind: readKnown('kind', params.kind, ['direct', 'group']),
    lock: readKnown('lockStatus', params.lockStatus, ['unlocked', 'locked', 'locked-permanently']),
    unread: readKnown('readState', params.readState, ['unread']) === 'unread',
  })
  return { ...page.next, convos: await convoViews(ctx, caller.did, page.memberships) }
})
