import type { Did } from '@atcute/lexicons/syntax'
import type { ServiceProcess } from '@parley/testing/service-process.ts'

export interface Kill {
  /** Default SIGKILL. One that ends by itself at SIGTERM has to say that all was well. */
  signal?: NodeJS.Signals
  /** Killed once more, so many milliseconds into its start. */
  whileStarting?: number
}

/** One process of the service, as clients see it: sometimes it is not there, and then it is again. */
export class Server {
  readonly number: number
  readonly did: Did
  readonly port: number
  /** Resolves when it is, or is again, there. */
  up: Promise<void> = Promise.resolve()
  readonly #service: ServiceProcess

  constructor(number: number, service: ServiceProcess) {
    this.number = number
    this.#service = service
    this.did = service.did
    this.port = service.port
  }

  /** Resolves when it is there again. */
  async killAndStart(how: Kill = {}): Promise<void> {
    this.up = this.#again(how)
    await this.up
  }

  async #again({ signal = 'SIGKILL', whileStarting }: Kill): Promise<void> {
    await this.#service.kill(signal)
    const { exitCode, said } = this.#service
    if (signal === 'SIGTERM' && exitCode !== 0) throw new Error(`ended with ${exitCode}: ${said.join('\n')}`)
    if (whileStarting !== undefined) {
      // Where it was killed before it listened, that is what it says.
      const starting = this.#service.start().catch(() => {})
      await new Promise(resolve => setTimeout(resolve, whileStarting))
      await this.#service.kill()
      await starting
    }
    await this.#service.start().catch((error: Error) => {
      // Whoever supervises a service starts it again; its database may be recovering too.
      if (/Cannot open the database/.test(error.message)) return this.#again({})
      throw error
    })
  }
}
