import { ChatBskyModerationGetConvoMembers } from '@atcute/bluesky'
import { convoNotFound, readConvoId } from '../../../../policy/visible-to.ts'
import { formatTid } from '../../../../tid.ts'
import { memberViews } from '../../../../views/moderation-views.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const getConvoMembers = moderatorEndpoint(
  ChatBskyModerationGetConvoMembers.mainSchema,
  async (ctx, { params }) => {
    const { forModerators } = ctx.store
    const [found] = await forModerators.convos([readConvoId(params.convoId)])
    if (!found) throw convoNotFound()
    const { convo } = found
    const after = readCursor(params.cursor)?.after
    const page = { limit: params.limit + 1, ...(after !== undefined && { after }) }
    const members = await forModerators.members(convo.id, page)
    const shown = members.slice(0, params.limit)
    return {
      members: await memberViews(ctx, convo, shown),
      ...(members.length > params.limit && { cursor: formatTid(shown.at(-1)!.joined) }),
    }
  },
)
