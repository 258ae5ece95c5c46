import { mainSchema as getRecord } from '@atcute/atproto/types/repo/getRecord'
import { mainSchema as putRecord } from '@atcute/atproto/types/repo/putRecord'
import type { CallOptions } from '../chat/method.ts'
import { ChatError } from '../errors.ts'
import type { OwnAccount } from '../own-account.ts'

/** From whom something is accepted. */
export type Allow = 'all' | 'following' | 'none'

/** Who may begin a conversation with the account, and who may add it to groups. Others than these three count as none. */
export interface AllowIncoming {
  incoming: Allow | (string & {})
  groups: Allow | (string & {})
}

const collection = 'chat.bsky.actor.declaration'
const rkey = 'self'

interface Declared {
  cid: string | undefined
  record: Record<string, unknown>
}

/** What the account declares in its repo (`chat.bsky.actor.declaration`). Without a record: those it follows. */
export async function allowIncoming(account: OwnAccount, options?: CallOptions): Promise<AllowIncoming> {
  const { record } = await read(account, options)
  const incoming = nameOf(record.allowIncoming) ?? 'following'
  return { incoming, groups: nameOf(record.allowGroupInvites) ?? incoming }
}

/** Declares it anew; fields that are not named stay as they are. */
export async function declareIncoming(
  account: OwnAccount,
  { incoming, groups }: { incoming: Allow; groups?: Allow | undefined },
  options?: CallOptions,
): Promise<void> {
  const { cid, record } = await read(account, options)
  const changed = { ...record, $type: collection, allowIncoming: incoming }
  await account.atPds(
    putRecord,
    {
      ...placeOf(account),
      record: groups === undefined ? changed : { ...changed, allowGroupInvites: groups },
      // Refused if another program has changed it meanwhile: nothing of theirs is lost.
      swapRecord: cid ?? null,
    },
    options,
  )
}

async function read(account: OwnAccount, options?: CallOptions): Promise<Declared> {
  try {
    const { cid, value } = await account.atPds(getRecord, placeOf(account), options)
    return { cid, record: value as Record<string, unknown> }
  } catch (error) {
    if (error instanceof ChatError && error.lexError === 'RecordNotFound')
      return { cid: undefined, record: {} }
    throw error
  }
}

function placeOf(account: OwnAccount) {
  const session = account.session()
  if (session === undefined)
    throw new ChatError('auth/required', 'The declaration of an account needs a login')
  return { repo: session.did, collection, rkey } as const
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
