import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { copyDataFolder } from '../../../test/support/server-process.ts'
import { eventually, PATIENCE_MS, retryUntilDone } from '../../../test/support/waiting.ts'
import type { ReaderId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { startPostgres } from '../postgres/embedded-postgres.ts'
import { type Db, isDatabaseUnavailable, openDatabase, waitForDatabase } from './database.ts'

const { db, pool, url } = await testDatabase()

const one = async (query: ReturnType<typeof sql<{ it: unknown }>>) => (await query.execute(db)).rows[0]?.it
const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    await promise
  } catch (err) {
    return err as Error
  }
  throw new Error('it did not fail')
}
const pidOf = async (on: Db) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on)).rows[0]?.pid
const terminate = (pid: number | undefined) => pool.query('select pg_terminate_backend($1)', [pid])

/** A server of its own, to stop and start: the other is everyone's. */
async function ownServer() {
  const dataDir = await copyDataFolder({ after: cleanup })
  let server = await startPostgres({ dataDir, log: silentLog })
  cleanup(() => server.stop())
  const database = openDatabase({ url: server.url, name: 'test', log: silentLog })
  cleanup(database.close)
  return {
    db: database.db,
    stop: () => server.stop(),
    start: async () => {
      server = await startPostgres({ dataDir, log: silentLog })
    },
  }
}

