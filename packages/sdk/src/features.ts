import { type $output as Described, mainSchema } from '@parley/lexicons/chat/parley/server/describeServer'
import type { BaseClient } from './base-client.ts'
import { ChatError } from './errors.ts'

/** What the chat service can do beyond the lexicons of Bluesky, asked once. */
export class Features {
  readonly #client: Pick<BaseClient, 'call'>
  #known: Promise<Described | undefined> | undefined

  constructor(client: Pick<BaseClient, 'call'>) {
    this.#client = client
  }

  /** Whether sends under one idempotency key are one message; `undefined` while the service cannot be asked. */
  async keepsKeys(): Promise<boolean | undefined> {
    try {
      const described = await this.describe()
      return described?.features.includes('idempotencyKey') ?? false
    } catch {
      return undefined
    }
  }

  /** `undefined` of a service that does not know the question. Throws where it cannot be asked. */
  describe(): Promise<Described | undefined> {
    this.#known ??= this.#ask().catch(error => {
      this.#known = undefined
      throw error
    })
    return this.#known
  }

  /** Asks anew the next time: it may be another version by then. */
  forget(): void {
    this.#known = undefined
  }

  async #ask(): Promise<Described | undefined> {
    try {
      return await this.#client.call(mainSchema)
    } catch (error) {
      if (error instanceof ChatError && error.is('not-routed')) return undefined
      throw error
    }
  }
}
