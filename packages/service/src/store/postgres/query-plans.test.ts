import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import { systemClock } from '../../clock.ts'
import { changeEverything, readEverything } from '../contract/everything.ts'
import { readAddress } from './address.ts'
import { Connection } from './connection.ts'
import { connect, type Driver } from './driver.ts'
import { openPostgresStore } from './postgres-store.ts'

/** One row: to walk through it is to read it. */
const oneRow = 'mod_event_head'

/** A node of a plan, as far as it is looked at. */
interface Plan {
  'Node Type': string
  'Parent Relationship'?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Plans?: Plan[]
}

describe('statements of the PostgreSQL store, on a filled database', () => {
  let postgres: Postgres
  const plans = new Map<string, Plan>()
  let firstColumns: Map<string, string>

  before(async () => {
    postgres = await startPostgres()
    const address = await postgres.createDatabase()
    const texts = await statementsOn(address)
    const driver = connect(readAddress(address))
    for (const text of filling) await driver.unsafe(text)
    for (const text of texts) plans.set(text, await planOf(driver, text))
    firstColumns = await firstColumnsOf(driver)
    await driver.end({ timeout: 0 })
  })
  after(() => postgres[Symbol.asyncDispose]())

  test('none has to walk through a whole table, or a whole index', () => {
    assert.ok(plans.size > 70, `${plans.size} statements`)
    const walks = [...plans].flatMap(([text, plan]) =>
      [...nodesOf(plan)]
        .filter(node => isWalk(node, firstColumns))
        .map(node => `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']}: ${text}`),
    )
    assert.deepEqual(walks, [])
  })

  test('pages can come in the order of an index, not sorted after all was read', () => {
    const paged = [...plans].filter(([text]) => /^\s*select.* order by .* limit/s.test(text))
    assert.ok(paged.length > 15, `${paged.length} statements`)
    const sorted = paged.filter(([text, plan]) => !text.includes(membersInOrder) && isSorted(plan))
    assert.deepEqual(
      sorted.map(([text]) => text),
      [],
    )
  })
})

/** A page of them is sorted for the same reason. */
const membersInOrder = 'from member where convo = $1 and joined > $2'

/** Every statement about rows that a store sends while everything is asked of it. */
async function statementsOn(address: string): Promise<Set<string>> {
  const texts = new Set<string>()
  const ask = Connection.prototype.ask
  Connection.prototype.ask = function (text, values) {
    if (/^\s*(select|insert|update|delete|with)\b/.test(text)) texts.add(text)
    return ask.call(this, text, values) as never
  }
  const store = await openPostgresStore({ address, clock: systemClock })
  try {
    await readEverything(store)
    await changeEverything(store)
  } finally {
    await store.close()
    Connection.prototype.ask = ask
  }
  return texts
}

/** The one plan that a connection makes of a statement, whatever its values (see driver.ts). */
async function planOf(driver: Driver, text: string): Promise<Plan> {
  await driver.unsafe(`prepare asked as ${text}`)
  const values = new Set(text.match(/\$[0-9]+/g))
  const nulls = values.size > 0 ? `(${[...values].map(() => 'null').join(', ')})` : ''
  const [row] = await driver.unsafe(`explain (format json) execute asked${nulls}`)
  await driver.unsafe('deallocate asked')
  const [{ Plan: plan }] = row!['QUERY PLAN'] as [{ Plan: Plan }]
  return plan
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan
  for (const inner of plan.Plans ?? []) yield* nodesOf(inner)
}

/** An index is walked through as well where nothing is asked of its first column. */
function isWalk(node: Plan, firstColumns: ReadonlyMap<string, string>): boolean {
  const type = node['Node Type']
  if (type === 'Seq Scan') return node['Relation Name'] !== oneRow
  if (!/^(Index Scan|Index Only Scan|Bitmap Index Scan)$/.test(type)) return false
  const first = firstColumns.get(node['Index Name']!)!
  return !new RegExp(`\\b${first}\\b`).test(node['Index Cond'] ?? '')
}

/** Of every index. */
async function firstColumnsOf(driver: Driver): Promise<Map<string, string>> {
  const rows = await driver.unsafe(`
    select indexrelid::regclass::text as index, attname as first from pg_index
    join pg_attribute on attrelid = indrelid and attnum = indkey[0]`)
  return new Map(rows.map(({ index, first }) => [index, first]))
}

/** Not of what is asked beside, about each row: the first members of a convo are sorted, which has a hundred at most. */
function isSorted(plan: Plan): boolean {
  if (plan['Parent Relationship'] === 'SubPlan') return false
  return plan['Node Type'].endsWith('Sort') || (plan.Plans ?? []).some(isSorted)
}

/**
 * 5 000 accounts in 5 000 convos, every other one a group of three. Not more rows in a table than `analyze` looks at, so
 * that plans do not depend on which it happened to see; of so few it would often be best to read all, and sort them.
 */
const filling = [
  "insert into account (did) select 'did:plc:filling' || i from generate_series(1, 5000) i",
  'insert into account_head select uid, 50 from account on conflict do nothing',
  "insert into convo select i, (array['direct', 'group'])[i % 2 + 1] from generate_series(1, 5000) i",
  'insert into direct_convo select i % 2000 + 10, 2010 + i / 4, i from generate_series(2, 5000, 2) i',
  `insert into group_convo select i, 'group', i % 2000 + 10, 'unlocked', 3, 1, 'link' || i, '{}'
   from generate_series(1, 5000, 2) i`,
  `insert into member
   select i, (i * 7 + side * 600) % 2000 + 10, (array['accepted', 'request'])[i % 4 / 3 + 1], i, 1, i % 10 / 9, 0, 5,
     0, 4, (i % 5 = 0)::int, side, null, 0
   from generate_series(1, 5000) i, generate_series(0, 1 + i % 2) side`,
  `insert into message select i, id, id, (i * 7) % 2000 + 10, '{}', null
   from generate_series(1, 5000) i, generate_series(1, 5) id`,
  `insert into reaction select i, id, (i * 7) % 2000 + 10, 'x', id
   from generate_series(1, 5000) i, generate_series(1, 3) id`,
  `insert into hidden_message select (i * 7) % 2000 + 10, i, id
   from generate_series(1, 5000) i, generate_series(1, 3) id`,
  `insert into log
   select account, rev, (array['beginConvo', 'createMessage'])[least(rev, 2)], account, rev, null, null
   from generate_series(10, 2009) account, generate_series(1, 12) rev`,
  'insert into join_request select i, (i * 11) % 2000 + 10, i from generate_series(1, 5000) i',
  'insert into kicked_member select i, (i * 13) % 2000 + 10 from generate_series(1, 5000) i',
  "insert into mod_event select rev, '{}' from generate_series(1, 5000) rev",
  `insert into sent_key select account, 'key' || i, i, 1
   from generate_series(10, 2009) account, generate_series(1, 3) i`,
  'analyze',
  'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_sort = off',
]
