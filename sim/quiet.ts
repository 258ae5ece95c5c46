import assert from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import { wholeLog } from '../packages/service/test/stage.ts'
import {
  assertCurrent,
  assertExport,
  assertSummaries,
} from '../packages/service/test/stories/check-client.ts'
import { type Client, firstFetch } from '../packages/service/test/stories/client.ts'
import type { Row } from '../packages/service/test/stories/held.ts'
import { Listener } from '../packages/service/test/stories/perform.ts'
import { Broken } from '../packages/service/test/stories/same.ts'
import type { Device } from './client/device.ts'
import type { World } from './world.ts'

export interface Account {
  did: Did
  devices: readonly Device[]
  /** Whoever asked to join and was turned away is not told (behaviour.md 2.4). */
  knowsRefusals: boolean
}

/**
 * What must hold once everything has come to rest, of one account: all its clients hold what one holds that has just
 * fetched; all answers say the same; its log, read again, is what it has been told; a convo's rev is a row of it.
 */
export async function assertAtRest(world: World, account: Account): Promise<void> {
  const { did, devices, knowsRefusals } = account
  const { observer, scheduler } = world
  const listener = new Listener(world.processes[0]!.context!, did, (_, nsid, answer, given) => {
    // Every answer at a moment of its own: nothing else is going on.
    scheduler.moment += 1
    observer.ended(observer.began(did, nsid.split('.').at(-1)!, { ...given }), 'done', answer)
  })
  const fresh = await firstFetch(listener)
  for (const device of devices) {
    await device.poll(listener)
    const { client } = device
    device.client = device.isStale ? fresh : knowsRefusals ? client : { ...client, asked: fresh.asked }
    await assertCurrent(listener, device.client, fresh)
    device.isStale = false
  }
  await assertSummaries(listener, fresh)
  await assertExport(listener, fresh)
  const log = await wholeLog(listener)
  assertToldAll(world, did, log, devices[0]!.rows)
  assertRevs(fresh, log)
}

function assertToldAll(world: World, did: Did, log: readonly Row[], told: readonly Row[]): void {
  const followed = new Set(told.map(({ rev }) => rev))
  const untold = log.find(({ rev }) => !followed.has(rev))
  if (untold) throw new Broken('a follower was never told a row', `${did}: ${untold.$type} ${untold.rev}`)
  const { memberships } = world.observer
  const still = new Set(log.map(({ rev }) => rev))
  const gone = told.find(({ rev, convoId }) => !still.has(rev) && !memberships.mayHaveLeft(did, convoId))
  if (gone) throw new Broken('a row that was told is in the log no more', `${did}: ${gone.$type} ${gone.rev}`)
}

function assertRevs(fresh: Client, log: readonly Row[]): void {
  for (const { view } of fresh.convos.values()) {
    const row = log.find(({ rev, convoId }) => rev === view.rev && convoId === view.id)
    assert.ok(row, 'the rev of a convo is no row of its viewer’s log')
  }
}
