import assert from 'node:assert/strict'
import { getLog } from '../../packages/service/src/endpoints/chat/bsky/convo/getLog.ts'
import { listConvos } from '../../packages/service/src/endpoints/chat/bsky/convo/listConvos.ts'
import type { Caller } from '../../packages/service/test/stage.ts'
import {
  allPages,
  type Client,
  catchUp,
  fetchAsked,
  fetchConvo,
  orNothing,
} from '../../packages/service/test/stories/client.ts'
import type { HeldConvo, Row } from '../../packages/service/test/stories/held.ts'

const beforeAll = '2222222222222'

/** One of an account's clients: what it holds it keeps by the log alone, whatever becomes of its calls. */
export class Device {
  /** Every row that it has been told since it began, in their order. */
  readonly rows: Row[] = []
  client: Client = { cursor: beforeAll, convos: new Map(), asked: new Set() }
  /** Something has changed that is in no log: until it has fetched again it only follows. */
  isStale = false
  #isBusy = false

  /** Asks for what is new. A call that fails changes nothing: the next one begins where this one did. */
  poll(caller: Caller): Promise<void> {
    return this.#alone(async () => {
      const caughtUp = this.isStale ? await follow(caller, this.client) : await this.#catchUp(caller)
      if (!caughtUp) return
      this.#took(caughtUp.rows)
      this.client = caughtUp.client
    })
  }

  /** Begins anew, as after it was closed: what it held is forgotten. */
  restart(caller: Caller): Promise<void> {
    return this.#alone(async () => {
      this.client = await fetchAll(caller)
      this.rows.length = 0
    })
  }

  /** Nothing where it became stale on the way, and rows were about what is no more. */
  async #catchUp(caller: Caller): Promise<Awaited<ReturnType<typeof catchUp>> | undefined> {
    try {
      return await catchUp(caller, this.client)
    } catch (error) {
      if (this.isStale) return undefined
      throw error
    }
  }

  /** Notes rows, which go on from the last. */
  #took(rows: readonly Row[]): void {
    for (const row of rows) {
      assert.ok(row.rev > (this.rows.at(-1)?.rev ?? ''), 'a follower is told the same row twice')
      this.rows.push(row)
    }
  }

  async #alone(act: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      await act()
    } finally {
      this.#isBusy = false
    }
  }
}

async function follow(caller: Caller, client: Client): Promise<{ client: Client; rows: Row[] }> {
  const rows: Row[] = []
  for (;;) {
    const cursor = rows.at(-1)?.rev ?? client.cursor
    const { logs } = await caller.call(getLog, { cursor })
    if (logs.length === 0) return { client: { ...client, cursor }, rows }
    rows.push(...logs)
  }
}

/** As firstFetch does, where things happen meanwhile: the log tells of those from the cursor on. */
async function fetchAll(caller: Caller): Promise<Client> {
  const { cursor } = await caller.call(getLog, {})
  const views = await allPages(async cursor => {
    const page = await caller.call(listConvos, { limit: 10, cursor })
    return { items: page.convos, cursor: page.cursor }
  })
  const convos = new Map<string, HeldConvo>()
  for (const { id } of views) {
    const convo = await orNothing(fetchConvo(caller, id))
    if (convo) convos.set(id, convo)
  }
  return { cursor: cursor!, convos, asked: await fetchAsked(caller) }
}
