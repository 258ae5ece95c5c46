import { ask, type Driver } from './driver.ts'

/**
 * One entry per version, applied in order and never edited after a release.
 * Keys of what belongs to a convo begin with the convo, of what belongs to an account with the account: so the tables
 * could be distributed by them. A message's id is unique within its convo. Switches are 0 or 1, as SQLite has them.
 * Rows that a send updates have room beside them, so that the new version needs no new place in the indexes.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table account (
    uid bigint generated always as identity primary key,
    did text collate "C" not null unique,
    chat_disabled smallint not null default 0 check (chat_disabled in (0, 1)),
    notifications text
  );

  -- The newest rev of each account. Whoever gives an account a new one locks its row until the commit.
  create table account_head (
    account bigint primary key,
    rev bigint not null
  ) with (fillfactor = 50);

  create table convo (
    id bigint primary key,
    kind text not null check (kind in ('direct', 'group'))
  ) with (fillfactor = 50);

  create table direct_convo (
    low bigint not null,
    high bigint not null,
    convo bigint not null,
    primary key (low, high)
  );

  create table group_convo (
    convo bigint primary key,
    name text not null,
    owner bigint not null,
    lock text not null check (lock in ('unlocked', 'locked', 'locked-permanently')),
    member_count integer not null check (member_count >= 0),
    request_count integer not null check (request_count >= 0),
    link_code text collate "C" unique,
    link text
  );

  create table join_request (
    convo bigint not null,
    account bigint not null,
    requested_at bigint not null,
    primary key (convo, account)
  );
  create index join_request_of_convo on join_request (convo, requested_at);
  create index join_request_of_account on join_request (account, requested_at);

  create table kicked_member (
    convo bigint not null,
    account bigint not null,
    primary key (convo, account)
  );

  create table member (
    convo bigint not null,
    account bigint not null,
    status text not null check (status in ('accepted', 'request')),
    rev bigint not null,
    listed smallint not null check (listed in (0, 1)),
    muted smallint not null check (muted in (0, 1)),
    visible_from bigint not null,
    last_message bigint not null,
    last_is_system smallint not null check (last_is_system in (0, 1)),
    read_up_to bigint not null,
    unread integer not null check (unread >= 0),
    joined bigint not null,
    added_by bigint,
    unread_requests integer not null check (unread_requests >= 0),
    primary key (convo, account)
  ) with (fillfactor = 70);
  create index member_by_status on member (account, status, rev) where listed = 1;
  create index member_unread on member (account, rev)
    where listed = 1 and (unread > 0 or unread_requests > 0);
  create index member_by_convo on member (account, convo) where listed = 1;

  create table message (
    convo bigint not null,
    id bigint not null,
    rev bigint not null,
    sender bigint,
    body text,
    event text,
    primary key (convo, id),
    check ((sender is null) = (event is not null))
  );
  create index message_by_id on message (id);

  create table reaction (
    convo bigint not null,
    message bigint not null,
    sender bigint not null,
    value text collate "C" not null,
    rev bigint not null,
    primary key (convo, message, sender, value)
  );
  create index reaction_in_convo on reaction (convo, rev);

  create table hidden_message (
    account bigint not null,
    convo bigint not null,
    message bigint not null,
    primary key (account, convo, message)
  );

  create table log (
    account bigint not null,
    rev bigint not null,
    type text not null,
    convo bigint not null,
    message bigint,
    reaction text,
    member bigint,
    primary key (account, rev)
  );
  create index log_by_convo on log (account, convo) where type = 'beginConvo';

  create table mod_event (
    rev bigint primary key,
    event text not null
  );

  -- One row: events of all convos are one stream. Whoever writes one locks it until the commit, last of all.
  create table mod_event_head (
    stream smallint primary key check (stream = 1),
    rev bigint not null
  );
  insert into mod_event_head (stream, rev) values (1, 0);

  create table sent_key (
    account bigint not null,
    key text collate "C" not null,
    convo bigint not null,
    message bigint not null,
    primary key (account, key)
  );
  create index sent_key_by_age on sent_key (account, message);
  `,
]

/** Any number that no other program takes in this database: the first letters of our name. */
const migrationLock = 0x7061726c

/**
 * Brings a database to the newest version; refuses one that a newer Parley wrote. One process at a time does it.
 * `driver` has one connection, which holds the lock.
 */
export async function migrate(driver: Driver): Promise<void> {
  try {
    // To fill a new index may take long, and so may another process that is about to.
    await driver.unsafe('set statement_timeout = 0; set lock_timeout = 0')
    await driver.unsafe(`select pg_advisory_lock(${migrationLock})`)
    await driver.unsafe('create table if not exists parley_version (version integer not null)')
    const [row] = await ask<{ version: number }>(
      driver,
      'select max(version) as version from parley_version',
      [],
    )
    const version = row?.version ?? 0
    if (version > MIGRATIONS.length) {
      throw new Error(
        `The database is of version ${version}, this Parley knows up to ${MIGRATIONS.length}: run a newer Parley on it`,
      )
    }
    for (let next = version; next < MIGRATIONS.length; next++) {
      // Statements that are sent as one text are one transaction.
      await driver.unsafe(`${MIGRATIONS[next]}; insert into parley_version (version) values (${next + 1})`)
    }
  } finally {
    await driver.unsafe(`select pg_advisory_unlock(${migrationLock})`).catch(() => {})
  }
}
