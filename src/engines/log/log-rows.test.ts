import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { CHANGE_COLUMNS, type LoggedChange } from './change-log.ts'
import { type Position, readEndPosition, readRowsAfter } from './log-rows.sql.ts'

const { db, pool } = await testDatabase()

let nextId = 1n
/** A reader's row is one change. */
const insertReader = (id: bigint) => `insert into reader (id, name) values (${id}, 'reader ${id}')`
const changesAfter = async (after: Position, limit: number) =>
  (await readRowsAfter<LoggedChange>(db, 'change', { columns: CHANGE_COLUMNS, after, limit })).rows
const keys = (changes: LoggedChange[]) => changes.map(change => change.key)

/** Returns a function that ends the transaction. */
async function begin(statement: string) {
  const client = await pool.connect()
  await client.query('begin')
  await client.query(statement)
  return async (end: 'commit' | 'rollback') => {
    await client.query(end)
    client.release()
  }
}

/** The end of the log, once all transactions are below it: those of other tests on this server hold it back for moments. */
async function waitForEnd(): Promise<Position> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  const last = BigInt(rows[0]?.xid ?? 0)
  return eventually(
    () => readEndPosition(db),
    end => BigInt(end.xid) > last,
  )
}

/** All changes after a position. */
async function readAll(from: Position): Promise<LoggedChange[]> {
  await waitForEnd()
  return changesAfter(from, 10_000)
}

test('an earlier transaction that commits later than a later one is not skipped', async () => {
  const from = await waitForEnd()
  const [early, late] = [nextId++, nextId++]
  const earlier = await begin(insertReader(early))
  await pool.query(insertReader(late))
  assert.deepEqual(await changesAfter(from, 10), [], 'the later one waits for the earlier')
  await earlier('commit')
  const changes = await readAll(from)
  assert.deepEqual(keys(changes), [early, late])
  assert.deepEqual(await readAll(changes[1] as LoggedChange), [])
})

test('an open transaction that has written nothing holds no reader back', async () => {
  const from = await waitForEnd()
  const idle = await begin('select 1')
  const id = nextId++
  await pool.query(insertReader(id))
  assert.deepEqual(keys(await readAll(from)), [id])
  await idle('rollback')
})

test('a transaction or savepoint that is rolled back leaves no change', async () => {
  const from = await waitForEnd()
  const [gone, undone, kept] = [nextId++, nextId++, nextId++]
  await (await begin(insertReader(gone)))('rollback')
  await pool.query(`begin; savepoint here; ${insertReader(undone)}; rollback to here; ${insertReader(kept)}; commit`)
  assert.deepEqual(keys(await readAll(from)), [kept])
})

test('a reader gets batches in order, also from the middle of a transaction', async () => {
  const from = await waitForEnd()
  const ids = Array.from({ length: 7 }, () => nextId++)
  await pool.query(`begin; ${ids.slice(0, 5).map(insertReader).join('; ')}; commit`)
  for (const id of ids.slice(5)) await pool.query(insertReader(id))
  await waitForEnd()
  const sizes: number[] = []
  const read: bigint[] = []
  for (let seen = from; sizes.at(-1) !== 0; ) {
    const changes = await changesAfter(seen, 3)
    sizes.push(changes.length)
    read.push(...keys(changes))
    seen = changes.at(-1) ?? seen
  }
  assert.deepEqual(sizes, [3, 3, 1, 0])
  assert.deepEqual(read, ids)
})

test('transactions are ordered as numbers, 9 before 10', async () => {
  for (const xid of ['11', '9', '100', '10', '8', '99'])
    await pool.query(`insert into change (xid, topic, key) values ('${xid}', 'reader', ${xid})`)
  const read: string[] = []
  for (let seen: Position = { xid: '7', seq: 0n }; read.length < 6; ) {
    const changes = await changesAfter(seen, 2)
    assert.equal(changes.length, 2)
    read.push(...changes.map(change => change.xid))
    seen = changes.at(-1) as LoggedChange
  }
  assert.deepEqual(read, ['8', '9', '10', '11', '99', '100'])
  await pool.query(`delete from change where xid <= '100'`)
})

