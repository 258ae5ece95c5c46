import { EngineStore } from '../src/store/engine-store.ts'
import { HeadCache } from '../src/store/head-cache.ts'
import { readAddress } from '../src/store/postgres/address.ts'
import { Connection } from '../src/store/postgres/connection.ts'
import { literalOf } from '../src/store/postgres/literals.ts'
import type { Inside, Inspected } from './inspected.ts'
import { emptying } from './reused.ts'
import { databases } from './stores.ts'

/** With a database and connections of its own. */
export async function inspectedPostgres(): Promise<Inspected> {
  const { engine, inspected, close, giveBack } = await openPostgres()
  engine.close = async () => {
    await close()
    await giveBack()
  }
  return inspected
}

/** `giveBack`: the database, once all is closed. */
export async function openPostgres(): Promise<Inside & { giveBack(): Promise<void> }> {
  const { engine, address, giveBack } = await databases.take()
  // Past the engine.
  const connection = await Connection.open(readAddress(address))
  for (const text of watching) await connection.ask(text, [])
  const inspected: Inspected = {
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
  const closeEngine = engine.close.bind(engine)
  return {
    engine,
    inspected,
    async empty() {
      await connection.ask('select empty_tables()', [])
    },
    async close() {
      await closeEngine()
      await connection.close()
    },
    giveBack,
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
     ${emptying}
     update account_head set rev = 0 where rev > 0;
     update mod_event_head set rev = 0 where rev > 0;
   $$`,
]
