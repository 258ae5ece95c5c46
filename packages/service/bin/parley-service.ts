#!/usr/bin/env node
/** Runs the service as the environment describes it (see config.ts) until it is told to stop. */

import { createService, readConfig } from '../src/index.ts'

// Databases are made here: for their owner's eyes only.
process.umask(0o077)

/** What to do about errors of the system. */
const advice: Record<string, string> = {
  EADDRINUSE: 'choose another with PARLEY_PORT',
  // Where several cannot listen on one port.
  ENOTSUP: 'set PARLEY_HTTP_WORKERS to 1 or 0',
}

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
    console.error(complaint(error))
    process.exit(1)
  }
}

/** Most often it is the operator's to mend: one sentence then; the whole story is for bugs. */
function complaint(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const toDo = 'code' in error ? advice[String(error.code)] : undefined
  if (toDo !== undefined) return `${error.message}: ${toDo}`
  return process.env.PARLEY_LOG_LEVEL === 'debug' ? error : error.message
}
