import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { cleanup } from '../../../test/support/cleanup.ts'
import { databaseUrl, runAsAdmin, testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { openDatabase } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'

const { url: server, pool: migrated } = await testDatabase()

/** An empty database, and a way to open it as another process would. */
async function emptyDatabase() {
  const name = `test_${randomBytes(6).toString('hex')}`
  await runAsAdmin(server, `create database ${name}`)
  cleanup(() => runAsAdmin(server, `drop database ${name} with (force)`))
  const url = databaseUrl(server, name)
  const open = () => {
    const { pool, close } = openDatabase({ url, name: 'test', log: silentLog })
    cleanup(close)
    return pool
  }
  return { url, pool: open(), open }
}

const migration = (name: string, text: string) => ({ name, text, checksum: createHash('sha256').update(text).digest('hex') })
const FIRST = migration('0001-first.sql', 'create table first (n int); insert into first values (1)')
const SECOND = migration('0002-second.sql', 'create table second (n int); insert into first values (2)')
const THIRD = migration('0003-third.sql', 'create table third (n int)')

const tables = async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
  return rows.map(row => row.name)
}
const recorded = async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ name: string }>('select name from migration order by name')
  return rows.map(row => row.name)
}
const firsts = async (pool: pg.Pool) => (await pool.query<{ n: number }>('select n from first order by n')).rows.map(row => row.n)
const lockFree = async (pool: pg.Pool) => {
  const { rows } = await pool.query(
    `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  )
  return rows.length === 0
}

test('a first start applies the product’s migrations in the order of their names, and a second start applies none', async () => {
  const { pool } = await emptyDatabase()
  const names = (await readMigrations()).map(one => one.name)
  assert.ok(names.length > 5)
  assert.deepEqual(names, names.toSorted())
  assert.deepEqual(await migrate(pool), names)
  assert.deepEqual(await recorded(pool), names)
  assert.deepEqual(await tables(pool), await tables(migrated))
  assert.deepEqual(await migrate(pool), [])
  assert.ok(await lockFree(pool))
})

test('each migration of the product has a number of its own', async () => {
  const numbers = (await readMigrations()).map(({ name }) => name.slice(0, 4))
  assert.deepEqual(numbers, [...new Set(numbers)])
})

test('an upgrade to names that are compared by their look renames those that looked like an older one, and touches no other row', async () => {
  const { pool } = await emptyDatabase()
  const all = await readMigrations()
  await migrate(
    pool,
    all.filter(each => each.name < '0051'),
  )
  await pool.query(`insert into reader (id, mobile, name) values
    (1, '13900000001', 'alice'), (2, '13900000002', U&'\\0430lice'), (3, '13900000003', 'bob'), (4, '13900000004', U&'ca\\FE0Frol')`)
  await pool.query(`insert into channel (name) values ('Café'), (U&'Cafe\\0301'), ('科技')`)
  // xmin is another one after a row was written.
  const read = async () => (await pool.query(`select name, xmin::text from reader union all select name, xmin::text from channel`)).rows
  const before = await read()
  await migrate(pool, all)
  const untouched = new Set((await read()).map(row => `${row.name} ${row.xmin}`))
  const changed = before.filter(row => !untouched.has(`${row.name} ${row.xmin}`)).map(row => row.name)
  assert.deepEqual(changed, ['\u0430lice', 'Cafe\u0301'])
})

test('only the .sql files of the folder are migrations', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-migrations-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  for (const name of ['0002-b.sql', '0001-a.sql', 'README.md', '0003-c.sql~']) await writeFile(join(folder, name), `-- ${name}`)
  const all = await readMigrations(pathToFileURL(`${folder}/`))
  assert.deepEqual(all, [migration('0001-a.sql', '-- 0001-a.sql'), migration('0002-b.sql', '-- 0002-b.sql')])
})

test('processes that start at the same time apply each migration once', async () => {
  const { pool, open } = await emptyDatabase()
  const all = [FIRST, SECOND, THIRD].map(one => migration(one.name, `${one.text}; select pg_sleep(0.05)`))
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(open(), all)))
  assert.deepEqual(
    applied.flat().toSorted(),
    all.map(one => one.name),
  )
  assert.equal(applied.filter(names => names.length > 0).length, 1, 'one works, the others wait')
  assert.deepEqual(await firsts(pool), [1, 2])
  assert.deepEqual(await recorded(pool), applied.flat().toSorted())
})

test('a new version applies the migrations it adds, and no other', async () => {
  const { pool } = await emptyDatabase()
  assert.deepEqual(await migrate(pool, [FIRST]), ['0001-first.sql'])
  assert.deepEqual(await migrate(pool, [FIRST, SECOND, THIRD]), ['0002-second.sql', '0003-third.sql'])
  assert.deepEqual(await firsts(pool), [1, 2])
})

test('an applied migration that was edited is refused by its name, before anything is applied', async () => {
  const { pool } = await emptyDatabase()
  await migrate(pool, [FIRST, SECOND])
  const edited = migration(SECOND.name, `${SECOND.text} `)
  await assert.rejects(migrate(pool, [FIRST, edited, THIRD]), /migrations\/0002-second\.sql was edited/)
  assert.deepEqual(await recorded(pool), [FIRST.name, SECOND.name])
  assert.deepEqual(await migrate(pool, [FIRST, SECOND, THIRD]), [THIRD.name])
})

test('a database that a newer version has migrated is refused, with the names of the unknown migrations', async () => {
  const { pool } = await emptyDatabase()
  await migrate(pool, [FIRST, THIRD])
  await assert.rejects(migrate(pool, [FIRST, SECOND]), /newer version: it has 0003-third\.sql/)
  assert.deepEqual(await recorded(pool), [FIRST.name, THIRD.name])
})

test('a migration that fails is rolled back, and the next start continues with it', async () => {
  const { pool } = await emptyDatabase()
  const failing = migration(SECOND.name, `${SECOND.text}; create table half (n int); select 1 / 0`)
  await assert.rejects(migrate(pool, [FIRST, failing, THIRD]), /division by zero/)
  assert.deepEqual(await tables(pool), ['first', 'migration'])
  const unrecorded = migration(SECOND.name, `${SECOND.text}; alter table migration add check (name <> '${SECOND.name}')`)
  await assert.rejects(migrate(pool, [FIRST, unrecorded, THIRD]), /violates check constraint/)
  assert.deepEqual(await tables(pool), ['first', 'migration'])
  assert.deepEqual(await firsts(pool), [1])
  assert.deepEqual(await recorded(pool), [FIRST.name])
  assert.deepEqual(await migrate(pool, [FIRST, SECOND, THIRD]), [SECOND.name, THIRD.name])
  assert.ok(await lockFree(pool))
})

test('when a process fails in a migration, the one that waits for it continues', async () => {
  const { pool, open } = await emptyDatabase()
  const held = await pool.connect()
  await held.query('select pg_advisory_lock(77)')
  const failing = [migration(FIRST.name, `${FIRST.text}; select pg_advisory_xact_lock(77); select 1 / 0`)]
  const first = assert.rejects(migrate(open(), failing), /division by zero/)
  const waiting = (count: number) =>
    eventually(
      async () =>
        (await held.query(`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`)).rowCount,
      seen => seen === count,
    )
  await waiting(1)
  const second = migrate(open(), [FIRST, SECOND])
  await waiting(2)
  await held.query('select pg_advisory_unlock(77)')
  held.release()
  assert.deepEqual(await second, [FIRST.name, SECOND.name])
  await first
  assert.deepEqual(await firsts(pool), [1, 2])
})

test('when a process is killed in a migration, it is rolled back, and the one that waits continues', async () => {
  const { pool, open } = await emptyDatabase()
  const sleeping = migration(FIRST.name, `${FIRST.text}; select pg_sleep(600)`)
  const killed = assert.rejects(migrate(open(), [sleeping, SECOND]))
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
  await eventually(
    async () => (await pool.query(kill)).rowCount ?? 0,
    count => count > 0,
  )
  assert.deepEqual(await migrate(open(), [FIRST, SECOND]), [FIRST.name, SECOND.name])
  await killed
  assert.deepEqual(await firsts(pool), [1, 2])
})

test('a migration may take longer than a query of a request, and so may waiting for it', async () => {
  const { url } = await emptyDatabase()
  const hasty = () => {
    const pool = new pg.Pool({ connectionString: url, statement_timeout: 1_000, query_timeout: 1_500 })
    cleanup(() => pool.end())
    return pool
  }
  const slow = [migration(FIRST.name, `${FIRST.text}; select pg_sleep(2)`)]
  const pools = [hasty(), hasty()]
  const applied = await Promise.all(pools.map(pool => migrate(pool, slow)))
  assert.deepEqual(applied.flat(), [FIRST.name])
  for (const pool of pools) await assert.rejects(pool.query('select pg_sleep(60)'), { code: '57014' }, 'requests are hasty again')
})
