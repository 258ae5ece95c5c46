import { after } from 'node:test'
import { EngineStore } from '../src/store/engine-store.ts'
import { HeadCache } from '../src/store/head-cache.ts'
import { readAddress } from '../src/store/postgres/address.ts'
import { Connection } from '../src/store/postgres/connection.ts'
import { literalOf } from '../src/store/postgres/literals.ts'
import type { PostgresEngine } from '../src/store/postgres/postgres-engine.ts'
import type { Inspected } from './inspected.ts'
import { databases } from './stores.ts'

/** On a database and with connections of its own. */
export async function inspectedPostgres(): Promise<Inspected> {
  const opened = await openWatched()
  return inspect(opened, async () => {
    await opened.close()
    await opened.giveBack()
  })
}

/**
 * Emptied by whoever closes it, and used again with the accounts that it knows and the connections that it has: for
 * worlds that are many and small. What it gave an earlier world, such as revs, it gives no other.
 */
export async function reusedPostgres(): Promise<Inspected> {
  const opened = idle.pop() ?? (await openWatched())
  return inspect(opened, async () => {
    await opened.connection.ask('select empty_tables()', [])
    idle.push(opened)
  })
}

const idle: Watching[] = []
after(() => Promise.all(idle.map(({ close }) => close())))

interface Watching {
  engine: PostgresEngine
  /** Past the engine. */
  connection: Connection
  close(): Promise<void>
  /** Once it is closed. */
  giveBack(): Promise<void>
}

async function openWatched(): Promise<Watching> {
  const { engine, address, giveBack } = await databases.take()
  const connection = await Connection.open(readAddress(address))
  for (const text of watching) await connection.ask(text, [])
  const close = engine.close.bind(engine)
  return {
    engine,
    connection,
    async close() {
      await close()
      await connection.close()
    },
    giveBack,
  }
}

function inspect({ engine, connection }: Watching, close: () => Promise<void>): Inspected {
  engine.close = close
  return {
    engine: 'PostgreSQL',
    open: clock => new EngineStore(engine, clock, { rows: new HeadCache(engine, clock) }),
    async written() {
      const [row] = await connection.ask<{ rows: number }>(
        'select case when is_called then last_value else 0 end as rows from rows_written',
        [],
      )
      return row!.rows
    },
    select: (text, ...values) => connection.ask(text, values.map(literalOf)),
  }
}

/** Every row that is written raises a sequence, at once and for good: no rollback lowers it. */
const watching = [
  'create sequence if not exists rows_written',
  `create or replace function count_row() returns trigger language plpgsql as $$
   begin perform nextval('rows_written'); return null; end $$`,
  `do $$
   declare name text;
   begin
     for name in select tablename from pg_tables where schemaname = 'public' loop
       execute format(
         'create or replace trigger count_row after insert or update or delete on %I
          for each row execute function count_row()', name);
     end loop;
   end $$`,
  `create or replace function empty_tables() returns void language sql as $$
     delete from convo; delete from direct_convo; delete from group_convo; delete from join_request;
     delete from kicked_member; delete from member; delete from message; delete from reaction;
     delete from hidden_message; delete from log; delete from mod_event; delete from sent_key;
     update account set chat_disabled = 0, notifications = null where chat_disabled = 1 or notifications is not null;
     update account_head set rev = 0 where rev > 0;
     update mod_event_head set rev = 0 where rev > 0;
   $$`,
]
