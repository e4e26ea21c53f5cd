import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { DAY, MINUTE } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { ImportOptions } from '../../base/import-result.ts'
import { createSnowflake } from '../../base/snowflake.ts'
import type { Db } from '../../engines/database/database.ts'
import { createFingerprintOf } from '../writing/fingerprint.ts'
import { insertArticles } from '../writing/writing.sql.ts'
import { createIngest } from './ingest.ts'
import type { Line } from './raw-lines.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const here = await testDatabase()
const there = await testDatabase()
let worker = 0
const ingestInto = (db: Db) =>
  createIngest({
    db,
    newId: createSnowflake({ worker: worker++, clock: Date.now }),
    clock: () => NOON,
    timeZone: 'Asia/Shanghai',
    fingerprintOf: createFingerprintOf(text => [...text]),
    insertArticles,
    sanitizeHtml: html => html.replaceAll(/<script>.*?<\/script>/g, ''),
  })

beforeEach(async () => {
  for (const { db } of [here, there]) {
    for (const table of ['article', 'reader', 'channel'] as const) await db.deleteFrom(table).execute()
  }
})

async function* asLines(values: unknown[]): AsyncGenerator<Line> {
  for (const [i, value] of values.entries()) yield { line: i + 1, value }
}

const take = (db: Db, values: unknown[], options: Partial<ImportOptions> = {}) =>
  ingestInto(db).importArticles(asLines(values), { total: values.length, ...options })
const exported = async (db: Db) => (await Array.fromAsync(ingestInto(db).exportArticles())).map(line => JSON.stringify(line))
const countOf = async (db: Db, table: 'article' | 'channel' | 'reader' | 'article_content') => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db)
  return rows[0]?.n
}
const headlines = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ title: `标题 ${i}`, category_zh: i % 3 ? `频道${i % 7}` : null, source: 's' }))

/** Alice writes in the studio: her article has no source id, microseconds and everything else a line can say. */
async function aliceWrites(db: Db): Promise<void> {
  await db
    .insertInto('reader')
    .values({ id: 7n as ReaderId, name: 'alice', is_verified: true })
    .execute()
  const { id } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  const article = { author_id: 7n as ReaderId, channel_id: id, published_at: sql<Date>`'2026-11-01T10:00:00.123456Z'` }
  await db
    .insertInto('article')
    .values([
      {
        ...article,
        id: 11n as ArticleId,
        title: '一 "quoted"',
        keywords: ['a|b', '中'],
        cover: ['/a.jpg', '/b.jpg', 'https://x.example/c'],
        status: 2,
      },
      { ...article, id: 12n as ArticleId, title: '草稿', status: 0, allow_comment: false },
      { ...article, id: 13n as ArticleId, title: '😀'.repeat(256), status: 4 },
    ])
    .execute()
  await db
    .insertInto('article_content')
    .values([
      { article_id: 11n as ArticleId, html: '<p>正文 &amp; "more"\n\\ </p>' },
      { article_id: 12n as ArticleId, html: '' },
    ])
    .execute()
}

test('articles exported and imported elsewhere are the same, and so is their export from there', async () => {
  await aliceWrites(here.db)
  await take(here.db, headlines(300))
  const lines = await exported(here.db)
  assert.equal(lines.length, 303)
  assert.equal(JSON.parse(lines[0] as string).published_at, '2026-11-01T10:00:00.123456Z')
  const values = lines.map(line => JSON.parse(line))
  assert.deepEqual(await take(there.db, values), { read: 303, added: 303, unchanged: 0, refused: [], refused_count: 0 })
  assert.deepEqual(await exported(there.db), lines)
  assert.deepEqual(await take(there.db, values), { read: 303, added: 0, unchanged: 303, refused: [], refused_count: 0 })
  assert.deepEqual(
    await take(here.db, values),
    { read: 303, added: 0, unchanged: 303, refused: [], refused_count: 0 },
    'where it came from',
  )
})

test('articles with the same id in two installations are two articles', async () => {
  for (const { db } of [here, there]) {
    await aliceWrites(db)
    await db
      .updateTable('article')
      .set({ created_at: new Date(db === here.db ? NOON : NOON + 1) })
      .execute()
  }
  const values = (await exported(here.db)).map(line => JSON.parse(line))
  assert.equal((await take(there.db, values)).added, 3)
  assert.equal(new Set((await exported(there.db)).map(line => JSON.parse(line).source_id)).size, 6)
})

test('refused lines are reported with their number, and the others are imported', async () => {
  const values = headlines(1_200).map((value, i) => (i % 100 === 50 ? { title: '' } : value))
  const result = await take(here.db, values)
  assert.equal(result.added, 1_188)
  assert.deepEqual(
    result.refused,
    Array.from({ length: 12 }, (_, i) => ({ line: i * 100 + 51, reason: 'title: empty' })),
  )
  assert.equal(await countOf(here.db, 'article_content'), 1_188)
})

test('if no line of a file is valid, the first thousand refusals are listed and all are counted', async () => {
  const result = await take(
    here.db,
    Array.from({ length: 2_500 }, () => 'nonsense'),
  )
  assert.equal(result.refused.length, 1_000)
  assert.equal(result.refused_count, 2_500)
})

