import { join } from 'node:path'
import { type Config, configDefaults, createService, type People } from '@parley/service'
import type { Folder } from './folder.ts'
import { loopbackAddress } from './loopback.ts'
import { wellKnownChatDid } from './pds.ts'
import type { ReservedPort } from './ports.ts'

export interface Chat {
  url: string
  did: string
  /** What the service knows of the PDSes' accounts. */
  people: People
  close(): Promise<void>
}

export interface ChatOptions {
  port: ReservedPort
  folder: Folder
  plcUrl: string
  pdsUrls: string[]
  logLevel: Config['logLevel']
  /** Over devnet's own settings. */
  config: Partial<Config>
}

/** Starts the chat service, under a DID of its own and the one that published clients have built in. */
export async function startChat(options: ChatOptions): Promise<Chat> {
  const { port } = options.port
  const config: Config = {
    ...configDefaults,
    did: `did:web:localhost%3A${port}`,
    publicUrl: `http://localhost:${port}`,
    host: loopbackAddress,
    port,
    // One of many servers in one process.
    httpWorkers: 0,
    database: join(options.folder.path, 'chat.sqlite'),
    plcUrl: options.plcUrl,
    people: { kind: 'firehose', hosts: options.pdsUrls },
    acceptedAudiences: [wellKnownChatDid],
    rateLimits: undefined,
    allowPrivateNetwork: true,
    checkOutput: true,
    logLevel: options.logLevel,
    ...options.config,
  }
  await options.port.release()
  const service = await createService(config)
  return { url: config.publicUrl, did: config.did, people: service.people, close: () => service.close() }
}
