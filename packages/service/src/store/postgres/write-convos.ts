import type { Did } from '@atcute/lexicons/syntax'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import type { GroupConvo } from '../rows.ts'
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

/** Members that are none any more. */
export function removeMembers(flight: Flight, uidOf: UidOf, changes: Changes): void {
  const sides = lastOfEach(changes.members, ({ convoId, did }) => keyOf(convoId, did))
  const gone = sides.filter(({ row }) => row === undefined)
  flight.askAbout(
    'delete from member where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))',
    gone.map(({ convoId }) => convoId),
    gone.map(({ did }) => uidOf(did)),
  )
}
