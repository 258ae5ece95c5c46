#!/usr/bin/env node
/** Runs the service as the environment describes it (see config.ts) until it is told to stop. */

import { ConfigError, createService, readConfig } from '../src/index.ts'

const service = await start()
console.log(`${service.did} listens on ${service.url}`)

let isClosing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait.
    if (isClosing) process.exit(1)
    isClosing = true
    void service.close()
  })
}

async function start() {
  try {
    return await createService(readConfig(process.env))
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message)
    else if (isPortTaken(error)) console.error(`${error.message}: choose another with PARLEY_PORT`)
    else throw error
    process.exit(1)
  }
}

function isPortTaken(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
