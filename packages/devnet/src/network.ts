import type { Account } from './seed.ts'

/** All that a program needs to use a running devnet; what `--json` prints and the page serves. */
export interface Network {
  plc: string
  pds: string
  chat: { url: string; did: string }
  web: string
  accounts: Account[]
}