test('a source id that occurs twice in a file, in one batch or in two, makes one article', async () => {
  const values = [...headlines(700), ...headlines(700), headlines(1)[0]]
  const expected = { read: 1_401, added: 700, unchanged: 701, refused: [], refused_count: 0 }
  assert.deepEqual(await take(here.db, values, { dryRun: true }), expected, 'a dry run says the same')
  assert.equal(await countOf(here.db, 'article'), 0)
  assert.equal(await countOf(here.db, 'channel'), 0)
  assert.equal(await countOf(here.db, 'reader'), 0)
  assert.deepEqual(await take(here.db, values), expected)
})

test('a dry run of articles that exist reports them as unchanged, also the second time', async () => {
  await take(here.db, headlines(10))
  for (let i = 0; i < 2; i++) {
    const { added, unchanged } = await take(here.db, headlines(15), { dryRun: true })
    assert.deepEqual({ added, unchanged }, { added: 5, unchanged: 10 })
  }
})

test('four concurrent imports of one file create each article, channel and creator once', async () => {
  const values = headlines(2_000)
  const orders = [values, values.toReversed(), values, [...values.slice(1_000), ...values.slice(0, 1_000)]]
  const results = await Promise.all(orders.map(order => take(here.db, order)))
  assert.equal(
    results.reduce((sum, result) => sum + result.added, 0),
    2_000,
  )
  assert.ok(results.every(result => result.added + result.unchanged === 2_000))
  assert.equal(await countOf(here.db, 'article'), 2_000)
  assert.equal(await countOf(here.db, 'article_content'), 2_000)
  assert.equal(await countOf(here.db, 'channel'), 8)
  assert.equal(await countOf(here.db, 'reader'), 8)
})

test('two concurrent imports of the same lines in opposite order do not deadlock', async () => {
  for (let round = 0; round < 5; round++) {
    const values = Array.from({ length: 500 }, (_, i) => ({
      title: `${round} ${i}`,
      channel: `频道 ${round} ${i}`,
      author: `作者 ${round} ${i}`,
    }))
    const results = await Promise.all([values, values.toReversed(), values, values.toReversed()].map(order => take(here.db, order)))
    assert.equal(
      results.reduce((sum, result) => sum + result.added, 0),
      500,
    )
  }
})

test('articles without a date are spread over the last thirty days, the first line being the oldest', async () => {
  await take(here.db, headlines(300))
  const rows = await here.db.selectFrom('article').select(['title', 'published_at']).orderBy('published_at').execute()
  assert.deepEqual(
    rows.map(row => row.title),
    headlines(300).map(line => line.title),
  )
  assert.ok(rows[0] && rows[0].published_at.getTime() < NOON - 29 * DAY && rows[0].published_at.getTime() >= NOON - 30 * DAY)
  assert.ok(rows[299] && Math.abs(rows[299].published_at.getTime() - NOON) < MINUTE)
})

test('the creator of a channel is a verified media account with the origin import', async () => {
  await take(here.db, [{ title: 't', category_zh: '体育' }])
  const row = await here.db
    .selectFrom('article')
    .innerJoin('reader', 'reader.id', 'author_id')
    .select(['name', 'is_media', 'is_verified', 'reader.origin'])
    .executeTakeFirst()
  assert.deepEqual(row, { name: '体育频道', is_media: true, is_verified: true, origin: 'import' })
})

test('a reader who has the name of a creator gets none of the articles', async () => {
  await here.db
    .insertInto('reader')
    .values([
      { id: 1n as ReaderId, name: '体育频道' },
      { id: 2n as ReaderId, name: 'bob', is_verified: true },
      { id: 3n as ReaderId, name: 'mallory' },
      { id: 4n as ReaderId, name: '财经频道', is_verified: true },
    ])
    .execute()
  const values = [
    { title: 'a', channel: '体育' },
    { title: 'b', channel: '体育', author: 'bob' },
    { title: 'c', channel: '体育', author: 'mallory' },
    { title: 'd', channel: '财经' },
    { title: 'e', channel: '财经', author: '财经频道' },
  ]
  await take(here.db, values)
  await take(here.db, [{ title: 'f', channel: '体育' }])
  const rows = await here.db
    .selectFrom('article')
    .innerJoin('reader', 'reader.id', 'author_id')
    .select(['title', 'name'])
    .orderBy('title')
    .execute()
  assert.deepEqual(
    rows.map(row => `${row.title} ${row.name}`),
    ['a 体育频道 2', 'b bob', 'c mallory 2', 'd 财经频道 2', 'e 财经频道', 'f 体育频道 2'],
  )
})

