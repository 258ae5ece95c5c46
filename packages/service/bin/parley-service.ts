#!/usr/bin/env node
/** Runs the service as the environment describes it (see config.ts) until it is told to stop. */

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Parley needs Node 24 or newer, and this is ${process.version}: install it from https://nodejs.org`,
  )
  process.exit(1)
}

// Imported only now: an older Node would stumble over the sources before it could say the above.
const { ConfigError, createService, readConfig } = await import('../src/index.ts')

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
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
