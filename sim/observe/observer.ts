import type { Did } from '@atcute/lexicons/syntax'
import { Broken } from '../../packages/service/test/stories/same.ts'
import type { Counts } from '../counts.ts'
import { Memberships } from './memberships.ts'
import { Messages } from './messages.ts'
import type { Op } from './op.ts'
import { lookThrough } from './seen.ts'

interface Row {
  $type: string
  rev: string
  convoId: string
}

/**
 * Hears every call arrive and every answer leave, and holds each answer at once to what is promised. It shares nothing
 * with the service but the words of the lexicon.
 */
export class Observer {
  readonly memberships = new Memberships()
  readonly messages: Messages
  readonly #counts: Counts
  readonly #moment: () => number
  readonly #revs = new Map<string, { rev: string; ended: number }[]>()

  constructor(counts: Counts, moment: () => number) {
    this.#counts = counts
    this.messages = new Messages(this.memberships, counts)
    this.#moment = moment
  }

  began(did: Did, act: string, given: Record<string, unknown>): Op {
    const op: Op = {
      did,
      act,
      given,
      began: this.#moment(),
      ended: Number.POSITIVE_INFINITY,
      outcome: 'open',
      answer: undefined,
    }
    this.memberships.began(op)
    this.messages.began(op)
    return op
  }

  ended(op: Op, outcome: Exclude<Op['outcome'], 'open'>, answer?: unknown): void {
    op.ended = this.#moment()
    op.outcome = outcome
    op.answer = answer
    this.memberships.ended(op)
    this.#counts.add(`call ${outcome}: ${op.act}`)
    if (outcome !== 'done') return
    this.messages.answered(op)
    this.#assertRevsDoNotFall(op)
    if (op.act === 'getLog') this.#assertLog(op)
  }

  #assertRevsDoNotFall(op: Op): void {
    for (const { id, rev } of lookThrough(op.answer).convos) {
      if (!this.memberships.mayBeIn(op.did, id, op, op.began)) {
        throw new Broken('an account is shown a convo that it is not in', `${op.did} by ${op.act}: ${id}`)
      }
      const key = `${op.did} ${id}`
      const before = this.#revs.get(key) ?? []
      const higher = before.find(one => one.ended < op.began && one.rev > rev)
      if (higher) throw new Broken('the rev of a convo falls', `${key}: ${higher.rev}, then ${rev}`)
      this.#revs.set(key, [
        ...before.filter(one => one.rev > rev || one.ended >= op.began),
        { rev, ended: op.ended },
      ])
    }
  }

  #assertLog(op: Op): void {
    const { logs, cursor } = op.answer as { logs: Row[]; cursor: string }
    let last = (op.given.cursor as string | undefined) ?? ''
    for (const { rev, convoId, $type } of logs) {
      if (rev <= last) throw new Broken('the revs of a log do not rise', `${op.did}: ${rev} after ${last}`)
      last = rev
      const isOwnRequest = /Outgoing/.test($type)
      const ever = { began: 0, ended: op.ended }
      if (isOwnRequest || this.memberships.mayBeIn(op.did, convoId, ever, 0)) continue
      throw new Broken('an account is told of a convo that it never was in', `${op.did}: ${$type} ${convoId}`)
    }
    if (logs.length > 0 && cursor !== last)
      throw new Broken('a cursor is not the last row', `${cursor}, ${last}`)
  }
}
