// After any statements and transactions, also concurrent and refused ones, each count equals what the rows say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { SIZE } from '../../../test/support/chaos-size.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { FEW, type Numbers, reader, STATEMENTS, TRUTH, WORLD } from './declared-counts.fixture.ts'
import { foldCounters } from './fold.ts'
import { COUNTER_KINDS } from './kinds.ts'
import { tableCounters } from './table.ts'

const { db, pool } = await testDatabase()
const counters = tableCounters(db)

interface Statement extends Numbers {
  what: string
}

type Step =
  | { do: 'statement'; statement: Statement }
  | { do: 'transaction'; steps: Inner[]; end: 'commit' | 'rollback' }
  | { do: 'at once'; each: Step[][] }
  | { do: 'fold'; most: number }
type Inner = { statement: Statement } | { savepoint: Statement[]; end: 'rollback to' | 'release' }

// Inserts are more frequent than deletes, or soon nothing would be left to change.
const names = Object.keys(STATEMENTS)
const inserts = names.filter(name => name.startsWith('insert'))
const replies = names.filter(name => name.includes('replies') || name.includes('comment likings'))
const statement = fc.record({
  what: fc.constantFrom(...names, ...inserts, ...replies),
  a: fc.nat(7),
  b: fc.nat(7),
  c: fc.nat(3),
  n: fc.nat(9),
})
const single = statement.map((one): Step => ({ do: 'statement', statement: one }))
const fold = fc.integer({ min: 1, max: 30 }).map((most): Step => ({ do: 'fold', most }))
const transaction = fc.record({
  do: fc.constant('transaction' as const),
  steps: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: statement.map((one): Inner => ({ statement: one })) },
      {
        weight: 1,
        arbitrary: fc.record({
          savepoint: fc.array(statement, { minLength: 1, maxLength: 3 }),
          end: fc.constantFrom('rollback to' as const, 'release' as const),
        }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  end: fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const),
})
const alone = fc.oneof({ weight: 6, arbitrary: single }, { weight: 2, arbitrary: fold }, { weight: 3, arbitrary: transaction })
const atOnce = fc.record({
  do: fc.constant('at once' as const),
  each: fc.array(fc.array(alone, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 }),
})
const sequence = fc.array(fc.oneof({ weight: 5, arbitrary: alone }, { weight: 1, arbitrary: atOnce }), { minLength: 1, maxLength: 25 })

// A refused statement leaves nothing behind, so the counts must not move either. Refused are: a missing or duplicate key, a rule of
// a table, an author who changes or goes too early, a deadlock with another connection, one row twice in an upsert or merge.
const REFUSED = new Set(['23505', '23503', '23514', 'P0001', '23502', '40P01', '21000'])
let refusals = 0
let statements = 0
let runs = 0

class CopyIn extends pg.Query {
  lines = ''
  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    connection.sendCopyFromChunk(Buffer.from(this.lines))
    connection.endCopyFrom()
  }
}

/** False when the database refused it. */
async function execute(client: pg.PoolClient, { what, ...numbers }: Statement): Promise<boolean> {
  const query = (STATEMENTS[what] as (typeof STATEMENTS)[string])(numbers)
  statements++
  try {
    if (typeof query === 'string') await client.query(query)
    else
      await new Promise<void>((resolve, reject) => {
        const copying = new CopyIn(query.copy, err => (err ? reject(err) : resolve()))
        copying.lines = query.lines
        client.query(copying)
      })
    return true
  } catch (err) {
    if (!REFUSED.has((err as { code: string }).code)) throw new Error(`${what}: ${(err as Error).message}`, { cause: err })
    refusals++
    return false
  }
}

async function run(client: pg.PoolClient, step: Step): Promise<void> {
  if (step.do === 'fold') await foldCounters(db, step.most)
  if (step.do === 'statement') await execute(client, step.statement)
  if (step.do === 'transaction') {
    await client.query('begin')
    const succeeded = await runInside(client, step.steps)
    await client.query(succeeded ? step.end : 'rollback')
  }
  if (step.do === 'at once') {
    await Promise.all(
      step.each.map(async steps => {
        const own = await pool.connect()
        try {
          for (const one of steps) await run(own, one)
        } finally {
          own.release()
        }
      }),
    )
  }
}

async function runInside(client: pg.PoolClient, steps: Inner[]): Promise<boolean> {
  for (const step of steps) {
    if ('statement' in step) {
      if (!(await execute(client, step.statement))) return false
      continue
    }
    await client.query('savepoint here')
    let succeeded = true
    for (const one of step.savepoint) succeeded &&= await execute(client, one)
    await client.query(`${succeeded ? step.end : 'rollback to'} savepoint here`)
  }
  return true
}

