import { ChatBskyActorExportAccountData } from '@atcute/bluesky'
import { exportLines } from '../../../../views/export.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const exportAccountData = endpoint(
  ChatBskyActorExportAccountData.mainSchema,
  async (ctx, { caller }) => exportLines(ctx, caller.did),
)
