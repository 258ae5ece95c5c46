/** What an HTTP worker runs: a front door that knows nothing but HTTP and signatures, and asks the service the rest. */

import { parentPort, workerData } from 'node:worker_threads'
import { createSignatureVerifier } from '../auth/signature.ts'
import { createLogger } from '../logger.ts'
import { createHttpServer } from '../xrpc/adapter.ts'
import type { Pipeline } from '../xrpc/pipeline.ts'
import { countRequests } from '../xrpc/request-ids.ts'
import type { OpenSubscription } from '../xrpc/subscriptions.ts'
import { createWebSockets } from '../xrpc/websockets.ts'
import type { WorkerData } from './http-workers.ts'
import { KnownKeys } from './known-keys.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { createOutbox, type Port } from './outbox.ts'
import { RemoteService } from './remote-service.ts'

const port = parentPort!
const { requestIdPrefix, address, heard, settings } = workerData as WorkerData
const post = createOutbox<FromWorker>(port as Port<FromWorker>)
const keys = new KnownKeys(createSignatureVerifier())
const service = new RemoteService({ post, heard, keys })
const logger = createLogger(settings.logLevel)
const nextRequestId = countRequests(requestIdPrefix)
const { limits, pages } = settings
const pipeline: Pipeline = arrival => service.request(arrival)
const open: OpenSubscription = upgrade => service.open(upgrade)
const webSockets = createWebSockets({ open, limits, nextRequestId, logger })
const server = createHttpServer({ pipeline, webSockets, pages, nextRequestId, logger })

port.on('message', (messages: ToWorker[]) => {
  for (const message of messages) {
    if (message.type === 'finish') void finish()
    else service.hear(message)
  }
})

try {
  post({ type: 'listens', port: await server.listen(address) })
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException
  post({ type: 'cannotListen', message, code })
}

async function finish(): Promise<void> {
  await server.close()
  post({ type: 'finished' })
}
