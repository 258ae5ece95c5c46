import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Did } from '@atcute/lexicons/syntax'
import type { Devnet } from '@parley/devnet'
import { freePort } from '../free-port.ts'
import { outliveNobody } from '../outlive-nobody.ts'

const command = fileURLToPath(new URL('../../packages/service/bin/parley-service.ts', import.meta.url))

/** The service as a process of its own, always on the same port and file, whoever kills it. */
export class ServiceProcess implements AsyncDisposable {
  readonly did: Did
  readonly url: string
  readonly #env: Record<string, string>
  #child: ChildProcess | undefined

  /** `settings` are more of its environment. */
  static async create(
    net: Devnet,
    databasePath: string,
    settings: Record<string, string> = {},
  ): Promise<ServiceProcess> {
    const service = new ServiceProcess(net, { databasePath, port: await freePort(), settings })
    await service.start()
    return service
  }

  private constructor(
    net: Devnet,
    {
      databasePath,
      port,
      settings,
    }: { databasePath: string; port: number; settings: Record<string, string> },
  ) {
    this.did = `did:web:localhost%3A${port}`
    this.url = `http://localhost:${port}`
    this.#env = {
      PATH: process.env.PATH ?? '',
      PARLEY_HOSTNAME: `localhost:${port}`,
      PARLEY_PORT: String(port),
      PARLEY_DATABASE: databasePath,
      PARLEY_PLC_URL: net.plc.url,
      PARLEY_APPVIEW_URL: net.appView.url,
      PARLEY_ALLOW_PRIVATE_NETWORK: 'on',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_LOG_LEVEL: 'error',
      ...settings,
    }
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [command], { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] })
    outliveNobody(child)
    this.#child = child
    const firstLine = once(createInterface(child.stdout!), 'line')
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the service ended with code ${code} before it listened`)
    })
    await Promise.race([firstLine, ended])
    // From now on its end is no news.
    ended.catch(() => {})
  }

  /** SIGKILL, sent before this returns; resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child!
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
