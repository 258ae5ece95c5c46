import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import { keyOf, messageKey } from '../working-set.ts'
import type { PostgresAccounts } from './accounts.ts'
import type { Flight } from './flight.ts'
import { writeAccountRows } from './write-account-rows.ts'
import { removeMembers, writeConvos } from './write-convos.ts'
import { writeDeliveries } from './write-deliveries.ts'

/** Writes what a batch changed: a statement per table, each with all rows of the batch. */
export function writeChanges(flight: Flight, accounts: PostgresAccounts, changes: Changes): void {
  const uidOf = (did: Did) => accounts.uid(did)
  writeConvos(flight, uidOf, changes)
  writeDeliveries(flight, uidOf, changes)
  writeMessageRevs(flight, changes)
  removeMembers(flight, uidOf, changes)
  writeCandidates(flight, uidOf, changes)
  writeReactions(flight, uidOf, changes)
  writeAccountRows(flight, uidOf, changes)
  writeModEvents(flight, changes)
}

function writeMessageRevs(flight: Flight, changes: Changes): void {
  const revs = lastOfEach(changes.messageRevs, messageKey)
  flight.askAbout(
    `update message set rev = changed.rev
     from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as changed (convo, id, rev)
     where message.convo = changed.convo and message.id = changed.id`,
    revs.map(({ convoId }) => convoId),
    revs.map(({ messageId }) => messageId),
    revs.map(({ rev }) => rev),
  )
}

function writeCandidates(flight: Flight, uidOf: (did: Did) => number, changes: Changes): void {
  const requests = lastOfEach(changes.joinRequests, ({ request }) => keyOf(request.convoId, request.did))
  const made = requests.filter(({ present }) => present).map(({ request }) => request)
  flight.askAbout(
    `insert into join_request (convo, account, requested_at)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])
     on conflict (convo, account) do update set requested_at = excluded.requested_at`,
    made.map(({ convoId }) => convoId),
    made.map(({ did }) => uidOf(did)),
    made.map(({ requestedAt }) => requestedAt),
  )
  const gone = requests.filter(({ present }) => !present).map(({ request }) => request)
  flight.askAbout(
    'delete from join_request where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))',
    gone.map(({ convoId }) => convoId),
    gone.map(({ did }) => uidOf(did)),
  )
  const kicks = lastOfEach(changes.kicked, ({ convoId, did }) => keyOf(convoId, did))
  const kicked = kicks.filter(row => row.kicked)
  flight.askAbout(
    `insert into kicked_member (convo, account) select * from unnest($1::bigint[], $2::bigint[])
     on conflict do nothing`,
    kicked.map(({ convoId }) => convoId),
    kicked.map(({ did }) => uidOf(did)),
  )
  const forgiven = kicks.filter(row => !row.kicked)
  flight.askAbout(
    'delete from kicked_member where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))',
    forgiven.map(({ convoId }) => convoId),
    forgiven.map(({ did }) => uidOf(did)),
  )
}

function writeReactions(flight: Flight, uidOf: (did: Did) => number, changes: Changes): void {
  const reactions = lastOfEach(
    changes.reactions,
    ({ reaction }) => `${messageKey(reaction)} ${reaction.sender} ${reaction.value}`,
  )
  const keysOf = (isPresent: boolean) => {
    const rows = reactions.filter(({ present }) => present === isPresent).map(({ reaction }) => reaction)
    return [
      rows.map(({ convoId }) => convoId),
      rows.map(({ messageId }) => messageId),
      rows.map(({ sender }) => uidOf(sender)),
      rows.map(({ value }) => value),
      rows.map(({ rev }) => rev),
    ] as const
  }
  flight.askAbout(
    `insert into reaction (convo, message, sender, value, rev)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[])
     on conflict (convo, message, sender, value) do update set rev = excluded.rev`,
    ...keysOf(true),
  )
  flight.askAbout(
    `delete from reaction where (convo, message, sender, value) in (
       select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]))`,
    ...keysOf(false).slice(0, 4),
  )
  const { erased, erasedReactions } = changes
  const ids = [erased.map(({ convoId }) => convoId), erased.map(({ messageId }) => messageId)]
  const isErased = (id: string) => `(convo, ${id}) in (select * from unnest($1::bigint[], $2::bigint[]))`
  flight.askAbout(`update message set body = null where ${isErased('id')}`, ...ids)
  flight.askAbout(`delete from reaction where ${isErased('message')}`, ...ids)
  flight.askAbout(
    'delete from reaction where (convo, sender) in (select * from unnest($1::bigint[], $2::bigint[]))',
    erasedReactions.map(({ convoId }) => convoId),
    erasedReactions.map(({ did }) => uidOf(did)),
  )
}

/** Their revs are above the head of the stream, which is locked. */
function writeModEvents(flight: Flight, { modEvents }: Changes): void {
  flight.askAbout(
    'insert into mod_event (rev, event) select * from unnest($1::bigint[], $2::text[])',
    modEvents.map(({ rev }) => rev),
    modEvents.map(({ event }) => JSON.stringify(event)),
  )
  const newest: Tid | undefined = modEvents.at(-1)?.rev
  if (newest !== undefined) flight.ask('update mod_event_head set rev = greatest(rev, $1)', newest)
}
