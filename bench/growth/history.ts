import type { Did } from '@atcute/lexicons/syntax'
import { type Changes, noChanges } from '../../packages/service/src/store/engine.ts'
import { newMember } from '../../packages/service/src/store/new-member.ts'
import type { LogType, Member, ModEvent } from '../../packages/service/src/store/rows.ts'
import { pairOf } from '../../packages/service/src/store/scope.ts'
import { formatTid, type Tid, tidAt, tidTime } from '../../packages/service/src/tid.ts'
import type { ConvoPlan, World } from './world.ts'

/** When it all began: long enough ago that ten million messages are over. */
const beginning = tidAt(Date.UTC(2025, 0, 1))

/** Between two messages, whoever writes them. */
const stepMicroseconds = 1_000_000

/** A member writes so many messages before the other answers. */
const burst = 5

/** Messages in one transaction. */
const messagesPerBatch = 20_000

export interface History {
  convoIds: Tid[]
  batches: Generator<Changes>
}

/**
 * The rows that the service would have written, had all of it been sent: everybody's messages mixed as they are in
 * life, so that neighbours on the disk belong to different convos.
 */
export function historyOf(world: World): History {
  const histories = world.convos.map((plan, place) => new ConvoHistory(plan, beginning + place * 10))
  return { convoIds: histories.map(({ id }) => id), batches: batchesOf(histories) }
}

function* batchesOf(histories: readonly ConvoHistory[]): Generator<Changes> {
  const afterOpenings = beginning + histories.length * 10
  const rounds = histories.reduce((most, { plan }) => Math.max(most, plan.messages), 0)
  let changes = noChanges()
  for (const history of histories) history.open(changes)
  let step = 0
  for (let round = 0; round < rounds; round++) {
    for (const [place, history] of histories.entries()) {
      if (!history.isDue(round, rounds, place)) continue
      history.write(changes, afterOpenings + step * stepMicroseconds)
      step += 1
      if (changes.messages.length < messagesPerBatch) continue
      yield changes
      changes = noChanges()
    }
  }
  // Nobody reads meanwhile, so that how the members stand is written once.
  for (const history of histories) {
    changes.members.push(...history.members.map(row => ({ convoId: row.convoId, did: row.did, row })))
    if (changes.members.length < messagesPerBatch) continue
    yield changes
    changes = noChanges()
  }
  yield changes
}

export function textOf(number: number): string {
  return `message ${number}, of some hundred characters, as people write them: ${'x'.repeat(40)}`
}

/** One direct convo on its way: its opener writes first. */
class ConvoHistory {
  readonly plan: ConvoPlan
  readonly id: Tid
  members: [Member, Member]
  #written = 0
  #lastRev = 0

  constructor(plan: ConvoPlan, id: Tid) {
    this.plan = plan
    this.id = id
    const [opener, other] = plan.members
    this.members = [
      { ...newMember(id, opener, id), status: 'accepted', rev: id + 1 },
      newMember(id, other, id + 1),
    ]
  }

  /** Those with few messages spread them over all rounds, and not all in the same. */
  isDue(round: number, rounds: number, place: number): boolean {
    const { messages } = this.plan
    const due = Math.floor(((round + 1) * messages + (place % rounds)) / rounds)
    return this.#written < Math.min(messages, due) || this.#written + rounds - round <= messages
  }

  open(changes: Changes): void {
    const [opener, other] = this.plan.members
    changes.directs.push({ convo: { id: this.id, kind: 'direct' }, pair: pairOf(opener, other) })
    this.#lastRev = this.id
    this.#log(changes, opener, 'beginConvo')
  }

  write(changes: Changes, at: Tid): void {
    const number = this.#written++
    const side = Math.floor(number / burst) % 2
    const [sender, other] = side === 0 ? this.members : this.members.toReversed()
    this.#lastRev = at - 1
    if (sender!.status === 'request') this.#accept(changes, sender!)
    if (other!.rev === 0) this.#log(changes, other!.did, 'beginConvo')
    const rev = this.#nextRev()
    changes.messages.push({
      convoId: this.id,
      id: rev,
      rev,
      sender: sender!.did,
      body: { text: textOf(number) },
    })
    for (const { did } of this.members) this.#logAt(changes, rev, did, 'createMessage', rev)
    if (sender!.unread > 0) {
      this.#log(changes, sender!.did, 'readMessage', rev)
      this.#log(changes, sender!.did, 'readConvo', rev)
    }
    if (number === 0) reportFirstMessage(changes, this, rev)
    this.members = this.members.map(member => ({
      ...member,
      rev,
      listed: true,
      status: member === sender ? 'accepted' : member.status,
      lastMessage: rev,
      ...(member === sender ? { readUpTo: rev, unread: 0 } : { unread: member.unread + 1 }),
    })) as [Member, Member]
  }

  #accept(changes: Changes, { did }: Member): void {
    this.#log(changes, did, 'acceptConvo')
    const event = {
      $type: 'chat.bsky.moderation.subscribeModEvents#eventChatAccepted',
      actorDid: did,
      convoCreatedAt: tidTime(this.id),
      convoId: formatTid(this.id),
      createdAt: tidTime(this.#lastRev),
      method: 'message',
      rev: formatTid(this.#lastRev),
    }
    changes.modEvents.push({ rev: this.#lastRev, event: event as ModEvent['event'] })
  }

  #log(changes: Changes, did: Did, type: LogType, messageId?: Tid): void {
    this.#logAt(changes, this.#nextRev(), did, type, messageId)
  }

  #logAt(changes: Changes, rev: Tid, did: Did, type: LogType, messageId?: Tid): void {
    changes.log.push({ did, rev, type, convoId: this.id, ...(messageId !== undefined && { messageId }) })
  }

  #nextRev(): Tid {
    this.#lastRev += 1
    return this.#lastRev
  }
}

function reportFirstMessage(changes: Changes, { id, plan }: ConvoHistory, rev: Tid): void {
  const [user, recipient] = plan.members
  const event = {
    $type: 'chat.bsky.moderation.subscribeModEvents#eventConvoFirstMessage',
    convoId: formatTid(id),
    createdAt: tidTime(rev),
    messageId: formatTid(rev),
    recipients: [recipient],
    rev: formatTid(rev),
    user,
  }
  changes.modEvents.push({ rev, event: event as ModEvent['event'] })
}
