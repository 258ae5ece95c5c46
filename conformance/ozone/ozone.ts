import type { Did } from '@atcute/lexicons/syntax'
import { Database, envToCfg, envToSecrets, OzoneService } from '@atproto/ozone'
import type { Devnet } from '@parley/devnet'
import { listenOnLoopback } from '../../packages/devnet/src/loopback.ts'
import type { Labeler } from './labeler.ts'

export interface OzoneOptions {
  net: Devnet
  labeler: Labeler
  postgresUrl: string
  /** Accounts on its team. */
  moderators: Did[]
}

/** A running Ozone. */
export interface Ozone extends AsyncDisposable {
  service: OzoneService
}

type Environment = Parameters<typeof envToCfg>[0] & Parameters<typeof envToSecrets>[0]

export const adminPassword = 'ozone-password'

/** Starts Ozone as its operators do, by what are its environment variables; it asks the chat service of `net`. */
export async function startOzone(options: OzoneOptions): Promise<Ozone> {
  await migrate(options.postgresUrl)
  const environment = await environmentOf(options)
  const service = await OzoneService.create(envToCfg(environment), envToSecrets(environment))
  listenOnLoopback(service.app)
  await service.start()
  return { service, [Symbol.asyncDispose]: () => service.destroy() }
}

async function environmentOf({ net, labeler, postgresUrl, moderators }: OzoneOptions): Promise<Environment> {
  return {
    port: Number(new URL(labeler.url).port),
    publicUrl: labeler.url,
    serverDid: labeler.did,
    signingKeyHex: await labeler.keyHex(),
    adminPassword,
    // Lets it fetch http addresses of this machine.
    devMode: true,
    dbPostgresUrl: postgresUrl,
    didPlcUrl: net.plc.url,
    appviewUrl: net.appView.url as `http:${string}`,
    appviewDid: 'did:web:api.bsky.app',
    chatUrl: net.chat.url as `http:${string}`,
    chatDid: net.chat.did as Did,
    adminDids: [],
    moderatorDids: moderators,
    triageDids: [],
  }
}

/** Ozone wants its tables to be there before it starts. */
async function migrate(postgresUrl: string): Promise<void> {
  const database = new Database({ url: postgresUrl })
  try {
    await database.migrateToLatestOrThrow()
  } finally {
    await database.close()
  }
}
