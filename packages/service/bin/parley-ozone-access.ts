#!/usr/bin/env node
/** Makes "Disable DMs" and "Enable DMs" in Ozone take effect (docs/moderation.md) until it is told to stop. */

import { systemClock } from '../src/clock.ts'
import { createLogger } from '../src/logger.ts'
import { readAccessConfig } from '../src/ozone/access-config.ts'
import { keepLooking } from '../src/ozone/keep-looking.ts'
import { createLook, type Look } from '../src/ozone/look.ts'
import { openProgressFile } from '../src/ozone/progress-file.ts'
import { createSetAccess } from '../src/ozone/set-access.ts'
import { createTaggedAccounts } from '../src/ozone/tagged-accounts.ts'

const logger = createLogger('info')
const look = await start()
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
await keepLooking(look, logger, stop.signal)

async function start(): Promise<Look> {
  try {
    const config = readAccessConfig(process.env)
    return await createLook({
      ozone: createTaggedAccounts(config),
      setAccess: await createSetAccess(config, systemClock),
      progress: openProgressFile(config.progressPath),
      logger,
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
