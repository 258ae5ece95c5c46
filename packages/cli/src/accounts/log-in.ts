import type { SessionData } from '@parley/sdk'
import type { Account, Accounts, Network } from './accounts.ts'

export interface Credentials {
  identifier: string
  password: string
  service: string
  /** As `did#id`; Bluesky's where left out. */
  chat: string | undefined
  /** The code of the second factor, where it is known already. */
  code: string | undefined
  /** Asked when the account has a second factor and `code` is missing; `undefined` where nobody can be asked. */
  askCode: (() => Promise<string>) | undefined
  network: Network
  signal: AbortSignal
}

/** Logs in and keeps the session. Throws `auth/missing-dm-scope`, and keeps nothing, where it could not do anything. */
export async function logIn(accounts: Accounts, credentials: Credentials): Promise<Account> {
  const { BSKY_CHAT, ChatError, Client } = await import('@parley/sdk')
  const { identifier, password, service, chat = BSKY_CHAT, code, askCode, network, signal } = credentials
  const client = new Client({ service, chat, ...network })
  let made: SessionData | undefined
  client.onSessionChange((_event, session) => {
    made = session
  })
  await client.login(identifier, password, {
    signal,
    ...(code !== undefined && { authFactorToken: code }),
    ...(askCode && { onSecondFactor: askCode }),
  })
  const { did, handle, mayUseChat } = client.session!
  if (!mayUseChat) {
    await client.logout()
    throw new ChatError('auth/missing-dm-scope', 'this app password may not use direct messages')
  }
  const account = { did, handle, service, chat }
  await accounts.add(account, made!)
  return account
}
