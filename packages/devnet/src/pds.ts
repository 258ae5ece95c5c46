import { join } from 'node:path'
import type { Did } from '@atcute/lexicons/syntax'
import { envToCfg, envToSecrets, PDS } from '@atproto/pds'
import { type Folder, readSecrets } from './folder.ts'
import { listenOnLoopback } from './loopback.ts'
import type { ReservedPort } from './ports.ts'

/** The chat service that published clients have built in. */
export const wellKnownChatDid = 'did:web:api.bsky.chat'

/** The AppView that published clients have built in. */
const wellKnownAppViewDid = 'did:web:api.bsky.app'

export interface Pds {
  url: string
  close(): Promise<void>
}

export interface PdsOptions {
  /** What its sessions and the service tokens for it name. */
  did: Did
  port: ReservedPort
  folder: Folder
  plcUrl: string
  appViewUrl: string
  chatUrl: string
}

/** Starts the real PDS: no mail, no invites, no crawlers, no rate limits, http allowed. */
export async function startPds(options: PdsOptions): Promise<Pds> {
  const pds = await PDS.create(
    envToCfg(environment(options)),
    envToSecrets(secretEnvironment(options.folder)),
  )
  listenOnLoopback(pds.app)
  answerForWellKnownChat(pds, options.chatUrl)
  await options.port.release()
  try {
    await pds.start()
    await adoptAccounts(pds)
  } catch (error) {
    await pds.destroy()
    throw error
  }
  return { url: pds.ctx.cfg.service.publicUrl, close: () => pds.destroy() }
}

/** As the PDS's own environment variables; whatever is left out is off. */
function environment(options: PdsOptions): Parameters<typeof envToCfg>[0] {
  const { port } = options.port
  const { path } = options.folder
  return {
    port,
    // Only for this name does the PDS speak http.
    hostname: 'localhost',
    serviceDid: options.did,
    serviceName: 'Parley devnet',
    // Lets the PDS call http addresses on this machine, and checks its own answers.
    devMode: true,
    dataDirectory: path,
    actorStoreDirectory: join(path, 'actors'),
    blobstoreDiskLocation: join(path, 'blobs'),
    blobstoreDiskTmpLocation: join(path, 'blobs-incoming'),
    // In memory, so that a restart on other ports does not meet old documents.
    didCacheDbLocation: ':memory:',
    didPlcUrl: options.plcUrl,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    bskyAppViewUrl: options.appViewUrl,
    bskyAppViewDid: wellKnownAppViewDid,
    // Followers read the whole story of a kept folder, however old.
    repoBackfillLimitMs: 100 * 365 * 24 * 60 * 60 * 1000,
    rateLimitsEnabled: false,
    crawlers: [],
  }
}

function secretEnvironment(folder: Folder): Parameters<typeof envToSecrets>[0] {
  const secrets = readSecrets(folder)
  return {
    jwtSecret: secrets.jwtSecret,
    dpopSecret: secrets.dpopSecret,
    adminPassword: secrets.adminPassword,
    plcRotationKeyK256PrivateKeyHex: secrets.plcRotationKey,
  }
}

/** Has the PDS find our service under the DID that clients have built in; any other DID resolves as before. */
function answerForWellKnownChat(pds: PDS, chatUrl: string): void {
  const { methods } = pds.ctx.idResolver.did
  const web = methods.get('web')!
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: wellKnownChatDid,
    service: [{ id: '#bsky_chat', type: 'BskyChatService', serviceEndpoint: chatUrl }],
  }
  const resolveNoCheck = async (did: string) =>
    did === wellKnownChatDid ? document : web.resolveNoCheck(did)
  methods.set('web', Object.create(web, { resolveNoCheck: { value: resolveNoCheck } }))
}

/** Points the accounts of a kept folder at this PDS where it was on another port before; not those that moved away. */
async function adoptAccounts(pds: PDS): Promise<void> {
  const { accountManager, actorStore, cfg, plcClient, plcRotationKey, sequencer } = pds.ctx
  const accounts = await accountManager.db.db.selectFrom('actor').select('did').execute()
  for (const { did } of accounts) {
    if (!did.startsWith('did:plc:')) continue
    const { services, verificationMethods } = await plcClient.getDocumentData(did)
    if (verificationMethods.atproto !== (await actorStore.keypair(did)).did()) continue
    if (services.atproto_pds?.endpoint === cfg.service.publicUrl) continue
    await plcClient.updatePds(did, plcRotationKey, cfg.service.publicUrl)
    await sequencer.sequenceIdentity(did)
  }
}
