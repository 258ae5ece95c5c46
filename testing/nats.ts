import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'
import { outliveNobody } from './outlive-nobody.ts'

/** A NATS server of its own, on a port of the loopback address. */
export interface Nats extends AsyncDisposable {
  url: string
  port: number
}

/**
 * Throws, saying what to install, where there is none. Default: a free port, and nothing configured; `config` is
 * what the server's configuration file says.
 */
export async function startNats(port?: number, config = ''): Promise<Nats> {
  const own = port ?? (await freePort())
  const folder = await mkdtemp(join(tmpdir(), 'parley-nats-'))
  const file = join(folder, 'nats.conf')
  await writeFile(file, config)
  const child = spawn(findProgram(), ['-a', '127.0.0.1', '-p', String(own), '-c', file], {
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
  // Read by then.
  await isReady.finally(() => rm(folder, { recursive: true }))
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
