import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import { testDatabase } from '../../test/support/database.ts'
import { silentLog as log } from '../base/log.ts'
import { assertCountersAgree, tableChecksums } from './checksums.fixture.ts'
import { clearDemo } from './clear.ts'
import { isDemoPresent, seedDemo } from './seed.ts'
import { makeSmallWorld as make } from './small-world.fixture.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const fingerprintOf = () => null
const ALICE = 7n
const BOB = 8n
const REAL = 70n
const COMMENT = 700n

// Two real readers were active before the demo was added.
const original = await testDatabase()
await original.pool.query(`
  insert into reader (id, name) values (${ALICE}, 'alice'), (${BOB}, 'bob');
  insert into channel (name) values ('Village');
  insert into article (id, author_id, channel_id, title, status, published_at) select ${REAL}, ${BOB}, id, 'A real one', 2, '2026-11-01' from channel;
  insert into comment (id, article_id, author_id, content) values (${COMMENT}, ${REAL}, ${ALICE}, 'real');
  insert into attitude values (${ALICE}, ${REAL}, 1);
  insert into behaviour (id, action, viewer, article_id) values (gen_random_uuid(), 'click', 'r${ALICE}', ${REAL})`)
const checksumsBefore = await tableChecksums(original.pool)
const seeded = await seedDemo({ db: original.db, seed: 1, now, fingerprintOf, log, make })
await original.close()

test('clearing removes the whole demo and nothing else, whatever real readers did with it', async () => {
  const { db, pool } = await copyDatabase()
  const { article, creator } = await newestArticle(pool)
  await pool.query(`insert into attitude values (${ALICE}, ${article}, 1)`)
  await pool.query(`insert into history values (${ALICE}, ${article})`)
  await pool.query(`insert into following values (${ALICE}, ${creator})`)
  await pool.query(
    `insert into behaviour (id, action, viewer, article_id) values (gen_random_uuid(), 'click', 'r${ALICE}', ${article}), (gen_random_uuid(), 'click', 'dphone', ${article})`,
  )
  await pool.query(
    `insert into comment (id, article_id, author_id, parent_id, content) values (900, ${article}, ${ALICE}, null, 'a'), (901, ${article}, ${BOB}, 900, 'b'), (902, ${article}, ${ALICE}, 901, 'c')`,
  )
  await pool.query(`insert into comment_liking values (${BOB}, 902), (${creator}, ${COMMENT})`)
  await pool.query(`insert into reader_channel select ${ALICE}, id, 1 from channel where origin = 'demo'`)
  await pool.query(
    `insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy) values (5, 'r${ALICE}', 0, 5, 100, 99, '{${article}}', '{0}', '{1000}', 0)`,
  )
  // What a demo reader did to real rows, as when a visitor signs in to the account and tries everything.
  await pool.query(`insert into attitude values (${creator}, ${REAL}, 1)`)
  await pool.query(`insert into behaviour (id, action, viewer, article_id) values (gen_random_uuid(), 'click', 'r${creator}', ${REAL})`)
  await pool.query(`insert into comment (id, article_id, author_id, parent_id, content) values (903, ${REAL}, ${creator}, ${COMMENT}, 'd')`)
  await pool.query(`insert into session (id, reader_id, surface, expires_at) values (1, ${creator}, 'app', now())`)
  await pool.query(`insert into sms_code values ('13911111111', 'sign-in', 'x', now(), now(), 3)`)

  const cleared = await clearDemo({ db, log })
  assert.deepEqual(await tableChecksums(pool), checksumsBefore)
  await assertCountersAgree(pool)
  assert.deepEqual(cleared.kept, { readers: 0, channels: 0 })
  assert.equal(cleared.rows.article, seeded.rows.article)
  assert.equal(cleared.rows.behaviour, (seeded.rows.behaviour as number) + 3)
  assert.equal(await isDemoPresent(db), false)
  assert.deepEqual(await clearDemo({ db, log }), { rows: {}, kept: { readers: 0, channels: 0 } })
})

