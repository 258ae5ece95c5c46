import assert from 'node:assert/strict'
import { type Call, methodsBy } from './methods.ts'
import type { Account, Actor } from './script.ts'
import { type NameOf, tellEvent, tellHistory, type View } from './tell.ts'

export interface ActorOptions {
  name: string
  account: Account
  call: Call
  /** The text of `exportAccountData`, which clients of the lexicon cannot read (behaviour.md 1.8). */
  readExport(): Promise<string>
  nameOf: NameOf
  /** Where their log stood when the scene began. */
  cursor: string
}

/** Somebody in a scene, whatever the account and the calls are made of. */
export function createActor(options: ActorOptions): Actor {
  const { name, account, call, readExport, nameOf, cursor: begin } = options
  const methods = methodsBy(call)
  let cursor = begin

  /** Every page since the last time. */
  async function newEvents(): Promise<View[]> {
    const events: View[] = []
    for (;;) {
      const page = await methods.getLog({ cursor })
      if (page.logs.length === 0) return events
      for (const event of page.logs as unknown as View[]) {
        assert.ok((event.rev as string) > cursor, 'the revs of a log ascend')
        cursor = event.rev as string
        assertProfilesCome(event)
        events.push(event)
      }
      assert.equal(page.cursor, cursor, 'the cursor of a page is its last rev')
    }
  }

  async function wholeHistory(convoId: string): Promise<View[]> {
    const messages: View[] = []
    let cursor: string | undefined
    do {
      const page = await methods.getMessages({ convoId, ...(cursor && { cursor }) })
      messages.push(...(page.messages as unknown as View[]))
      cursor = page.messages.length > 0 ? page.cursor : undefined
    } while (cursor)
    return messages.reverse()
  }

  return {
    ...methods,
    ...account,
    name,
    async hears(...expected) {
      const events = await newEvents()
      assert.deepEqual(
        events.map(event => tellEvent(event, nameOf)),
        expected,
        `what ${name} hears`,
      )
    },
    async exports() {
      const lines = (await readExport()).split('\n').filter(line => line !== '')
      return lines.map(line => JSON.parse(line) as Record<string, unknown>)
    },
    async skips() {
      await newEvents()
    },
    async sees(convoId, ...expected) {
      const history = await wholeHistory(convoId)
      assert.deepEqual(
        history.map(message => tellHistory(message, nameOf)),
        expected,
        `what ${name} sees`,
      )
    },
  }
}

/** Clients show nobody whose profile they were not sent (behaviour.md 5.2). */
function assertProfilesCome(event: View): void {
  const { message, relatedProfiles } = event as { message?: View; relatedProfiles?: { did: string }[] }
  if (!relatedProfiles) return
  const sender = message?.sender as { did: string } | undefined
  const data = Object.values((message?.data ?? {}) as View).filter(value => typeof value === 'object')
  const named = [...(sender ? [sender] : []), ...(data as { did: string }[])].map(({ did }) => did)
  const missing = named.filter(did => !relatedProfiles.some(profile => profile.did === did))
  assert.deepEqual(missing, [], 'relatedProfiles has everybody whom the message names')
}