test('with many concurrent writers, a reader gets every committed change exactly once, in order', async () => {
  const seed = Date.now() % 2 ** 31
  const work = fc.record({
    rows: fc.integer({ min: 1, max: 4 }),
    pauseMs: fc.nat(8),
    ends: fc.constantFrom('commit', 'commit', 'rollback'),
  })
  const lists = fc.sample(fc.array(work, { minLength: 40, maxLength: 40 }), { seed, numRuns: 6 })
  const from = await waitForEnd()
  const committed: bigint[] = []
  let finished = false
  const writers = lists.map(async list => {
    const client = await pool.connect()
    try {
      for (const { rows, pauseMs, ends } of list) {
        const ids = Array.from({ length: rows }, () => nextId++)
        await client.query('begin')
        for (const id of ids) await client.query(insertReader(id)).then(() => sleep(pauseMs / 4))
        await client.query(ends)
        if (ends === 'commit') committed.push(...ids)
      }
    } finally {
      client.release()
    }
  })
  const written = Promise.all(writers).finally(() => {
    finished = true
  })
  const received: LoggedChange[] = []
  // A second reader that starts in the middle: with the rows it finds then, it misses none either.
  const latecomer = (async () => {
    while (committed.length < 100 && !finished) await sleep(1)
    const position = await readEndPosition(db)
    const { rows } = await pool.query<{ id: bigint }>('select id from reader')
    return { position, found: rows.map(row => row.id) }
  })()
  for (let last = false; ; ) {
    const changes = await changesAfter(received.at(-1) ?? from, 7)
    received.push(...changes)
    if (changes.length === 7) continue
    if (last) break
    if (finished) {
      await written
      await waitForEnd()
      last = true
    }
  }
  const { position, found } = await latecomer
  assert.deepEqual(received, received.toSorted(inOrder), `seed ${seed}`)
  assert.deepEqual(keys(received).toSorted(ascending), committed.toSorted(ascending), `seed ${seed}`)
  const both = new Set([...found, ...keys(await readAll(position))])
  assert.deepEqual(
    committed.filter(id => !both.has(id)),
    [],
    `seed ${seed}`,
  )
})

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1)
const inOrder = (a: LoggedChange, b: LoggedChange) => Number(BigInt(a.xid) - BigInt(b.xid)) || Number(a.seq - b.seq)

test('a reader that starts at the end gets no change of an ended transaction, and every change of the others', async () => {
  const [before, inProgress, meanwhile, after] = [nextId++, nextId++, nextId++, nextId++]
  await pool.query(insertReader(before))
  await waitForEnd()
  const commitOpen = await begin(insertReader(inProgress))
  await pool.query(insertReader(meanwhile))
  const position = await readEndPosition(db)
  await pool.query(insertReader(after))
  await commitOpen('commit')
  assert.deepEqual(keys(await readAll(position)), [inProgress, meanwhile, after])
  assert.deepEqual(await readAll(await waitForEnd()), [])
})

test('a statement over many rows logs each of them once, by the key of its topic', async () => {
  const id = nextId++
  await pool.query(`insert into channel (id, name) values (7, 'channel')`)
  await pool.query(insertReader(id))
  const changesBy = async (statement: string) => {
    const from = await waitForEnd()
    await pool.query(statement)
    return (await readAll(from)).map(change => `${change.topic} ${change.key}`).toSorted()
  }
  const article = (n: number) => `(${n}, ${id}, 7, 'title', 2, now())`
  const columns = 'id, author_id, channel_id, title, status, published_at'
  assert.deepEqual(await changesBy(`insert into article (${columns}) values ${article(1)}, ${article(2)}`), ['article 1', 'article 2'])
  assert.deepEqual(await changesBy(`insert into article_content values (1, 'text'), (2, 'text')`), ['article 1', 'article 2'])
  assert.deepEqual(await changesBy(`update article_content set html = 'other' where article_id = 2`), ['article 2'])
  assert.deepEqual(await changesBy('update article set status = 4'), ['article 1', 'article 2'])
  assert.deepEqual(await changesBy('update article_content set article_id = 3 - article_id where article_id = 3'), [])
  assert.deepEqual(await changesBy('delete from article where id = 2'), ['article 2', 'article 2'], 'its text is deleted with it')
  assert.deepEqual(await changesBy(`update channel set id = 8, name = 'moved' where id = 7 and false`), [])
  assert.deepEqual(await changesBy(`insert into channel (id, name) values (8, 'other')`), ['channel 8'])
  assert.deepEqual(await changesBy('update channel set id = 9 where id = 8'), ['channel 8', 'channel 9'], 'its old and its new id')
})

test('every table with a change log refuses TRUNCATE, because it fires no row triggers', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select tgrelid::regclass::text as name from pg_trigger where tgname = 'note_deleted'`,
  )
  assert.ok(rows.length >= 7)
  for (const { name } of rows) await assert.rejects(pool.query(`truncate ${name} cascade`), /use DELETE instead of TRUNCATE/, name)
})

test('rows that are alike are read as one, each in one batch only, however small the batches', async () => {
  const topics = ['a', 'b', 'a', 'b', 'b', 'a', 'a']
  const from = await waitForEnd()
  await pool.query(`insert into change (topic, key) select topic, place from unnest($1::text[]) with ordinality given (topic, place)`, [
    topics,
  ])
  await waitForEnd()
  for (const limit of [1, 2, 3, 5, 10]) {
    const read: bigint[] = []
    let after = from
    for (let atEnd = false; !atEnd; ) {
      const columns = sql`topic, array_agg(key) as keys`
      const query = { columns, alike: sql`topic`, after, limit }
      const { rows, count } = await readRowsAfter<Position & { topic: string; keys: bigint[] }>(db, 'change', query)
      for (const { topic, keys } of rows) for (const key of keys) assert.equal(topic, topics[Number(key) - 1])
      assert.equal(count, rows.flatMap(({ keys }) => keys).length)
      read.push(...rows.flatMap(({ keys }) => keys))
      after = rows.at(-1) ?? after
      atEnd = count < limit
    }
    assert.deepEqual(
      read.toSorted((a, b) => Number(a - b)),
      [1n, 2n, 3n, 4n, 5n, 6n, 7n],
      `batches of ${limit}`,
    )
  }
})
