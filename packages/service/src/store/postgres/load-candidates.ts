import type { Tid } from '../../tid.ts'
import type { Loaded } from '../engine.ts'
import type { Scope } from '../scope.ts'
import { accountsIn } from '../sql/row-readers.ts'
import type { PostgresAccounts } from './accounts.ts'
import type { Flight } from './flight.ts'

type Candidates = Pick<Loaded, 'joinRequests' | 'kicked'>

/** Who asks to join, and who may not. */
export function askForCandidates(
  flight: Flight,
  accounts: PostgresAccounts,
  scope: Required<Scope>,
): () => Promise<Candidates> {
  const lists = [
    scope.candidates.map(({ convoId }) => convoId),
    scope.candidates.map(({ did }) => accounts.known(did) ?? 0),
  ]
  const requests = flight.askAbout<{ convo: Tid; account: number; requested_at: Tid }>(
    // Not one question with `or`, which no index could answer.
    `select * from join_request where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))
     union select * from join_request where convo = any($3::bigint[])`,
    ...lists,
    [...scope.requestsTo],
  )
  const kicked = flight.askAbout<{ convo: Tid; account: number }>(
    'select * from kicked_member where (convo, account) in (select * from unnest($1::bigint[], $2::bigint[]))',
    ...lists,
  )
  return async () => {
    await accounts.meet(accountsIn([...requests.rows, ...kicked.rows]))
    return {
      joinRequests: requests.rows.map(({ convo, account, requested_at: requestedAt }) => ({
        convoId: convo,
        did: accounts.did(account),
        requestedAt,
      })),
      kicked: kicked.rows.map(({ convo, account }) => ({ convoId: convo, did: accounts.did(account) })),
    }
  }
}
