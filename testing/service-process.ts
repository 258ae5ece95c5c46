import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Did } from '@atcute/lexicons/syntax'
import { freePort } from './free-port.ts'
import { outliveNobody } from './outlive-nobody.ts'

/** What a service that ended by itself had compiled: the next start takes half the time. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/parley-compiled', import.meta.url))
const command = fileURLToPath(new URL('../packages/service/bin/parley-service.ts', import.meta.url))

export interface ServiceProcessOptions {
  network: { plc: { url: string }; appView: { url: string } }
  /** A path, or the address of a PostgreSQL database. */
  database: string
  /** More of its environment, or other values for the usual ones. */
  settings?: Record<string, string>
  /** Of Node. Default none. */
  nodeOptions?: readonly string[]
  /** A program, with its arguments, that turns into the command it is given, such as nsenter. Default none. */
  within?: readonly string[]
  /** Where its log lines go: a file descriptor, or `said`. Default where this process's own complaints go. */
  log?: number | 'keep'
}

/** The service as a process of its own, always on the same port and database, whoever kills it. */
export class ServiceProcess implements AsyncDisposable {
  readonly did: Did
  readonly url: string
  readonly port: number
  readonly #env: Record<string, string>
  readonly #words: readonly string[]
  readonly #log: number | 'inherit' | 'keep'
  /** Lines of its output since it was started; its log and its complaints where they are kept. */
  said: string[] = []
  #child: ChildProcess | undefined

  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const service = new ServiceProcess(options, await freePort())
    await service.start()
    return service
  }

  private constructor(
    { network, database, settings, nodeOptions = [], within = [], log }: ServiceProcessOptions,
    port: number,
  ) {
    this.did = `did:web:localhost%3A${port}`
    this.url = `http://localhost:${port}`
    this.port = port
    this.#words = [...within, process.execPath, ...nodeOptions, command]
    this.#log = log ?? 'inherit'
    this.#env = {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: compiled,
      PARLEY_HOSTNAME: `localhost:${port}`,
      PARLEY_PORT: String(port),
      PARLEY_DATABASE: database,
      PARLEY_PLC_URL: network.plc.url,
      PARLEY_APPVIEW_URL: network.appView.url,
      PARLEY_ALLOW_PRIVATE_NETWORK: 'on',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_LOG_LEVEL: 'error',
      ...settings,
    }
  }

  get pid(): number {
    return this.#child!.pid!
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const [program, ...words] = this.#words
    const child = spawn(program!, words, {
      env: this.#env,
      stdio: ['ignore', 'pipe', this.#log === 'keep' ? 'pipe' : this.#log],
    })
    outliveNobody(child)
    this.#child = child
    this.said = []
    if (child.stderr) createInterface(child.stderr).on('line', line => this.said.push(line))
    const output = createInterface(child.stdout!)
    // Its log, after the line that says where it listens.
    output.on('line', line => this.said.push(line))
    const firstLine = once(output, 'line')
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`the service ended with code ${code} before it listened: ${this.said.join('\n')}`)
    })
    await Promise.race([firstLine, ended])
    // From now on its end is no news.
    ended.catch(() => {})
  }

  /** What it ended with; `undefined` while it runs, null where a signal ended it. */
  get exitCode(): number | null | undefined {
    const { exitCode, signalCode } = this.#child!
    return exitCode === null && signalCode === null ? undefined : exitCode
  }

  /** Sent before this returns; resolves when the process is gone. Default SIGKILL. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child!
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
