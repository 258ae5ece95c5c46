import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Loaded } from '../engine.ts'
import type { Convo } from '../rows.ts'
import type { Scope } from '../scope.ts'
import {
  type AccountTable,
  accountsIn,
  type GroupTable,
  type MemberTable,
  readAccount,
  readGroup,
  readMember,
} from '../sql/row-readers.ts'
import type { PostgresAccounts } from './accounts.ts'
import type { Flight } from './flight.ts'
import { askForCandidates } from './load-candidates.ts'
import { askForMessages } from './load-messages.ts'
import type { Locks } from './locks.ts'

/** What a commit has locked and loaded. */
export interface Landed {
  /** By which it can be asked what became of the transaction. */
  transactionId: string
  loaded: Loaded
  /** Uids of the accounts whose heads are locked. */
  heads: ReadonlySet<number>
  /** A direct convo was made since the locks were chosen: it is not locked. */
  madeMeanwhile: Tid[]
}

/**
 * Asks for the locks of a commit and then for the rows of its scope, in one flight: each statement sees what the locks
 * before it have waited for. The returned function reads the answers.
 */
export function askForScope(
  flight: Flight,
  accounts: PostgresAccounts,
  scope: Required<Scope>,
  locks: Locks,
): () => Promise<Landed> {
  const convoIds = [...locks.convos]
  const uidOf = (did: Did) => accounts.known(did) ?? 0
  const begun = flight.ask<{ transaction: string } & ({ id: Tid; kind: Convo['kind'] } | { id: null })>(
    `with locked as materialized (
       select id, kind from convo where id = any($1::bigint[]) order by id for update)
     select pg_current_xact_id()::text as transaction, id, kind
     from (values (1)) as always left join locked on true`,
    convoIds,
  )
  const heads = flight.askAbout<{ account: number; rev: Tid }>(
    `select account, rev from account_head
     where account = any(
       array(select account from member where convo = any($1::bigint[]))
       || array(select account from join_request where convo = any($2::bigint[])) || $3::bigint[])
     order by account for update`,
    convoIds,
    [...scope.requestsTo],
    [...locks.accounts].map(uidOf),
  )
  const groups = flight.askAbout<GroupTable>('select * from group_convo where convo = any($1)', convoIds)
  const members = flight.askAbout<MemberTable>('select * from member where convo = any($1)', convoIds)
  const rowsOfAccounts = flight.askAbout<AccountTable & { uid: number }>(
    'select uid, chat_disabled, notifications from account where uid = any($1)',
    scope.accounts.map(uidOf),
  )
  const directs = flight.askAbout<{ low: number; high: number; convo: Tid }>(
    `select low, high, convo from direct_convo
     where (low, high) in (select * from unnest($1::bigint[], $2::bigint[]))`,
    scope.pairs.map(([low]) => uidOf(low)),
    scope.pairs.map(([, high]) => uidOf(high)),
  )
  const messages = askForMessages(flight, accounts, scope)
  const candidates = askForCandidates(flight, accounts, scope)
  const unreadAfter = flight.askAbout<{ place: number; count: number }>(
    `select place, (
       select count(*) from message
       where convo = asked.convo and id > asked.after and sender <> asked.account and body is not null
         and not exists (
           select 1 from hidden_message where hidden_message.account = asked.account
             and hidden_message.convo = message.convo and hidden_message.message = message.id)) as count
     from unnest($1::bigint[], $2::bigint[], $3::bigint[]) with ordinality
       as asked (convo, after, account, place)`,
    scope.unreadAfter.map(({ convoId }) => convoId),
    scope.unreadAfter.map(({ messageId }) => messageId),
    scope.unreadAfter.map(({ viewer }) => uidOf(viewer)),
  )
  return async () => {
    await accounts.meet(accountsIn([...groups.rows, ...members.rows]))
    const byUid = new Map(rowsOfAccounts.rows.map(row => [row.uid, row]))
    const groupOf = new Map(groups.rows.map(row => [row.convo, row]))
    const directOf = new Map(directs.rows.map(({ low, high, convo }) => [`${low} ${high}`, convo]))
    const convos = begun.rows.flatMap(row => (row.id === null ? [] : row))
    const locked = new Set(convos.map(({ id }) => id))
    const pairs = scope.pairs.flatMap(pair => {
      const convoId = directOf.get(pair.map(uidOf).join(' '))
      return convoId === undefined ? [] : { pair, convoId }
    })
    return {
      transactionId: begun.rows[0]!.transaction,
      loaded: {
        floor: Math.max(0, ...heads.rows.map(({ rev }) => rev), ...members.rows.map(newestOf)),
        accounts: scope.accounts.flatMap(did => {
          const row = byUid.get(uidOf(did))
          return row ? readAccount(did, row) : []
        }),
        convos: convos.map(({ id, kind }) =>
          kind === 'group' ? readGroup(accounts, groupOf.get(id)!) : { id, kind },
        ),
        members: members.rows.filter(({ convo }) => locked.has(convo)).map(row => readMember(accounts, row)),
        directs: pairs,
        unreadAfter: unreadAfter.rows.map(({ place, count }) => ({
          ...scope.unreadAfter[place - 1]!,
          count,
        })),
        ...(await messages()),
        ...(await candidates()),
      },
      heads: new Set(heads.rows.map(({ account }) => account)),
      madeMeanwhile: pairs.map(({ convoId }) => convoId).filter(convoId => !locked.has(convoId)),
    }
  }
}

/** No rev that a member has seen of a convo is above it. */
function newestOf({ rev, last_message, visible_from, read_up_to, joined }: MemberTable): Tid {
  return Math.max(rev, last_message, visible_from, read_up_to, joined)
}