type Counts = Record<string, string>

/** The counts that are not 0, by kind and id. */
async function counts(query: string): Promise<Counts> {
  const { rows } = await pool.query<{ kind: string; key: bigint; value: bigint }>(
    `select kind, key, value::bigint as value from (${query}) of_all where value <> 0 order by kind, key`,
  )
  return Object.fromEntries(rows.map(row => [`${row.kind} ${row.key}`, String(row.value)]))
}

const ORACLE = Object.entries(TRUTH)
  .map(([kind, query]) => `select '${kind}' as kind, id as key, value from (${query}) each_one (id, value)`)
  .join(' union all ')
const STORED = `select kind, key, sum(value) as value from (
  select kind, key, value from counter union all select kind, key, d from counter_delta) part group by kind, key`
const OF_KINDS = COUNTER_KINDS.map(kind => `select '${kind}' as kind, key, value from counter_truth_of('${kind}')`).join(' union all ')

async function read(): Promise<Counts> {
  const { rows } = await sql<{ id: bigint }>`select id from reader union select id from article union select id from comment`.execute(db)
  const ids = rows.map(row => row.id)
  const of = await counters.read(COUNTER_KINDS, ids)
  const all = COUNTER_KINDS.flatMap(kind => ids.map(id => [`${kind} ${id}`, of(id, kind)] as const))
  return Object.fromEntries(all.filter(([, value]) => value !== 0).map(([key, value]) => [key, String(value)]))
}

/** The counts, after all ways of counting were found to agree. */
async function agreedCounts(): Promise<Counts> {
  const [oracle, stored, truth, ofKinds, seen] = await Promise.all(
    [ORACLE, STORED, 'select * from counter_truth()', OF_KINDS].map(counts).concat(read()),
  )
  assert.deepEqual(stored, oracle, 'counter and counter_delta are not what the rows say')
  assert.deepEqual(truth, oracle, 'counter_truth() is not what the rows say')
  assert.deepEqual(ofKinds, oracle, 'counter_truth_of() is not what the rows say')
  assert.deepEqual(seen, oracle, 'what is read is not what the rows say')
  return oracle as Counts
}

/** Sequences. `npm test` runs as few as change counts of every kind. */
const { RUNS_MIN, RUNS_MAX } = { smoke: { RUNS_MIN: 10, RUNS_MAX: 150 }, full: { RUNS_MIN: 300, RUNS_MAX: 300 } }[SIZE]
const TABLES = ['behaviour', 'behaviour_day', 'following', 'comment_liking', 'comment', 'collection', 'attitude', 'article']

test('after any sequence of statements every count of every kind is what the rows say', async t => {
  assert.deepEqual(Object.keys(TRUTH).toSorted(), COUNTER_KINDS.toSorted(), 'every kind has its truth')
  // Connections that work on the same rows deadlock often; the default waits a second each time.
  await pool.query(`do $$ begin execute format('alter database %I set deadlock_timeout = 20', current_database()); end $$`)
  await pool.query(`insert into channel (id, name) values (1, 'channel')`)
  await pool.query(`insert into reader (id, name) select ${reader(0)} + g * 3, 'reader ' || g from generate_series(0, ${FEW - 1}) g`)
  const moved = new Set<string>()
  await fc.assert(
    fc.asyncProperty(sequence, async steps => {
      // From then on no run fails, so that a search for a shorter sequence that fails ends as well.
      if (runs >= RUNS_MIN && moved.size === COUNTER_KINDS.length) return
      runs++
      for (const table of TABLES) await pool.query(`delete from ${table}`)
      await pool.query('delete from counter; delete from counter_delta')
      await pool.query(WORLD)
      const before = await agreedCounts()
      const client = await pool.connect()
      try {
        for (const step of steps) await run(client, step)
      } finally {
        client.release()
      }
      const after = await agreedCounts()
      for (const key of Object.keys({ ...before, ...after })) if (after[key] !== before[key]) moved.add(key.split(' ')[0] as string)
      while ((await foldCounters(db, 7)) > 0);
      assert.deepEqual(await agreedCounts(), after, 'folding changes no count')
      for (const table of TABLES) await pool.query(`delete from ${table}`)
      assert.deepEqual(await agreedCounts(), {}, 'no count is left without rows')
    }),
    { numRuns: RUNS_MAX, seed: Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31) },
  )
  assert.deepEqual([...moved].toSorted(), COUNTER_KINDS.toSorted(), 'counts of every kind changed')
  t.diagnostic(`${runs} runs, ${statements} statements, ${refusals} of them refused`)
})