test('a demo reader who wrote a real article, and its channel, are kept and become real', async () => {
  const { db, pool } = await copyDatabase()
  const { rows } = await pool.query(`select id from reader where mobile = '13911111111'`)
  await pool.query(
    `insert into article (id, author_id, channel_id, title, status, published_at) select 71, ${rows[0].id}, id, 'mine', 2, now() from channel where name = '美食'`,
  )
  const { kept } = await clearDemo({ db, log })
  assert.deepEqual(kept, { readers: 1, channels: 1 })
  const left = await pool.query(
    `select a.title, r.mobile, r.origin, c.name, c.origin as of from article a join reader r on r.id = a.author_id join channel c on c.id = a.channel_id where a.id = 71`,
  )
  assert.deepEqual(left.rows, [{ title: 'mine', mobile: '13911111111', origin: 'sign-in', name: '美食', of: 'office' }])
  await assertNoDemo(pool)
  await assertCountersAgree(pool)
})

test('a comment that a real reader answered under a real article is kept with its author, and so is a page with real articles', async () => {
  const { db, pool } = await copyDatabase()
  const { article, creator } = await newestArticle(pool)
  await pool.query(
    `insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy) values (5, 'r${ALICE}', 0, 5, 100, 99, '{${article},${REAL}}', '{0,0}', '{1000,1000}', 0)`,
  )
  await pool.query(`insert into comment (id, article_id, author_id, content) values (910, ${REAL}, ${creator}, 'asks')`)
  await pool.query(`insert into comment (id, article_id, author_id, parent_id, content) values (911, ${REAL}, ${ALICE}, 910, 'answers')`)
  assert.deepEqual((await clearDemo({ db, log })).kept, { readers: 1, channels: 0 })
  assert.equal((await pool.query('select from comment')).rowCount, 3)
  assert.equal((await pool.query('select from page')).rowCount, 1)
  await assertNoDemo(pool)
  await assertCountersAgree(pool)
})

test('a like that arrives during clearing does not stop it', async () => {
  const { db, pool } = await copyDatabase()
  // A sequence is not rolled back with its transaction, so the like arrives in the first attempt only.
  await pool.query(`
    create sequence attempt;
    create function like_once() returns trigger language plpgsql as $$ begin
      if nextval('attempt') = 1 then insert into attitude values (${ALICE}, old.id, 1); end if;
      return old;
    end $$;
    create trigger like_once before delete on article for each row execute function like_once()`)
  await clearDemo({ db, log })
  await assertNoDemo(pool)
  await assertCountersAgree(pool)
})

test('after an interrupted clearing no demo is present, and the next seed starts from nothing', async () => {
  const { db, pool } = await copyDatabase()
  await pool.query(`
    create function stop() returns trigger language plpgsql as $$ begin raise exception 'stopped'; end $$;
    create trigger stop before delete on attitude execute function stop()`)
  await assert.rejects(clearDemo({ db, log }), /stopped/)
  assert.equal(await isDemoPresent(db), false)
  await pool.query(`drop trigger stop on attitude`)
  assert.equal((await seedDemo({ db, seed: 1, now, fingerprintOf, log, make })).rows.article, seeded.rows.article)
  assert.equal((await pool.query(`select from article where status = 4`)).rowCount, 0)
  assert.equal(await isDemoPresent(db), true)
})

/** With the real readers and the demo: seeding one takes a second. */
const copyDatabase = () => testDatabase({ of: original.url })

async function newestArticle(pool: pg.Pool): Promise<{ article: bigint; creator: bigint }> {
  const { rows } = await pool.query(
    `select a.id as article, a.author_id as creator from article a where a.origin = 'demo' and a.status = 2 order by a.id desc limit 1`,
  )
  return rows[0]
}

async function assertNoDemo(pool: pg.Pool): Promise<void> {
  for (const table of ['reader', 'article', 'channel'])
    assert.equal((await pool.query(`select from ${table} where origin = 'demo'`)).rowCount, 0, table)
}
