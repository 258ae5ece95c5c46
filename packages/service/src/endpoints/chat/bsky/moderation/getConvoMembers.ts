import { ChatBskyModerationGetConvoMembers } from '@atcute/bluesky'
import { cutPage } from '../../../../page.ts'
import { convoNotFound, readConvoId } from '../../../../policy/visible-to.ts'
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
    const { shown, next } = cutPage(members, params.limit, ({ joined }) => joined)
    return { ...next, members: await memberViews(ctx, convo, shown) }
  },
)
