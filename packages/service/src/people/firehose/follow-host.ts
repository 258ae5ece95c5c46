import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../clock.ts'
import type { Logger } from '../../logger.ts'
import { applyEvent, type Unread } from './apply-event.ts'
import { type DidDocuments, staysWith } from './did-documents.ts'
import { type HostEvent, readEvent } from './event.ts'
import { EventStream } from './event-stream.ts'
import { HostClient } from './host-client.ts'
import type { IndexDatabase } from './index-database.ts'
import { type SnapshotCount, snapshotHost, snapshotRepo } from './snapshot.ts'

/** Events in one transaction: a few milliseconds, since queries wait meanwhile. */
const batchMax = 50

const retryMinMs = 500
const retryMaxMs = 30_000

export interface FollowOptions {
  origin: string
  index: IndexDatabase
  documents: DidDocuments
  clock: Clock
  log: Logger
  signal: AbortSignal
  /** Called whenever the index has changed, or the stream has opened. */
  onProgress: () => void
}

/** Keeps the index in step with one PDS or relay. */
export class FollowedHost {
  readonly #options: FollowOptions
  readonly #client: HostClient
  #following = false
  #failures = 0

  constructor(options: FollowOptions) {
    this.#options = options
    this.#client = new HostClient(options)
  }

  /** Whether all that the host had at first contact is in the index, and its stream has been opened. */
  get following(): boolean {
    return this.#following
  }

  /** Ends with the signal only. */
  async run(): Promise<void> {
    const { origin, log, signal } = this.#options
    while (!signal.aborted) {
      try {
        await this.#connect()
      } catch (err) {
        if (signal.aborted) return
        log.warn({ host: origin, err }, 'people: following a host failed, trying again')
      }
      const waitMs = Math.min(retryMinMs * 2 ** this.#failures, retryMaxMs)
      this.#failures += 1
      await sleep(waitMs, undefined, { signal }).catch(() => {})
    }
  }

  /** One connection, from the snapshot that it may need to its end. */
  async #connect(): Promise<void> {
    const { origin, index, signal } = this.#options
    const isPds = await this.#client.isPds()
    const firstContact = index.cursor(origin) === undefined
    if (firstContact) await this.#begin(isPds)
    const stream = new EventStream({ origin, cursor: index.cursor(origin), onOpen: () => this.#opened() })
    const hangUp = (): void => stream.close()
    signal.addEventListener('abort', hangUp)
    try {
      for (;;) {
        const frames = await stream.next(batchMax)
        if (frames === undefined || signal.aborted) return
        await this.#take(frames.map(readEvent), { isPds, firstContact })
      }
    } finally {
      signal.removeEventListener('abort', hangUp)
      stream.close()
    }
  }

  async #begin(isPds: boolean): Promise<void> {
    const { origin, index, clock, log } = this.#options
    if (!isPds) {
      log.warn(
        { host: origin },
        'people: a relay has no records to list: only what changes from now on will be known',
      )
      return
    }
    const begunAt = clock.now()
    const count = await this.#snapshot()
    // The oldest event that the PDS still has. What the snapshot holds already is recognised by its rev.
    index.setCursor(origin, 0)
    log.info({ host: origin, ...count, ms: clock.now() - begunAt }, 'people: read all accounts of a host')
  }

  async #snapshot(): Promise<SnapshotCount> {
    const { origin, index, documents } = this.#options
    return snapshotHost({ origin, index, documents, client: this.#client })
  }

  #opened(): void {
    this.#following = true
    this.#failures = 0
    this.#options.onProgress()
  }

  /** The cursor moves last, so that what fails on the way is heard again. */
  async #take(events: HostEvent[], host: { isPds: boolean; firstContact: boolean }): Promise<void> {
    const { origin, index, documents, signal, onProgress } = this.#options
    const pds = host.isPds ? origin : undefined
    for (const event of events) if (event.kind === 'identity') documents.changed(event.did)
    const unread = new Map((await this.#takeOver(events, pds)).map(repo => [repo.did, repo]))
    index.transact(() => {
      for (const event of events) {
        const repo = applyEvent(index, { origin, pds }, event)
        if (repo !== undefined) unread.set(repo.did, repo)
      }
    })
    if (host.isPds) {
      for (const { did, rev } of unread.values()) {
        signal.throwIfAborted()
        await snapshotRepo({ index, client: this.#client }, did, rev)
      }
    }
    for (const event of events) if (event.kind === 'notice') await this.#heed(event.name, host)
    const seq = events.reduce((last, event) => ('seq' in event ? Math.max(last, event.seq ?? 0) : last), 0)
    if (seq > 0) index.setCursor(origin, seq)
    onProgress()
  }

  /** Accounts that have come here from other hosts; what they did there is still to be read. */
  async #takeOver(events: HostEvent[], pds: string | undefined): Promise<Unread[]> {
    const { origin, index, documents } = this.#options
    const moved: Unread[] = []
    for (const event of events) {
      if (event.kind !== 'account' || !event.active) continue
      const { did } = event
      const before = index.account(did)
      if (before === undefined || before.host === origin) continue
      if (await staysWith(documents, did, before.host)) continue
      index.putAccount(did, { host: origin, pds, active: true })
      moved.push({ did, rev: before.rev })
    }
    return moved
  }

  async #heed(
    notice: string,
    { isPds, firstContact }: { isPds: boolean; firstContact: boolean },
  ): Promise<void> {
    const { origin, index, log } = this.#options
    if (notice === 'FutureCursor') {
      // The host was set up anew and counts from the start.
      log.warn({ host: origin }, 'people: a host forgot its past, reading it anew')
      index.setCursor(origin, undefined)
      return
    }
    if (notice === 'OutdatedCursor') {
      if (firstContact) return
      log.warn({ host: origin }, 'people: away for longer than a host remembers')
      if (isPds) await this.#snapshot()
      return
    }
    log.warn({ host: origin, notice }, 'people: a host ended the stream')
  }
}
