import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import type pg from 'pg'
import { testDatabase } from '../../test/support/database.ts'
import { silentLog } from '../base/log.ts'
import { assertCountersAgree, tableChecksums } from './checksums.fixture.ts'
import { isDemoPresent, seedDemo } from './seed.ts'
import { makeWorld } from './world.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const log = silentLog

const world = makeWorld({ seed: 1, now })
const first = await testDatabase()
const added = await seedDemo({ db: first.db, seed: 1, now, log })
const whole = await tableChecksums(first.pool)

test('seeding fills every table of the world, and says with how much', async () => {
  const { rows } = added
  assert.deepEqual(
    [
      rows.channel,
      rows.reader,
      rows.article,
      rows.article_content,
      rows.behaviour,
      rows.page,
      rows.comment,
      rows.comment_liking,
      rows.following,
    ],
    [
      13,
      world.people.length,
      world.articles.length,
      world.articles.length,
      world.behaviours.length,
      world.pages.length,
      world.comments.length,
      world.likings.length,
      world.followings.length,
    ],
  )
  for (const [table, count] of Object.entries(rows)) assert.equal(await countOf(first.pool, table), count, table)
  assert.equal(await isDemoPresent(first.db), true)
})

test('opinions, collections and histories agree with what was done', async () => {
  const { rows } = await first.pool.query(`
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

test('what was counted is what is there', () => assertCountersAgree(first.pool))

test('everything carries its origin, and the account can sign in', async () => {
  for (const table of ['reader', 'article', 'channel']) assert.equal(await countOf(first.pool, `${table} where origin <> 'demo'`), 0)
  const { rows } = await first.pool.query(`select name, is_verified, frozen, photo from reader where mobile = '13911111111'`)
  assert.deepEqual(rows, [{ name: '大橙子', is_verified: true, frozen: false, photo: null }])
})

test('seeding twice adds nothing, whenever it is done', async () => {
  for (const later of [now, now + 86_400_000]) assert.deepEqual((await seedDemo({ db: first.db, seed: 1, now: later, log })).rows, {})
  assert.deepEqual(await tableChecksums(first.pool), whole)
})

test('a seed that was killed is completed by the next one, and the same seed makes the same rows in another database', async () => {
  const { db, pool, url } = await testDatabase()
  await killedSeed(url, pool)
  assert.equal(await isDemoPresent(db), false)
  await seedDemo({ db, seed: 1, now, log })
  assert.deepEqual(await tableChecksums(pool), whole)
  await assertCountersAgree(pool)
})

test('a killed seed of an earlier moment makes room for the one of now', async () => {
  const { db, pool, url } = await testDatabase()
  await killedSeed(url, pool)
  const { rows } = await seedDemo({ db, seed: 1, now: now + 3_600_000, log })
  for (const table of ['article', 'reader', 'behaviour']) assert.equal(await countOf(pool, table), rows[table], table)
  assert.equal(await isDemoPresent(db), true)
})

test('two servers that seed at once make one world, and leave real people their names, channels and number', async () => {
  const { db, pool } = await testDatabase()
  await pool.query(`insert into reader (id, name, mobile) values (7, '大橙子', '13911111111')`)
  await pool.query(`insert into channel (name) values ('财经')`)
  const both = await Promise.all([now, now + 5].map(at => seedDemo({ db, seed: 1, now: at, log })))
  const rows = both.map(one => one.rows).find(one => one.reader) ?? {}
  assert.equal(rows.channel, 12)
  for (const table of ['article', 'behaviour']) assert.equal(await countOf(pool, table), rows[table])
  assert.equal(await countOf(pool, 'reader'), world.people.length + 1)
  assert.equal(await countOf(pool, `reader where origin = 'demo' and (mobile is not null or char_length(name) > 7)`), 0)
  assert.equal(await countOf(pool, `reader where id = 7 and name = '大橙子' and origin = 'sign-in'`), 1)
  assert.ok((await countOf(pool, `article a join channel c on c.id = a.channel_id where c.name = '财经'`)) > 20)
})

/** Runs a seed in a process of its own and kills it in the middle of the behaviours. */
async function killedSeed(url: string, pool: pg.Pool): Promise<void> {
  const program = `
    const { openDatabase } = await import(${JSON.stringify(new URL('../engines/database/database.ts', import.meta.url).href)})
    const { seedDemo } = await import(${JSON.stringify(new URL('./seed.ts', import.meta.url).href)})
    const log = { info() {}, warn() {} }
    await seedDemo({ db: openDatabase({ url: ${JSON.stringify(url)}, name: 'killed', log }).db, seed: 1, now: ${now}, log })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  const ended = once(child, 'exit')
  while ((await countOf(pool, 'behaviour')) < 2_000) await new Promise(resolve => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  // What PostgreSQL was doing for the killed process ends a moment later, and its lock with it.
  while ((await countOf(pool, `pg_stat_activity where application_name = 'killed'`)) > 0)
    await new Promise(resolve => setTimeout(resolve, 20))
}

async function countOf(pool: pg.Pool, from: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${from}`)
  return rows[0]?.n as number
}
