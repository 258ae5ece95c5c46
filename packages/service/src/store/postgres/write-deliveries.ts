import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import { isSystem, type LogRow, type Member, type Message } from '../rows.ts'
import { keyOf } from '../working-set.ts'
import type { Flight } from './flight.ts'

type UidOf = (did: Did) => number

/** A column, and what it has of a row. */
interface Column<Row> {
  name: string
  type: 'bigint' | 'smallint' | 'text'
  of: (row: Row, uidOf: UidOf) => string | number | null
}

const messageColumns: readonly Column<Message>[] = [
  { name: 'convo', type: 'bigint', of: row => row.convoId },
  { name: 'id', type: 'bigint', of: row => row.id },
  { name: 'rev', type: 'bigint', of: row => row.rev },
  { name: 'sender', type: 'bigint', of: (row, uidOf) => (isSystem(row) ? null : uidOf(row.sender)) },
  { name: 'body', type: 'text', of: row => (isSystem(row) || !row.body ? null : JSON.stringify(row.body)) },
  { name: 'event', type: 'text', of: row => (isSystem(row) ? JSON.stringify(row.event) : null) },
]

const memberColumns: readonly Column<Member>[] = [
  { name: 'convo', type: 'bigint', of: row => row.convoId },
  { name: 'account', type: 'bigint', of: (row, uidOf) => uidOf(row.did) },
  { name: 'status', type: 'text', of: row => row.status },
  { name: 'rev', type: 'bigint', of: row => row.rev },
  { name: 'listed', type: 'smallint', of: row => Number(row.listed) },
  { name: 'muted', type: 'smallint', of: row => Number(row.muted) },
  { name: 'visible_from', type: 'bigint', of: row => row.visibleFrom },
  { name: 'last_message', type: 'bigint', of: row => row.lastMessage },
  { name: 'last_is_system', type: 'smallint', of: row => Number(row.lastIsSystem) },
  { name: 'read_up_to', type: 'bigint', of: row => row.readUpTo },
  { name: 'unread', type: 'bigint', of: row => row.unread },
  { name: 'joined', type: 'bigint', of: row => row.joined },
  { name: 'added_by', type: 'bigint', of: (row, uidOf) => (row.addedBy ? uidOf(row.addedBy) : null) },
  { name: 'unread_requests', type: 'bigint', of: row => row.unreadRequests },
]

const logColumns: readonly Column<LogRow>[] = [
  { name: 'account', type: 'bigint', of: (row, uidOf) => uidOf(row.did) },
  { name: 'rev', type: 'bigint', of: row => row.rev },
  { name: 'type', type: 'text', of: row => row.type },
  { name: 'convo', type: 'bigint', of: row => row.convoId },
  { name: 'message', type: 'bigint', of: row => row.messageId ?? null },
  { name: 'reaction', type: 'text', of: row => (row.reaction ? JSON.stringify(row.reaction) : null) },
  {
    name: 'member',
    type: 'bigint',
    of: (row, uidOf) => (row.member === undefined ? null : uidOf(row.member)),
  },
]

const headColumns: readonly Column<{ did: Did; rev: Tid }>[] = [
  { name: 'account', type: 'bigint', of: (row, uidOf) => uidOf(row.did) },
  { name: 'rev', type: 'bigint', of: row => row.rev },
]

/**
 * What every send changes, in one statement: new messages, members that were added or changed, rows of logs, and the heads
 * of those logs. They are of four tables, so none of them has to see what the others did.
 */
export function writeDeliveries(flight: Flight, uidOf: UidOf, { messages, members, log }: Changes): void {
  const present = lastOfEach(members, ({ convoId, did }) => keyOf(convoId, did)).flatMap(
    ({ row }) => row ?? [],
  )
  const heads = newestOfEach(log)
  flight.askAbout(
    deliver,
    ...valuesOf(messageColumns, messages, uidOf),
    ...valuesOf(memberColumns, present, uidOf),
    ...valuesOf(logColumns, log, uidOf),
    ...valuesOf(headColumns, heads, uidOf),
  )
}

/** Rows of one account may stand in any order. */
function newestOfEach(log: readonly LogRow[]): { did: Did; rev: Tid }[] {
  const revs = new Map<Did, Tid>()
  for (const { did, rev } of log) revs.set(did, Math.max(rev, revs.get(did) ?? 0))
  return [...revs].map(([did, rev]) => ({ did, rev }))
}

function valuesOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], uidOf: UidOf) {
  return columns.map(({ of }) => rows.map(row => of(row, uidOf)))
}

const deliver = deliveryText()

function deliveryText(): string {
  let places = 0
  const given = (columns: readonly Column<never>[]) =>
    `unnest(${columns.map(({ type }) => `$${++places}::${type}[]`).join(', ')})`
  const names = (columns: readonly Column<never>[]) => columns.map(({ name }) => name).join(', ')
  const insert = (table: string, columns: readonly Column<never>[]) =>
    `insert into ${table} (${names(columns)}) select * from ${given(columns)}`
  const changed = memberColumns.slice(2).map(({ name }) => `${name} = excluded.${name}`)
  return `
    with new_messages as (${insert('message', messageColumns)}),
      new_members as (${insert('member', memberColumns)}
        on conflict (convo, account) do update set ${changed.join(', ')}),
      new_log as (${insert('log', logColumns)})
    update account_head set rev = newest.rev from ${given(headColumns)} as newest (${names(headColumns)})
    where account_head.account = newest.account`
}
