import { randomUUID } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { BotAccount } from './bot-account.ts'
import type { Devnet } from './devnet.ts'

export interface NewAccount {
  devnet: Devnet
  /** Its handle begins with this, or with something like it where that is taken. */
  name: string
  fetch: typeof fetch
}

const triesMax = 9

/** Makes an account on a devnet, to which everybody may write, and an app password for it. */
export async function makeDevnetAccount({ devnet, name, fetch }: NewAccount): Promise<BotAccount> {
  const call = caller(devnet.pds, fetch)
  const { handle, accessJwt } = await join(call, name)
  const made = await call(
    'com.atproto.server.createAppPassword',
    { name: 'bot', privileged: true },
    accessJwt,
  )
  const appPassword = String(made.password)
  const { Client } = await import('@parley/sdk')
  const client = new Client({ service: devnet.pds, fetch })
  await client.login(handle, appPassword)
  await client.dm.setAllowIncoming('all')
  return { identifier: handle, appPassword, pds: devnet.pds }
}

type Call = (method: string, input: object, token?: string) => Promise<Record<string, unknown>>

async function join(call: Call, name: string): Promise<{ handle: string; accessJwt: string }> {
  for (let attempt = 1; ; attempt++) {
    const handle = `${handleNameOf(name, attempt)}.test`
    const input = { handle, password: randomUUID(), email: `${randomUUID()}@example.com` }
    try {
      const { accessJwt } = await call('com.atproto.server.createAccount', input)
      return { handle, accessJwt: String(accessJwt) }
    } catch (error) {
      if (!(error instanceof Refused && error.isAboutHandle) || attempt === triesMax) throw error
    }
  }
}

/** What a PDS takes as the first part of a handle: 3 to 18 letters, digits and hyphens. */
export function handleNameOf(name: string, attempt: number): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 15)
    .replace(/^-+|-+$/g, '')
  const long = plain.length < 3 ? `${plain}-bot`.replace(/^-/, '') : plain
  return attempt === 1 ? long : `${long}-${attempt}`
}

/** The PDS said no, under this name. */
class Refused extends CliError {
  /** Taken, or reserved: the PDS has a name for the one only. */
  readonly isAboutHandle: boolean

  constructor(lexError: string, message: string) {
    super(
      'failed',
      `the devnet made no account: ${message}`,
      'Is it running still? With --no-devnet it is left alone.',
    )
    this.isAboutHandle = lexError === 'HandleNotAvailable' || message.startsWith('Handle already taken')
  }
}

function caller(pds: string, fetch: typeof globalThis.fetch): Call {
  return async (method, input, token) => {
    const response = await fetch(`${pds}/xrpc/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(input),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (response.ok) return answer
    throw new Refused(String(answer.error), String(answer.message))
  }
}
