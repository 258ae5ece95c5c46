import type { Did } from '@atcute/lexicons/syntax'
import { sentKeyKeptMs } from '../../limits.ts'
import type { Changes } from '../engine.ts'
import { lastOfEach } from '../last-of-each.ts'
import type { Flight } from './flight.ts'

type UidOf = (did: Did) => number

/** What belongs to one account each, whose head is locked: its settings, keys and what it has hidden. */
export function writeAccountRows(flight: Flight, uidOf: UidOf, changes: Changes): void {
  const accounts = lastOfEach(changes.accounts, ({ did }) => did)
  flight.askAbout(
    `update account set chat_disabled = changed.chat_disabled, notifications = changed.notifications
     from unnest($1::bigint[], $2::smallint[], $3::text[]) as changed (uid, chat_disabled, notifications)
     where account.uid = changed.uid`,
    accounts.map(({ did }) => uidOf(did)),
    accounts.map(({ chatDisabled }) => Number(chatDisabled)),
    accounts.map(({ notifications }) => (notifications ? JSON.stringify(notifications) : null)),
  )
  const { hidden } = changes
  flight.askAbout(
    `insert into hidden_message (account, convo, message)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) on conflict do nothing`,
    hidden.map(({ viewer }) => uidOf(viewer)),
    hidden.map(({ convoId }) => convoId),
    hidden.map(({ messageId }) => messageId),
  )
  writeSentKeys(flight, uidOf, changes)
  for (const { did, before } of changes.purged) {
    flight.ask('delete from log where account = $1 and rev < $2', uidOf(did), before)
    flight.ask('delete from hidden_message where account = $1', uidOf(did))
    flight.ask('delete from sent_key where account = $1', uidOf(did))
  }
}

function writeSentKeys(flight: Flight, uidOf: UidOf, changes: Changes): void {
  const keys = lastOfEach(changes.sentKeys, ({ did, key }) => `${did} ${key}`)
  flight.askAbout(
    `insert into sent_key (account, key, convo, message)
     select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[])
     on conflict (account, key) do update set convo = excluded.convo, message = excluded.message`,
    keys.map(({ did }) => uidOf(did)),
    keys.map(({ key }) => key),
    keys.map(({ convoId }) => convoId),
    keys.map(({ messageId }) => messageId),
  )
  // Whoever sends with keys forgets their own old ones, so that the table shrinks to what is still good.
  const newest = keys.at(-1)?.messageId
  if (newest === undefined) return
  flight.ask(
    'delete from sent_key where account = any($1) and message < $2',
    [...new Set(keys.map(({ did }) => uidOf(did)))],
    newest - sentKeyKeptMs * 1000,
  )
}
