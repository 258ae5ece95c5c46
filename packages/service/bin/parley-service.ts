#!/usr/bin/env node
/** Runs the service as the environment describes it (see config.ts) until it is told to stop. */

import { createService, readConfig } from '../src/index.ts'

// Databases are made here: for their owner's eyes only.
process.umask(0o077)

const service = await start()

let isClosing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait.
    if (isClosing) process.exit(1)
    isClosing = true
    void service.close()
  })
}
// Whoever reads this may ask it to stop at once.
console.log(`${service.did} listens on ${service.url}`)

async function start() {
  try {
    return await createService(readConfig(process.env))
  } catch (error) {
    console.error(isPortTaken(error) ? `${error.message}: choose another with PARLEY_PORT` : complaint(error))
    process.exit(1)
  }
}

/** Most often it is the operator's to mend: one sentence then; the whole story is for bugs. */
function complaint(error: unknown): unknown {
  return error instanceof Error && process.env.PARLEY_LOG_LEVEL !== 'debug' ? error.message : error
}

function isPortTaken(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