test('a repeated import after a channel was renamed changes nothing; the old name returns with new articles only', async () => {
  await take(here.db, [{ title: 'a', channel: '体育' }])
  await here.db.updateTable('channel').set({ name: '运动' }).execute()
  await take(here.db, [{ title: 'a', channel: '体育' }])
  assert.equal(await countOf(here.db, 'channel'), 1)
  await take(here.db, [
    { title: 'a', channel: '体育' },
    { title: 'b', channel: '体育' },
  ])
  const rows = await here.db
    .selectFrom('article')
    .innerJoin('channel', 'channel.id', 'channel_id')
    .select(['title', 'name'])
    .orderBy('title')
    .execute()
  assert.deepEqual(rows, [
    { title: 'a', name: '运动' },
    { title: 'b', name: '体育' },
  ])
})

test('an article that was edited after its import is not overwritten', async () => {
  await take(here.db, [{ title: 'a', source_id: '1' }])
  await here.db.updateTable('article').set({ title: 'edited' }).execute()
  assert.equal((await take(here.db, [{ title: 'a', source_id: '1' }])).unchanged, 1)
  assert.equal((await here.db.selectFrom('article').select('title').executeTakeFirst())?.title, 'edited')
})

test('after a failed import its articles stay, and the next import adds the rest', async () => {
  const values = headlines(1_300)
  async function* breaking(): AsyncGenerator<Line> {
    for await (const line of asLines(values)) {
      if (line.line === 1_100) throw new Error('the disk is gone')
      yield line
    }
  }
  let told = 0
  const onProgress = (soFar: { added: number }) => {
    told = soFar.added
  }
  await assert.rejects(ingestInto(here.db).importArticles(breaking(), { total: 1_300, onProgress }), /the disk is gone/)
  assert.equal(told, 1_000)
  assert.equal(await countOf(here.db, 'article'), 1_000)
  assert.deepEqual(await take(here.db, values), { read: 1_300, added: 300, unchanged: 1_000, refused: [], refused_count: 0 })
})

test('an aborted import stops after the current batch', async () => {
  const stop = new AbortController()
  await assert.rejects(take(here.db, headlines(2_000), { signal: stop.signal, onProgress: () => stop.abort() }), { name: 'AbortError' })
  assert.equal(await countOf(here.db, 'article'), 500)
})

test('articles of a megabyte each are written in small batches', async () => {
  const html = `<p>${'字'.repeat(340_000)}</p>`
  const sizes: number[] = []
  const values = Array.from({ length: 12 }, (_, i) => ({ title: `${i}`, html }))
  await take(here.db, values, { onProgress: ({ read }) => sizes.push(read) })
  assert.ok(
    sizes.every((size, i) => size - (sizes[i - 1] ?? 0) <= 3),
    sizes.join(' '),
  )
  assert.equal((await exported(here.db)).length, 12)
})

test('near-duplicates of an imported article can be found, as of one that was written here', async () => {
  await take(here.db, [
    { title: '长的一篇', text: '探测器在火星的土壤里找到了水。' },
    { title: '短', text: '短' },
  ])
  const { rows } = await sql<{ title: string }>`select title from article join article_simhash on article_id = id`.execute(here.db)
  assert.deepEqual(rows, [{ title: '长的一篇' }])
})

test('counts include imported articles', async () => {
  await take(here.db, [
    { title: 'a', author: 'bob' },
    { title: 'b', author: 'bob' },
    { title: 'c', author: 'bob', status: 0 },
  ])
  const { rows } = await sql<{ d: number }>`
    select sum(d)::int as d from counter_delta where key = (select id from reader where name = 'bob') and kind = 'reader.articles'`.execute(
    here.db,
  )
  assert.equal(rows[0]?.d, 2)
})

test('channels and authors whose names look the same are one', async () => {
  const lines = [
    { title: '1', channel: 'Café', author: 'alice' },
    { title: '2', channel: 'Cafe\u0301', author: 'аlіcе' }, // Cyrillic а, і and е
    { title: '3', channel: '科技', author: 'ａｌｉｃｅ' },
    { title: '4', channel: '科\u200b技', author: '⻢云' }, // a radical
    { title: '5', channel: '科技', author: '马云' },
  ]
  assert.equal((await take(here.db, lines)).added, 5)
  assert.deepEqual([await countOf(here.db, 'channel'), await countOf(here.db, 'reader')], [2, 2])
})

test('no two readers have names that differ only in how letters are encoded or in what is invisible', async () => {
  const looks = [
    ['a', 'а', 'ａ', 'α'],
    ['e', 'е'],
    ['马', '⻢'],
    ['é', 'e\u0301'],
    ['字', '字\ufe0f', '\u3164字', '字\u034f', '字\u2800', '\u{e0061}字'],
  ]
  const look = fc.constantFrom(...looks).chain(ways => fc.tuple(fc.constantFrom(...ways), fc.constantFrom(...ways)))
  const cases = fc
    .sample(fc.array(look, { minLength: 1, maxLength: 6 }), 100)
    .map(parts => [0, 1].map(i => parts.map(part => part[i]).join('')))
  const { rows } = await sql<{ a: string; b: string }>`
    select a, b from unnest(${cases.map(([a]) => a)}::text[], ${cases.map(([, b]) => b)}::text[]) given (a, b)
     where skeleton(a) <> skeleton(b)`.execute(here.db)
  assert.deepEqual(rows, [])
})
