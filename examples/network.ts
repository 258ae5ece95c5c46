/** As much of a devnet as an example needs. */
export interface ExampleNetwork {
  pds: string
  accounts: readonly ExampleAccount[]
}

export interface ExampleAccount {
  handle: string
  did: string
  appPassword: string
}

/** The page of a devnet that runs on this machine; PARLEY_DEVNET names another than the usual one. */
const devnetPage = process.env.PARLEY_DEVNET ?? 'http://localhost:2584'

/** The devnet that runs on this machine, if there is one. */
export async function findDevnet(): Promise<ExampleNetwork | undefined> {
  const response = await fetch(new URL('/network.json', devnetPage), {
    signal: AbortSignal.timeout(2_000),
  }).catch(() => undefined)
  return response?.ok ? ((await response.json()) as ExampleNetwork) : undefined
}

export function accountOf(network: ExampleNetwork, handle: string): ExampleAccount {
  const account = network.accounts.find(account => account.handle === handle)
  if (!account) throw new Error(`The devnet has no account ${handle}: start it without accounts of your own.`)
  return account
}
