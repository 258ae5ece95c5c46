import type { Did } from '@atcute/lexicons/syntax'
import type { ServiceProcess } from '@parley/testing/service-process.ts'

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

  /** Resolves when it is there again. `whileStarting`: killed once more, so many milliseconds into its start. */
  async killAndStart(whileStarting?: number): Promise<void> {
    this.up = this.#again(whileStarting)
    await this.up
  }

  async #again(whileStarting: number | undefined): Promise<void> {
    await this.#service.kill()
    if (whileStarting !== undefined) {
      // Where it was killed before it listened, that is what it says.
      const starting = this.#service.start().catch(() => {})
      await new Promise(resolve => setTimeout(resolve, whileStarting))
      await this.#service.kill()
      await starting
    }
    await this.#service.start()
  }
}
