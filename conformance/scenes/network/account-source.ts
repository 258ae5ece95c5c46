import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AtpAgent } from '@atproto/api'
import { NetworkAccount } from './account.ts'
import type { Service } from './service.ts'

/** Where the accounts come from: one after another, logged in; `undefined` when there are no more. */
export type AccountSource = () => Promise<AtpAgent | undefined>

/** New ones, on a PDS that asks for no invite code. */
export async function newAccounts(pds: string): Promise<AccountSource> {
  const { data } = await new AtpAgent({ service: pds }).com.atproto.server.describeServer()
  const [domain] = data.availableUserDomains
  if (data.inviteCodeRequired || !domain)
    throw new Error(`${pds} gives accounts to nobody without an invite: name existing ones with --accounts`)
  return async () => {
    const agent = new AtpAgent({ service: pds })
    const name = `s${randomBytes(6).toString('hex')}`
    const password = randomBytes(16).toString('hex')
    await agent.createAccount({ handle: `${name}${domain}`, email: `${name}@example.com`, password })
    return agent
  }
}

/** Existing ones, from a file with a list of `{"identifier", "password"}`. */
export function accountsOf(pds: string, path: string): AccountSource {
  const left = JSON.parse(readFileSync(path, 'utf8')) as { identifier: string; password: string }[]
  return async () => {
    const next = left.shift()
    if (!next) return undefined
    const agent = new AtpAgent({ service: pds })
    await agent.login(next)
    return agent
  }
}

export async function loggedIn(
  source: AccountSource,
  service: Service,
  witness?: NetworkAccount,
): Promise<NetworkAccount | undefined> {
  const agent = await source()
  if (!agent) return undefined
  const account = new NetworkAccount(agent, service, witness)
  await account.settleIn()
  return account
}
