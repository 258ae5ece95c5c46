import type { World } from '../world.ts'

/** A devnet that runs on this machine, as far as a bot needs it. */
export interface Devnet {
  /** Its PDS. */
  pds: string
  /** Its page, which shows the accounts. */
  page: string
}

/** Where people find it, unless PARLEY_DEVNET names another page. */
const pageDefault = 'http://localhost:2584'
const patienceMs = 2_000

/** The devnet on this machine; `undefined` where none runs. */
export async function findDevnet({ env, fetch, signal }: World): Promise<Devnet | undefined> {
  const page = env.PARLEY_DEVNET || pageDefault
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const described = await fetch(new URL('/network.json', page), { signal: patience })
    .then(response => (response.ok ? response.json() : undefined))
    .catch(() => undefined)
  const pds: unknown = (described as { pds?: unknown } | undefined)?.pds
  return typeof pds === 'string' ? { pds, page } : undefined
}
