import * as deleteAccount from '@atcute/bluesky/types/chat/actor/deleteAccount'
import * as exportAccountData from '@atcute/bluesky/types/chat/actor/exportAccountData'
import * as getStatus from '@atcute/bluesky/types/chat/actor/getStatus'
import type { CallOptions, MethodTable } from './method.ts'

/** The account itself as the chat service knows it: `chat.bsky.actor.*`. */
export interface ActorMethods {
  /** Whether the account may take part, and what it may do with groups. */
  getStatus(params?: Record<string, never>, options?: CallOptions): Promise<getStatus.$output>
  /** Everything the service holds of the account, one JSON object a line. Give it a long `timeoutMs`. */
  exportAccountData(params?: Record<string, never>, options?: CallOptions): Promise<exportAccountData.$output>
  /** Deletes everything the service holds of the account. */
  deleteAccount(input?: Record<string, never>, options?: CallOptions): Promise<deleteAccount.$output>
}

export const actorMethods: MethodTable<ActorMethods> = {
  getStatus: getStatus.mainSchema,
  exportAccountData: exportAccountData.mainSchema,
  deleteAccount: deleteAccount.mainSchema,
}
