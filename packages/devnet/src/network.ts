import type { Account } from './seed.ts'

/** All that a program needs to use a running devnet; what `--json` prints and the page serves. */
export interface Network {
  plc: string
  pds: string
  chat: { url: string; did: string }
  web: string
  accounts: Account[]
}

/** What people want to know of it, by name; for the terminal and the page alike. */
export function addresses({ pds, chat, plc }: Network): [name: string, value: string][] {
  return [
    ['PDS', pds],
    ['chat service', chat.url],
    ['chat DID', chat.did],
    ['PLC directory', plc],
  ]
}

export const accountColumns = [
  'account',
  'password',
  'app password',
  '… without DMs',
  'accepts messages from',
]

/** A cell for each of `accountColumns`. */
export function accountCells({
  handle,
  password,
  appPassword,
  appPasswordWithoutDm,
  allowIncoming,
}: Account): string[] {
  const senders = { all: 'everybody', none: 'nobody', following: 'people they follow' }
  return [handle, password, appPassword, appPasswordWithoutDm, senders[allowIncoming]]
}
