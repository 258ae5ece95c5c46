import type { Did } from '@atcute/lexicons/syntax'
import { isOver, mayBeDone, type Op } from './op.ts'

/** When something happened, as far as anybody can tell: not before the one moment, and by the other. */
export interface Span {
  began: number
  ended: number
}

/** What brings an account into a convo, or out of it. */
interface Change {
  did: Did
  op: Op
}

interface KnownConvo {
  isDirect: boolean
  ins: Change[]
  outs: Change[]
}

/**
 * Who is in which convo, from what was asked and answered alone. Calls overlap and some are lost, so two questions have
 * answers: who may have been in it, and who surely was.
 */
export class Memberships {
  readonly #convos = new Map<string, KnownConvo>()
  /** What may have made a convo that nobody has been given the id of. */
  readonly #makings = new Map<Op, Did[]>()
  readonly #deletions: Op[] = []
  readonly #codes = new Map<string, string>()

  began(op: Op): void {
    const { act, did, given } = op
    const convoId = given.convoId as string
    const members = (given.members ?? []) as Did[]
    if (act === 'createGroup' || act === 'getConvoForMembers') this.#makings.set(op, [did, ...members])
    if (act === 'addMembers') this.#comeIn(convoId, members, op)
    if (act === 'approveJoinRequest') this.#comeIn(convoId, [given.member as Did], op)
    if (act === 'requestJoin') this.#comeIn(this.#codes.get(given.code as string), [did], op)
    if (act === 'leaveConvo') this.#goOut(convoId, [did], op)
    if (act === 'removeMembers') this.#goOut(convoId, members, op)
    if (act === 'deleteAccount') this.#deletions.push(op)
  }

  ended(op: Op): void {
    const { act, given, outcome } = op
    if (outcome === 'done' && act === 'createJoinLink') {
      const { code } = (op.answer as { joinLink: { code: string } }).joinLink
      this.#codes.set(code, given.convoId as string)
    }
    if (outcome === 'done' && act === 'requestJoin' && !(op.answer as { convo?: object }).convo) {
      for (const convo of this.#convos.values()) convo.ins = convo.ins.filter(one => one.op !== op)
    }
    const dids = this.#makings.get(op)
    if (dids && outcome === 'done') {
      const { id } = (op.answer as { convo: { id: string } }).convo
      this.#convo(id).isDirect = act === 'getConvoForMembers'
      this.#comeIn(id, dids, op)
    }
    if (dids && outcome !== 'lost') this.#makings.delete(op)
  }

  /** Whether the account may have been in the convo at some moment of `during`, and not have gone before `now`. */
  mayBeIn(did: Did, convoId: string, during: Span, now: number): boolean {
    const convo = this.#convos.get(convoId)
    const outs = this.#outsOf(did, convo)
    const madeIt = [...this.#makings]
      .filter(([op, dids]) => dids.includes(did) && op.began <= during.ended)
      .map(([op]) => ({ did, op }))
    // A convo that only a lost call has made is known to nobody but the logs of its members.
    const ins = (convo?.ins ?? []).filter(one => one.did === did)
    return [...ins, ...(ins.length === 0 ? madeIt : [])].some(({ op }) => {
      if (!mayBeDone(op) || op.began > during.ended) return false
      const gone = outs.filter(out => isOver(out, now) && out.began > op.ended)
      // In a direct convo who has left is told of what comes.
      return convo?.isDirect ? !gone.some(out => out.began > during.ended) : gone.length === 0
    })
  }

  /** Whether the account was in the convo all the time from before `since`, and nobody has even tried to change that. */
  isSurelyIn(did: Did, convoId: string, since: number): boolean {
    const convo = this.#convos.get(convoId)
    if (!convo) return false
    const outs = this.#outsOf(did, convo).filter(mayBeDone)
    return convo.ins.some(one => {
      if (one.did !== did || !isOver(one.op, convo.isDirect ? Number.POSITIVE_INFINITY : since)) return false
      return !outs.some(out => out.ended > (convo.isDirect ? since : one.op.began))
    })
  }

  /** Whether anybody has tried to take this account out of the convo. */
  mayHaveLeft(did: Did, convoId: string): boolean {
    return this.#outsOf(did, this.#convos.get(convoId)).some(mayBeDone)
  }

  deletionsOf(did: Did): readonly Op[] {
    return this.#deletions.filter(op => op.did === did)
  }

  #outsOf(did: Did, convo: KnownConvo | undefined): Op[] {
    const outs = (convo?.outs ?? []).filter(one => one.did === did).map(({ op }) => op)
    return [...outs, ...this.deletionsOf(did)]
  }

  #convo(convoId: string): KnownConvo {
    const known = this.#convos.get(convoId)
    if (known) return known
    const convo: KnownConvo = { isDirect: false, ins: [], outs: [] }
    this.#convos.set(convoId, convo)
    return convo
  }

  #comeIn(convoId: string | undefined, dids: readonly Did[], op: Op): void {
    if (convoId === undefined) return
    for (const did of dids) this.#convo(convoId).ins.push({ did, op })
  }

  #goOut(convoId: string, dids: readonly Did[], op: Op): void {
    for (const did of dids) this.#convo(convoId).outs.push({ did, op })
  }
}
