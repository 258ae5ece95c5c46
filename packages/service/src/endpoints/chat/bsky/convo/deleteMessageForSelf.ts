import { ChatBskyConvoDeleteMessageForSelf } from '@atcute/bluesky'
import { deleteForSelf } from '../../../../messages/delete-for-self.ts'
import { readConvoId, readMessageId } from '../../../../policy/visible-to.ts'
import { deletedMessageView } from '../../../../views/message-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const deleteMessageForSelf = endpoint(
  ChatBskyConvoDeleteMessageForSelf.mainSchema,
  async (ctx, { caller, input }) => {
    const message = await deleteForSelf(
      ctx,
      caller.did,
      readConvoId(input.convoId),
      readMessageId(input.messageId),
    )
    return deletedMessageView(message)
  },
)