test('ids are exact in both directions', async () => {
  for (const id of [0n, 1n, -1n, 2n ** 53n + 1n, 1_234_567_890_123_456_789n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assert.equal(await one(sql`select ${id}::bigint as it`), id)
    assert.equal(await one(sql`select (${id}::bigint)::text as it`), id.toString())
  }
  const id = (2n ** 62n + 1n) as ReaderId
  await db.insertInto('reader').values({ id, name: 'exact' }).execute()
  assert.deepEqual(await db.selectFrom('reader').select('id').where('id', '=', id).executeTakeFirst(), { id })
  assert.equal(
    await db
      .selectFrom('reader')
      .select('id')
      .where('id', '=', (id - 1n) as ReaderId)
      .executeTakeFirst(),
    undefined,
  )
})

test('lists of ids are exact in both directions, also empty ones', async () => {
  for (const ids of [
    [],
    [2n ** 53n + 1n],
    [2n ** 63n - 1n, 0n, -(2n ** 63n)],
    Array.from({ length: 1_000 }, (_, i) => 2n ** 60n + BigInt(i)),
  ]) {
    assert.deepEqual(await one(sql`select ${ids}::bigint[] as it`), ids)
    assert.equal(await one(sql`select (${ids}::bigint[])::text as it`), `{${ids.join()}}`)
  }
  assert.deepEqual(await one(sql`select array(select id from reader where false) as it`), [])
})

test('a missing id and a missing list are null, and a list with nulls in it is refused', async () => {
  assert.equal(await one(sql`select ${null}::bigint as it`), null)
  assert.equal(await one(sql`select ${null}::bigint[] as it`), null)
  assert.equal(await one(sql`select array_agg(id) as it from reader where false`), null)
  await assert.rejects(one(sql`select array[1, null]::bigint[] as it`), SyntaxError)
  await assert.rejects(one(sql`select array[[1], [2]]::bigint[] as it`), SyntaxError)
  assert.equal(await one(sql`select 1 as it`), 1, 'the connection goes on')
})

test('a date is the same day in every time zone', async () => {
  assert.equal(await one(sql`select '1990-06-30'::date as it`), '1990-06-30')
})

test('a query whose connection is terminated fails with an error that says the database is unavailable, and a later query works', async () => {
  const query = failureOf(sql`select pg_sleep(600)`.execute(db))
  const terminated = `select pg_terminate_backend(pid) from pg_stat_activity
    where query like 'select pg_sleep%' and state = 'active' and datname = current_database()`
  await eventually(
    async () => (await pool.query(terminated)).rowCount ?? 0,
    count => count > 0,
  )
  assert.ok(isDatabaseUnavailable(await query), String(await query))
  // The very next one may still be given the connection that is about to end.
  await waitForDatabase(db, PATIENCE_MS, silentLog)
})

test('a transaction whose connection is terminated between two statements fails as unavailable', async () => {
  const failure = await failureOf(
    db.transaction().execute(async tx => {
      await terminate(await pidOf(tx))
      await sleep(100) // the client hears of it while no query runs
      await sql`select 1`.execute(tx)
    }),
  )
  assert.ok(isDatabaseUnavailable(failure), String(failure))
  assert.equal(await one(sql`select 1 as it`), 1)
})

test('an idle connection that is terminated is replaced', async () => {
  const { db, close } = openDatabase({ url, name: 'test', log: silentLog, connectionsMax: 1 })
  const before = await pidOf(db)
  await terminate(before)
  // Until we have heard of it, a query may still be given the one that has ended.
  const after = await eventually(
    () => pidOf(db).catch(() => undefined),
    pid => pid !== undefined,
  )
  assert.notEqual(after, before)
  await close()
})

test('a cancelled statement and a server without free connections count as unavailable', async () => {
  const cancelled = await failureOf(
    db.transaction().execute(async tx => {
      await sql`set local statement_timeout = 10`.execute(tx)
      await sql`select pg_sleep(5)`.execute(tx)
    }),
  )
  assert.ok(isDatabaseUnavailable(cancelled), String(cancelled))
  assert.ok(
    isDatabaseUnavailable(await failureOf(sql`do $$ begin raise exception using errcode = 'too_many_connections'; end $$`.execute(db))),
  )
})

test('a pool without a free connection counts as unavailable', async () => {
  const { db, pool, close } = openDatabase({ url, name: 'test', log: silentLog, connectionsMax: 1 })
  const held = await pool.connect()
  const failure = await failureOf(sql`select 1`.execute(db))
  assert.ok(isDatabaseUnavailable(failure), String(failure))
  held.release()
  await close()
})

test('a wrong statement does not count as unavailable', async () => {
  const client = await retryUntilDone(() => pool.connect()) // on a busy machine a connection may come too late
  for (const mistake of ['selec', 'select nothing', 'select 1 / 0', 'insert into following values (1, 1)', 'rollback to nowhere'])
    assert.equal(isDatabaseUnavailable(await failureOf(client.query(mistake))), false, mistake)
  client.release()
  assert.equal(isDatabaseUnavailable(new TypeError('x is not a function')), false)
})

test('a host without an address counts as unavailable', async () => {
  const { db, close } = openDatabase({ url: 'postgres://a:b@database.invalid/c', name: 'test', log: silentLog })
  const failure = await failureOf(sql`select 1`.execute(db))
  assert.ok(isDatabaseUnavailable(failure), String(failure))
  await close()
})

test('while the server stops, is down and starts, every failure counts as unavailable, and then queries work', async () => {
  const server = await ownServer()
  const failures: Error[] = []
  let answers = 0
  let over = false
  const asking = Array.from({ length: 4 }, async (_, i) => {
    while (!over) {
      await server.db
        .transaction()
        .execute(async tx => {
          await sql`select 1`.execute(tx)
          await sleep(i)
          await sql`select 2`.execute(tx)
        })
        .then(
          () => answers++,
          (err: Error) => failures.push(err),
        )
      await sleep(1)
    }
  })
  await eventually(
    () => answers,
    count => count > 0,
  )
  await server.stop()
  assert.equal(((await failureOf(sql`select 1`.execute(server.db))) as { code?: string }).code, 'ECONNREFUSED')
  await server.start()
  await waitForDatabase(server.db, 3 * PATIENCE_MS, silentLog)
  over = true
  await Promise.all(asking)
  assert.ok(failures.length > 0)
  assert.deepEqual([...new Set(failures.filter(err => !isDatabaseUnavailable(err)).map(String))], [])
})

test('waiting for the database ends when it answers, or else with the last error', async () => {
  const server = await ownServer()
  await waitForDatabase(server.db, 0, silentLog)
  await server.stop()
  const started = performance.now()
  assert.equal(((await failureOf(waitForDatabase(server.db, 300, silentLog))) as { code?: string }).code, 'ECONNREFUSED')
  assert.ok(performance.now() - started >= 300)
  let ready = false
  const waiting = waitForDatabase(server.db, 3 * PATIENCE_MS, silentLog).then(() => {
    ready = true
  })
  await sleep(300)
  assert.equal(ready, false)
  await server.start()
  await waiting
  assert.equal((await sql<{ it: number }>`select 1 as it`.execute(server.db)).rows[0]?.it, 1)
})

test('a connection keeps the plans of repeated statements, however many others ran once before', async () => {
  const { db, close } = openDatabase({ url, name: 'test', log: silentLog, connectionsMax: 1 })
  const asked = () => sql<{ kept: number }>`select count(*)::int as kept from pg_prepared_statements where ${1}::int = 1`.execute(db)
  await db.connection().execute(async one => {
    for (let i = 0; i < 1_000; i++) await sql`select ${i}::int where ${sql.lit(i)} < 0`.execute(one)
  })
  for (let i = 0; i < 2; i++) await asked()
  assert.equal((await asked()).rows[0]?.kept, 1)
  await close()
})

test('a statement whose table has got other columns runs again, unless its transaction was aborted', async () => {
  await sql`create table shaped (a int)`.execute(db)
  const { db: own, close } = openDatabase({ url, name: 'test', log: silentLog, connectionsMax: 1 })
  const asked = (on: Db = own) => sql<Record<string, number>>`select * from shaped where ${1}::int = 1`.execute(on).then(({ rows }) => rows)
  await sql`insert into shaped values (1)`.execute(db)
  for (let i = 0; i < 3; i++) assert.deepEqual(await asked(), [{ a: 1 }])
  await sql`alter table shaped add b int default 2`.execute(db)
  for (let i = 0; i < 4; i++) assert.deepEqual(await asked(), [{ a: 1, b: 2 }])
  await sql`alter table shaped add c int default 3`.execute(db)
  await assert.rejects(
    own.transaction().execute(tx => asked(tx)),
    /cached plan must not change result type/,
  )
  assert.deepEqual(await asked(), [{ a: 1, b: 2, c: 3 }])
  await close()
})
