import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { before, test } from 'node:test'
import type pg from 'pg'
import { testDatabase } from '../../test/support/database.ts'
import { eventually, PATIENCE_MS, pause } from '../../test/support/waiting.ts'
import { silentLog } from '../base/log.ts'
import { createFingerprintOf } from '../features/writing/fingerprint.ts'
import { assertCountersAgree, tableChecksums } from './checksums.fixture.ts'
import { isDemoPresent, type SeedNeeds, seedDemo } from './seed.ts'
import { makeSmallWorld } from './small-world.fixture.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const log = silentLog
const fingerprintOf = createFingerprintOf(text => [...text])

const seedAt = (db: SeedNeeds['db'], now: number) => seedDemo({ db, seed: 1, now, fingerprintOf, log, make: makeSmallWorld })
const world = makeSmallWorld({ seed: 1, now })
const database = await testDatabase()
const added = await seedAt(database.db, now)
const checksums = await tableChecksums(database.pool)
/** Whose seed was killed. */
const killed = await testDatabase()
before(async () => {
  await seedAndKill(killed.url, killed.pool)
  await killed.close()
})

test('seeding fills every table and returns the counts of added rows', async () => {
  const { rows } = added
  assert.deepEqual(
    [rows.channel, rows.reader, rows.article, rows.behaviour, rows.page, rows.comment, rows.comment_liking, rows.following],
    [
      13,
      world.people.length,
      world.articles.length,
      world.behaviours.length,
      world.pages.length,
      world.comments.length,
      world.likings.length,
      world.followings.length,
    ],
  )
  for (const [table, count] of Object.entries(rows)) assert.equal(await countRows(database.pool, table), count, table)
  for (const table of ['article_content', 'article_simhash']) assert.equal(await countRows(database.pool, table), rows.article, table)
  assert.equal(await isDemoPresent(database.db), true)
})

test('attitudes, collections and histories agree with the behaviours', async () => {
  const { rows } = await database.pool.query(`
    select (select count(*) from behaviour where action = 'like') = (select count(*) from attitude where value = 1) as likes,
           (select count(*) from behaviour where action = 'dislike') = (select count(*) from attitude where value = 0) as dislikes,
           (select count(*) from behaviour where action = 'collect') = (select count(*) from collection) as collections,
           not exists (select from attitude a where not exists (select from behaviour b where b.viewer = 'r' || a.reader_id
             and b.article_id = a.article_id and b.at = a.at and b.action = case a.value when 1 then 'like' else 'dislike' end)) as attitudes,
           not exists (select from history h where not exists (select from behaviour b where b.viewer = 'r' || h.reader_id
             and b.article_id = h.article_id and b.at = h.at and b.action = 'click')) as histories,
           (select max(n) from (select count(*) n from history group by reader_id) of_reader) <= 100 as short`)
  assert.deepEqual(rows, [{ likes: true, dislikes: true, collections: true, attitudes: true, histories: true, short: true }])
})

test('the counters equal the counts of the rows', () => assertCountersAgree(database.pool))

test('every row has the origin demo, and the account has its mobile number', async () => {
  for (const table of ['reader', 'article', 'channel']) assert.equal(await countRows(database.pool, `${table} where origin <> 'demo'`), 0)
  const { rows } = await database.pool.query(`select name, is_verified, frozen, photo from reader where mobile = '13911111111'`)
  assert.deepEqual(rows, [{ name: '大橙子', is_verified: true, frozen: false, photo: null }])
})

test('a second seed adds nothing, at the same moment or a day later', async () => {
  for (const later of [now, now + 86_400_000]) assert.deepEqual((await seedAt(database.db, later)).rows, {})
  assert.deepEqual(await tableChecksums(database.pool), checksums)
})

test('the next seed completes a killed one, and the same seed makes the same rows in another database', async () => {
  const { db, pool } = await testDatabase({ of: killed.url })
  assert.equal(await isDemoPresent(db), false)
  await seedAt(db, now)
  assert.deepEqual(await tableChecksums(pool), checksums)
  await assertCountersAgree(pool)
})

test('a killed seed of an earlier moment is cleared before the new one is written', async () => {
  const { db, pool } = await testDatabase({ of: killed.url })
  const { rows } = await seedAt(db, now + 3_600_000)
  for (const table of ['article', 'reader', 'behaviour']) assert.equal(await countRows(pool, table), rows[table], table)
  assert.equal(await isDemoPresent(db), true)
})

test('two servers that seed at once make one world, and real readers keep their names, channels and mobile number', async () => {
  const { db, pool } = await testDatabase()
  await pool.query(`insert into reader (id, name, mobile) values (7, '大橙子', '13911111111')`)
  await pool.query(`insert into channel (name) values ('财经')`)
  const results = await Promise.all([now, now + 5].map(at => seedAt(db, at)))
  const rows = results.map(one => one.rows).find(one => one.reader) ?? {}
  assert.equal(rows.channel, 12)
  for (const table of ['article', 'behaviour']) assert.equal(await countRows(pool, table), rows[table])
  assert.equal(await countRows(pool, 'reader'), world.people.length + 1)
  assert.equal(await countRows(pool, `reader where origin = 'demo' and (mobile is not null or char_length(name) > 7)`), 0)
  assert.equal(await countRows(pool, `reader where id = 7 and name = '大橙子' and origin = 'sign-in'`), 1)
  assert.ok((await countRows(pool, `article a join channel c on c.id = a.channel_id where c.name = '财经'`)) > 20)
})

/** Runs a seed in another process and kills it in the middle of the behaviours. */
async function seedAndKill(url: string, pool: pg.Pool): Promise<void> {
  const script = `
    const { openDatabase } = await import(${JSON.stringify(new URL('../engines/database/database.ts', import.meta.url).href)})
    const { seedDemo } = await import(${JSON.stringify(new URL('./seed.ts', import.meta.url).href)})
    const { createFingerprintOf } = await import(${JSON.stringify(new URL('../features/writing/fingerprint.ts', import.meta.url).href)})
    const fingerprintOf = createFingerprintOf(text => [...text])
    const { makeSmallWorld: make } = await import(${JSON.stringify(new URL('./small-world.fixture.ts', import.meta.url).href)})
    const log = { info() {}, warn() {} }
    await seedDemo({ db: openDatabase({ url: ${JSON.stringify(url)}, name: 'killed', log }).db, seed: 1, now: ${now}, fingerprintOf, log, make })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  const exited = once(child, 'exit')
  // In small steps, so that the kill comes before the last behaviour.
  for (const giveUp = performance.now() + PATIENCE_MS; (await countRows(pool, 'behaviour')) < 2_000; await pause(5))
    assert.ok(child.exitCode === null && performance.now() < giveUp, `the seed, ended with ${child.exitCode}, stores no behaviours`)
  child.kill('SIGKILL')
  assert.deepEqual(await exited, [null, 'SIGKILL'])
  // PostgreSQL ends the killed process's sessions, and with them the lock, a moment later.
  await eventually(
    () => countRows(pool, `pg_stat_activity where application_name = 'killed'`),
    count => count === 0,
  )
}

async function countRows(pool: pg.Pool, from: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${from}`)
  return rows[0]?.n as number
}
