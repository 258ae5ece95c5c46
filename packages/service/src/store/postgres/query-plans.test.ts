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
  'Relation Name'?: string
  'Index Cond'?: string
  Plans?: Plan[]
}

describe('statements of the PostgreSQL store, on a filled database', () => {
  let postgres: Postgres
  const plans = new Map<string, Plan>()

  before(async () => {
    postgres = await startPostgres()
    const address = await postgres.createDatabase()
    const texts = await statementsOn(address)
    const driver = connect(readAddress(address))
    for (const text of filling) await driver.unsafe(text)
    for (const text of texts) plans.set(text, await planOf(driver, text))
    await driver.end({ timeout: 0 })
  })
  after(() => postgres[Symbol.asyncDispose]())

  test('none walks through a whole table, or a whole index', () => {
    assert.ok(plans.size > 70, `${plans.size} statements`)
    const walks = [...plans].flatMap(([text, plan]) =>
      [...nodesOf(plan)].filter(isWalk).map(node => `${node['Node Type']} ${node['Relation Name']}: ${text}`),
    )
    assert.deepEqual(walks, [])
  })

  test('pages come in the order of an index, not sorted after all was read', () => {
    const paged = [...plans].filter(([text]) => /^\s*select.* order by .* limit/s.test(text))
    assert.ok(paged.length > 15, `${paged.length} statements`)
    const sorted = paged.filter(
      ([text, plan]) => !sortedAllTheSame.some(it => text.includes(it)) && isSorted(plan),
    )
    assert.deepEqual(
      sorted.map(([text]) => text),
      [],
    )
  })
})

const sortedAllTheSame = [
  // A convo has a hundred at most.
  'from member where convo = $1 and joined > $2',
  // What one account has written in a convo seems to be little beside all that is there; asked where it is deleted.
  'where convo = $1 and sender = $2 and id > $3',
]

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

function isWalk(node: Plan): boolean {
  const type = node['Node Type']
  if (type === 'Seq Scan') return node['Relation Name'] !== oneRow
  return /^(Index Scan|Index Only Scan|Bitmap Index Scan)$/.test(type) && node['Index Cond'] === undefined
}

/** Whether what a page is cut from is sorted first. */
function isSorted(plan: Plan): boolean {
  return plan['Node Type'] === 'Limit' && /Sort/.test(plan.Plans?.[0]?.['Node Type'] ?? '')
}

/**
 * 50 000 accounts, 20 000 of them in 30 000 convos, every other one a group of three. Fewer, and to read a whole table
 * would be the best plan.
 */
const filling = [
  "insert into account (did) select 'did:plc:filling' || i from generate_series(1, 50000) i",
  'insert into account_head select uid, 50 from account on conflict do nothing',
  "insert into convo select i, (array['direct', 'group'])[i % 2 + 1] from generate_series(1, 30000) i",
  'insert into direct_convo select i % 10000 + 10, 10010 + i / 4, i from generate_series(2, 30000, 2) i',
  `insert into group_convo select i, 'group', i % 10000 + 10, 'unlocked', 3, 1, 'link' || i, '{}'
   from generate_series(1, 30000, 2) i`,
  `insert into member
   select i, (i * 7 + side * 6000) % 20000 + 10, (array['accepted', 'request'])[i % 4 / 3 + 1], i, 1, i % 10 / 9, 0, 20,
     0, 19, (i % 5 = 0)::int, side, null, 0
   from generate_series(1, 30000) i, generate_series(0, 1 + i % 2) side`,
  `insert into message select i, id, id, (i * 7) % 20000 + 10, '{}', null
   from generate_series(1, 6000) i, generate_series(1, 20) id`,
  `insert into reaction select i, id, (i * 7) % 20000 + 10, 'x', id
   from generate_series(1, 6000) i, generate_series(1, 3) id`,
  `insert into hidden_message select (i * 7) % 20000 + 10, i, id
   from generate_series(1, 6000) i, generate_series(1, 3) id`,
  `insert into log select account, rev, (array['beginConvo', 'createMessage'])[least(rev, 2)], rev, rev, null, null
   from generate_series(10, 5009) account, generate_series(1, 20) rev`,
  'insert into join_request select i, (i * 11) % 20000 + 10, i from generate_series(1, 30000) i',
  'insert into kicked_member select i, (i * 13) % 20000 + 10 from generate_series(1, 30000) i',
  "insert into mod_event select rev, '{}' from generate_series(1, 6000) rev",
  `insert into sent_key select account, 'key' || i, i, 1
   from generate_series(10, 10009) account, generate_series(1, 3) i`,
  'analyze',
]
