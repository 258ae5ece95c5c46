import type { DatabaseSync } from 'node:sqlite'

/**
 * One entry per version from 3 on, applied in order and never edited after a release.
 * Of a message either sender or event is set; one that says nothing any more has lost its body.
 * Tids and interned accounts are integers, and the log grows at its end: both keep the disk writes of a send small.
 * Messages of one convo lie side by side, so that a page of them is read at a quarter of the price.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table account (
    uid integer primary key,
    did text not null unique,
    chat_disabled integer not null default 0 check (chat_disabled in (0, 1)),
    notifications text
  ) strict;

  create table convo (
    id integer primary key,
    kind text not null check (kind in ('direct', 'group'))
  ) strict;

  create table direct_convo (
    low integer not null references account (uid),
    high integer not null references account (uid),
    convo integer not null references convo (id),
    primary key (low, high)
  ) strict, without rowid;

  create table group_convo (
    convo integer primary key references convo (id),
    name text not null,
    owner integer not null references account (uid),
    lock text not null check (lock in ('unlocked', 'locked', 'locked-permanently')),
    member_count integer not null check (member_count >= 0),
    request_count integer not null check (request_count >= 0),
    link_code text unique,
    link text
  ) strict;

  create table join_request (
    convo integer not null references convo (id),
    account integer not null references account (uid),
    requested_at integer not null,
    primary key (convo, account)
  ) strict, without rowid;
  create index join_request_of_convo on join_request (convo, requested_at);
  create index join_request_of_account on join_request (account, requested_at);

  create table kicked_member (
    convo integer not null references convo (id),
    account integer not null references account (uid),
    primary key (convo, account)
  ) strict, without rowid;

  create table member (
    convo integer not null references convo (id),
    account integer not null references account (uid),
    status text not null check (status in ('accepted', 'request')),
    rev integer not null,
    listed integer not null check (listed in (0, 1)),
    muted integer not null check (muted in (0, 1)),
    visible_from integer not null,
    last_message integer not null,
    last_is_system integer not null check (last_is_system in (0, 1)),
    read_up_to integer not null,
    unread integer not null check (unread >= 0),
    joined integer not null,
    added_by integer references account (uid),
    unread_requests integer not null check (unread_requests >= 0),
    primary key (convo, account)
  ) strict, without rowid;
  create index member_by_status on member (account, status, rev) where listed = 1;
  create index member_unread on member (account, rev)
    where listed = 1 and (unread > 0 or unread_requests > 0);
  create index member_by_convo on member (account, convo) where listed = 1;

  create table message (
    convo integer not null references convo (id),
    id integer not null,
    rev integer not null,
    sender integer references account (uid),
    body text,
    event text,
    primary key (convo, id),
    check ((sender is null) = (event is not null))
  ) strict, without rowid;
  create index message_by_id on message (id);

  create table reaction (
    convo integer not null,
    message integer not null,
    sender integer not null references account (uid),
    value text not null,
    rev integer not null,
    primary key (convo, message, sender, value),
    foreign key (convo, message) references message (convo, id)
  ) strict, without rowid;
  create index reaction_in_convo on reaction (convo, rev);

  create table hidden_message (
    account integer not null references account (uid),
    convo integer not null,
    message integer not null,
    primary key (account, convo, message),
    foreign key (convo, message) references message (convo, id)
  ) strict, without rowid;

  create table log (
    seq integer primary key,
    account integer not null references account (uid),
    rev integer not null,
    type text not null,
    convo integer not null,
    message integer,
    reaction text,
    member integer references account (uid)
  ) strict;
  create unique index log_of_account on log (account, rev);
  create index log_by_convo on log (account, convo) where type = 'beginConvo';

  create table mod_event (
    rev integer primary key,
    event text not null
  ) strict;

  create table sent_key (
    account integer not null references account (uid),
    key text not null,
    convo integer not null,
    message integer not null,
    primary key (account, key),
    foreign key (convo, message) references message (convo, id)
  ) strict, without rowid;
  create index sent_key_by_age on sent_key (message);
  `,
]

/** What there was before the first release had lower versions: no groups, messages in the order of their ids. */
const unreleasedVersion = 2

/** Brings a database to the newest version; refuses one that a newer Parley wrote, or one from before any release. */
export function migrate(db: DatabaseSync): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number }
  const newest = unreleasedVersion + MIGRATIONS.length
  if (version > newest) {
    throw new Error(
      `The database is of version ${version}, this Parley knows up to ${newest}: run a newer Parley on it`,
    )
  }
  if (version > 0 && version <= unreleasedVersion) {
    throw new Error('The database is from before the first release of Parley: move it away and begin anew')
  }
  for (let next = Math.max(version, unreleasedVersion); next < newest; next++) {
    const migration = MIGRATIONS[next - unreleasedVersion]
    db.exec(`begin immediate; ${migration}; pragma user_version = ${next + 1}; commit`)
  }
}
