import { type Evidence, groupBy } from '../evidence.ts'

/**
 * When all is quiet, the members of a convo agree: the same members, the same messages with the same reactions, the
 * same rows about them in every log; and a convo's rev is that of the newest row that its member was told.
 * Broken by: a row that reached some of the members.
 */
export function* convergence(evidence: Evidence): Iterable<string> {
  for (const seats of groupBy(evidence.seats(), ({ convo }) => convo.id).values()) {
    const { account: first, convo } = seats[0]!
    const [members, history, rows] = [
      memberList(seats[0]!),
      historyText(seats[0]!),
      sharedRows(evidence, seats[0]!),
    ]
    if (seats.length !== convo.members.length)
      yield `${convo.id} is in the lists of ${seats.length} of its ${convo.members.length} members`
    for (const seat of seats.slice(1)) {
      const where = `${seat.account.account} and ${first.account} disagree about`
      if (memberList(seat) !== members) yield `${where} the members of ${convo.id}`
      if (historyText(seat) !== history) yield `${where} the messages of ${convo.id}`
      if (sharedRows(evidence, seat) !== rows) yield `${where} the rows of ${convo.id}`
    }
    for (const seat of seats) {
      const toldRev = evidence.rowsOf(seat.account, convo.id).at(-1)?.rev
      if (toldRev === undefined || toldRev < seat.convo.rev)
        yield `${seat.account.account} sees ${convo.id} at ${seat.convo.rev}, and its log ends at ${toldRev}`
    }
  }
}

type Seat = ReturnType<Evidence['seats']>[number]

function memberList({ convo }: Seat): string {
  return convo.members.toSorted().join(' ')
}

function historyText({ convo }: Seat): string {
  return JSON.stringify(convo.history)
}

/** Rows that every member gets, in order; the rest is each one's own business. */
const sharedTypes = ['createMessage', 'addReaction', 'removeReaction']

function sharedRows(evidence: Evidence, { account, convo }: Seat): string {
  return evidence
    .rowsOf(account, convo.id)
    .filter(row => sharedTypes.includes(row.type))
    .map(row => `${row.type} ${row.message}`)
    .join('\n')
}
