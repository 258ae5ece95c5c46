import type { Did } from '@atcute/lexicons/syntax'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import type { GroupConvo, Member } from '../rows.ts'
import { keyOf } from '../working-set.ts'
import type { Flight } from './flight.ts'

type UidOf = (did: Did) => number

/** Direct convos and groups, new or replaced. */
export function writeConvos(flight: Flight, uidOf: UidOf, { directs, groups }: Changes): void {
  const convoIds = directs.map(({ convo }) => convo.id)
  flight.askAbout(
    "insert into convo (id, kind) select id, 'direct' from unnest($1::bigint[]) as id",
    convoIds,
  )
  flight.askAbout(
    `insert into direct_convo (low, high, convo)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])`,
    directs.map(({ pair }) => uidOf(pair[0])),
    directs.map(({ pair }) => uidOf(pair[1])),
    convoIds,
  )
  writeGroups(
    flight,
    uidOf,
    lastOfEach(groups, ({ id }) => id),
  )
}

function writeGroups(flight: Flight, uidOf: UidOf, groups: readonly GroupConvo[]): void {
  const ids = groups.map(({ id }) => id)
  flight.askAbout(
    `insert into convo (id, kind) select id, 'group' from unnest($1::bigint[]) as id
     where not exists (select 1 from group_convo where convo = id)`,
    ids,
  )
  flight.askAbout(
    `insert into group_convo (convo, name, owner, lock, member_count, request_count, link_code, link)
     select * from unnest(
       $1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[])
     on conflict (convo) do update set
       name = excluded.name, lock = excluded.lock, member_count = excluded.member_count,
       request_count = excluded.request_count, link_code = excluded.link_code, link = excluded.link`,
    ids,
    groups.map(({ name }) => name),
    groups.map(({ owner }) => uidOf(owner)),
    groups.map(({ lock }) => lock),
    groups.map(({ memberCount }) => memberCount),
    groups.map(({ requestCount }) => requestCount),
    groups.map(({ link }) => link?.code ?? null),
    groups.map(({ link }) => (link ? JSON.stringify(link) : null)),
  )
}

/** Members that were added, changed or removed. */
export function writeMembers(flight: Flight, uidOf: UidOf, changes: Changes): void {
  const sides = lastOfEach(changes.members, ({ convoId, did }) => keyOf(convoId, did))
  const present = sides.flatMap(({ row }) => row ?? [])
  const gone = sides.filter(({ row }) => row === undefined)
  flight.askAbout(upsertMember, ...memberColumns.map(column => present.map(row => column.of(row, uidOf))))
  flight.askAbout(
    'delete from member where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))',
    gone.map(({ convoId }) => convoId),
    gone.map(({ did }) => uidOf(did)),
  )
}

interface Column<Row> {
  name: string
  type: 'bigint' | 'smallint' | 'text'
  of: (row: Row, uidOf: UidOf) => string | number | null
}

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

const upsertMember = `
  insert into member (${memberColumns.map(({ name }) => name).join(', ')})
  select * from unnest(${memberColumns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')})
  on conflict (convo, account) do update set
    ${memberColumns
      .slice(2)
      .map(({ name }) => `${name} = excluded.${name}`)
      .join(', ')}`
