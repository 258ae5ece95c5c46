import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'
import { outliveNobody } from './outlive-nobody.ts'

/** A NATS server of its own, on a port of the loopback address. */
export interface Nats extends AsyncDisposable {
  url: string
  port: number
}

/** Throws, saying what to install, where there is none. Default: a free port. */
export async function startNats(port?: number): Promise<Nats> {
  const own = port ?? (await freePort())
  const child = spawn(findProgram(), ['-a', '127.0.0.1', '-p', String(own)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  outliveNobody(child)
  const ended = once(child, 'exit')
  const isReady = new Promise<void>((resolve, reject) => {
    createInterface(child.stderr!).on('line', line => {
      if (line.includes('Server is ready')) resolve()
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`nats-server ended with code ${code}`)))
  })
  await isReady
  return {
    url: `nats://127.0.0.1:${own}`,
    port: own,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Debian puts it where only root looks. */
function findProgram(): string {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin']
  const found = folders.map(folder => `${folder}/nats-server`).find(path => existsSync(path))
  if (found !== undefined) return found
  throw new Error('There is no NATS server here, which this test needs: `apt-get install -y nats-server`.')
}
