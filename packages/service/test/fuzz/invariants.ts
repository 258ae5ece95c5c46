import type { Inspected } from '../inspected.ts'
import type { Name } from './cast.ts'
import type { World } from './world.ts'

/** What must hold of what is stored, whatever was called. `broken` finds the rows for which it does not. */
interface Invariant {
  what: string
  broken: string
}

const invariants: readonly Invariant[] = [
  {
    what: 'no convo is newer than the log of its member',
    broken: `
      select convo, account, rev from member
      where rev > (select coalesce(max(rev), 0) from log where log.account = member.account)`,
  },
  {
    what: 'unread are the messages of others in sight after the read marker, of those that still say something',
    broken: `
      select convo, account, unread, counted from (
        select *, (
          select count(*) from message
          where message.convo = member.convo and id > visible_from and id > read_up_to
            and sender <> member.account and body is not null
            and not exists (
              select 1 from hidden_message as hidden
              where hidden.account = member.account and hidden.message = id)) as counted
        from member) as counting
      where unread <> counted`,
  },
  {
    what: 'the last message is the newest in sight, a system message only where nobody wrote',
    broken: `
      select convo, account, last_message, last_is_system, written, happened from (
        select *,
          (select coalesce(max(id), 0) from message
           where message.convo = member.convo and id > visible_from and sender is not null) as written,
          (select coalesce(max(id), 0) from message
           where message.convo = member.convo and id > visible_from and sender is null) as happened
        from member) as looking
      where last_message <> case when written > 0 then written else happened end
        or (last_is_system = 1) <> (written = 0 and happened > 0)`,
  },
  {
    what: 'memberCount is the number of members, 100 at most',
    broken: `
      select * from (
        select convo, member_count,
          (select count(*) from member where member.convo = group_convo.convo) as counted from group_convo) as counting
      where member_count <> counted or counted > 100`,
  },
  {
    what: 'requestCount is the number of join requests',
    broken: `
      select * from (
        select convo, request_count,
          (select count(*) from join_request where join_request.convo = group_convo.convo) as counted
        from group_convo) as counting
      where request_count <> counted`,
  },
  {
    what: 'unread join requests are some of them, and their owner’s',
    broken: `
      select member.convo, account, unread_requests, request_count from member
      left join group_convo on group_convo.convo = member.convo
      where unread_requests > case when account = owner then request_count else 0 end`,
  },
  {
    what: 'a group has its owner until it has ended, and nobody waits for its end',
    broken: `
      select convo, lock, request_count from group_convo
      where (lock = 'locked-permanently') = exists (
          select 1 from member where member.convo = group_convo.convo and account = owner)
        or (lock = 'locked-permanently' and request_count > 0)`,
  },
  {
    what: 'a member neither waits to join nor is kept out',
    broken: `
      select member.convo, member.account from member
      where exists (
          select 1 from join_request as request
          where request.convo = member.convo and request.account = member.account)
        or exists (
          select 1 from kicked_member as kicked
          where kicked.convo = member.convo and kicked.account = member.account)`,
  },
  {
    what: 'who has left a group hears no more of it',
    broken: `
      select log.account, log.convo, rev, type from log
      where not exists (select 1 from member where member.convo = log.convo and member.account = log.account)
        and type not in ('outgoingJoinRequest', 'withdrawOutgoingJoinRequest')
        and rev > coalesce((
          select max(rev) from log as last
          where last.account = log.account and last.convo = log.convo and last.type = 'leaveConvo'), 0)`,
  },
  {
    what: 'nobody is told of messages out of their sight',
    broken: `
      select log.account, log.convo, log.rev, type from log
      join member on member.convo = log.convo and member.account = log.account
      where log.rev > visible_from and message <= visible_from`,
  },
  {
    what: 'what a row of a log is about is in its convo',
    broken: `
      select log.account, log.rev, type from log left join message on message.id = log.message
      where log.message is not null and message.convo is distinct from log.convo`,
  },
  {
    what: 'a message has five reactions of one member at most',
    broken: 'select message, sender from reaction group by message, sender having count(*) > 5',
  },
]

/** What each engine keeps its order by. */
const ofEngines: Readonly<Record<Inspected['engine'], readonly Invariant[]>> = {
  SQLite: [
    {
      what: 'revs rise in every log',
      broken: `
        select * from (select account, rev, lag(rev) over (partition by account order by seq) as before from log)
        where rev <= before`,
    },
  ],
  PostgreSQL: [
    {
      what: 'the head of an account is the newest rev of its log',
      broken: `
        select * from (
          select account, rev,
            (select coalesce(max(rev), 0) from log where log.account = account_head.account) as newest
          from account_head) as looking
        where rev <> newest`,
    },
    {
      what: 'the head of what moderators are told is its newest rev',
      broken: 'select rev from mod_event_head where rev <> (select coalesce(max(rev), 0) from mod_event)',
    },
    {
      what: 'every account has its head',
      broken: 'select uid from account left join account_head on account = uid where account is null',
    },
  ],
}

/** What does not hold of the whole store, each with the first row that shows it: nothing, if all is well. */
export function brokenInvariants({ inspected }: World): Promise<string[]> {
  return flawsIn(inspected, [...invariants, ...ofEngines[inspected.engine]])
}

/** The first row that shows each. */
async function flawsIn(
  { select }: Inspected,
  looked: readonly Invariant[],
  ...values: number[]
): Promise<string[]> {
  const flaws: string[] = []
  for (const { what, broken } of looked) {
    const [row] = await select<object>(`${broken} limit 1`, ...values)
    if (row) flaws.push(`it does not hold that ${what}: ${JSON.stringify(row)}`)
  }
  return flaws
}

/** Nothing of an account may be there once it is deleted; of its log, only that the convos are gone. */
const leftovers: readonly Invariant[] = [
  {
    what: 'what a deleted account wrote is erased',
    broken: 'select convo, id from message where sender = $1 and body is not null',
  },
  {
    what: 'a deleted account is in no list',
    broken: 'select convo, listed from member where account = $1 and (listed = 1 or unread > 0 or muted = 1)',
  },
  {
    what: 'a deleted account is in no group',
    broken: 'select convo from member join group_convo using (convo) where account = $1',
  },
  { what: 'a deleted account has no reactions', broken: 'select message from reaction where sender = $1' },
  {
    what: 'a deleted account waits for no group',
    broken: 'select convo from join_request where account = $1',
  },
  { what: 'a deleted account has no keys', broken: 'select key from sent_key where account = $1' },
  {
    what: 'a deleted account hides nothing',
    broken: 'select message from hidden_message where account = $1',
  },
  {
    what: 'a deleted account has no preferences',
    broken: 'select uid from account where uid = $1 and notifications is not null',
  },
  {
    what: 'the log of a deleted account says nothing else',
    broken: `
      select rev, type from log where account = $1 and type not in ('leaveConvo', 'withdrawOutgoingJoinRequest')
        and rev < (select max(rev) from log as last where last.account = log.account)`,
  },
]

/** What is left of an account that was deleted just now. */
export async function leftOf(world: World, name: Name): Promise<string[]> {
  return flawsIn(world.inspected, leftovers, await world.uid(name))
}
