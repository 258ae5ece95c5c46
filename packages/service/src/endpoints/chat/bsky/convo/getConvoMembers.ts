import { ChatBskyConvoGetConvoMembers } from '@atcute/bluesky'
import { cutPage } from '../../../../page.ts'
import { readConvoId, requireMembership } from '../../../../policy/visible-to.ts'
import { loadProfiles } from '../../../../views/profiles.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

/** In the order of joining. Without a cursor at the end: clients go on until there is none (behaviour.md 2.2). */
export const getConvoMembers = endpoint(
  ChatBskyConvoGetConvoMembers.mainSchema,
  async (ctx, { caller, params }) => {
    const membership = await requireMembership(ctx.store, caller.did, readConvoId(params.convoId))
    const { id } = membership.convo
    const after = readCursor(params.cursor)?.after
    const page = { limit: params.limit + 1, ...(after !== undefined && { after }) }
    const found = await ctx.store.groupMembers(membership, page)
    const { shown, next } = cutPage(found, params.limit, ({ joined }) => joined)
    const dids = shown.map(({ did }) => did)
    const profiles = await loadProfiles(ctx, caller.did, { convos: [{ membership, dids }] })
    return { ...next, members: dids.map(did => profiles.memberView(id, did)) }
  },
)
