import { jsonToLex, lexicons } from '@atproto/api'
import { Subscription } from '@atproto/xrpc-server'
import { poll } from '../poll.ts'
import type { Ozone } from './ozone.ts'

const nsid = 'chat.bsky.moderation.subscribeModEvents'

/** As much of an event as is looked at here. */
export interface ModEvent {
  $type: string
  rev: string
}

/**
 * Follows the moderation events of a chat service with the official client and a token of Ozone's own, from a cursor on;
 * that client goes on by itself where the connection breaks. Every event is held to the official lexicon.
 */
export class ModEventReader implements AsyncDisposable {
  readonly events: ModEvent[] = []
  /** How often the client had to connect again. */
  reconnects = 0
  /** What ended it, if it was not us. */
  readonly ended: Promise<unknown>
  readonly #stop = new AbortController()

  static async open(
    chat: { url: string; did: string },
    ozone: Ozone,
    cursor?: string,
  ): Promise<ModEventReader> {
    const { headers } = await ozone.service.ctx.serviceAuthHeaders(chat.did, nsid)
    return new ModEventReader(chat.url, headers, cursor)
  }

  private constructor(url: string, headers: Record<string, string>, cursor: string | undefined) {
    const subscription = new Subscription<ModEvent>({
      service: url.replace('http', 'ws'),
      method: nsid,
      headers,
      signal: this.#stop.signal,
      maxReconnectSeconds: 1,
      getParams: () => {
        const next = this.events.at(-1)?.rev ?? cursor
        return next === undefined ? {} : { cursor: next }
      },
      validate: message => lexicons.assertValidXrpcMessage<ModEvent>(nsid, jsonToLex(message)),
      onReconnectError: () => {
        this.reconnects += 1
      },
    })
    this.ended = this.#read(subscription)
  }

  async #read(subscription: Subscription<ModEvent>): Promise<unknown> {
    try {
      for await (const event of subscription) this.events.push(event)
      return undefined
    } catch (error) {
      return this.#stop.signal.aborted ? undefined : error
    }
  }

  /** Resolves when there are so many. */
  async reaches(count: number): Promise<void> {
    await poll(`${count} events, of which ${this.events.length} are there`, () =>
      this.events.length >= count ? true : undefined,
    )
  }

  /** Each without its lexicon's name, and with what it says besides. */
  names(): string[] {
    return this.events.map(({ $type }) => $type.replace(`${nsid}#`, ''))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.ended
  }
}
