import { call } from './call.ts'
import type { Name } from './cast.ts'
import { officialMethod } from './lexicon.ts'
import { flawsOf } from './oracle.ts'
import type { FuzzRequest } from './request.ts'
import { flawsOfSight } from './sight.ts'
import type { World } from './world.ts'

const method = officialMethod('chat.bsky.convo.getLog')

interface LogPage {
  cursor: string
  logs: { rev: string }[]
}

/** Reads an account's log from its beginning: every row can be shown, and none about what is out of sight. */
export async function flawsOfWholeLog(world: World, caller: Name): Promise<string[]> {
  const flaws: string[] = []
  for (let cursor = '2222222222222'; ; ) {
    const request: FuzzRequest = {
      nsid: method.nsid,
      caller,
      credentials: 'good',
      verb: 'GET',
      query: `cursor=${cursor}`,
      contentType: undefined,
      body: Buffer.alloc(0),
    }
    const outcome = await call(world, request)
    flaws.push(...flawsOf({ method, request, outcome, closely: true }))
    if (outcome.answer?.status !== 200) return [...flaws, `${caller} cannot read their log: ${outcome.text}`]
    flaws.push(...(await flawsOfSight(world, request, outcome)))
    const page = JSON.parse(outcome.text) as LogPage
    for (const { rev } of page.logs) {
      if (rev <= cursor) flaws.push(`the log of ${caller} goes back to ${rev}`)
      cursor = rev
    }
    if (page.cursor !== cursor)
      flaws.push(`the log of ${caller} ends at ${cursor}, its cursor is ${page.cursor}`)
    if (page.logs.length === 0) return flaws
  }
}
