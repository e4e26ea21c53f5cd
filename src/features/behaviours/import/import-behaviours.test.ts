import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { testDatabase } from '../../../../test/support/database.ts'
import { DAY, HOUR } from '../../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../../base/id.ts'
import type { Line } from '../../ingest/raw-lines.ts'
import { uuidFromText } from '../behaviour-id.ts'
import { DWELL_MAX_MS } from '../event.ts'
import { createBehaviourImport } from './import-behaviours.ts'

const { db } = await testDatabase()
const now = Date.UTC(2026, 10, 29, 8)
const [alice, article, other] = [1n as ReaderId, 100n as ArticleId, 101n as ArticleId]

await db.insertInto('reader').values({ id: alice, name: 'alice' }).execute()
const { id: channelId } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
await db
  .insertInto('article')
  .values([
    { id: article, author_id: alice, channel_id: channelId, title: 't', status: 2, published_at: new Date(0), source_id: 'elsewhere:1' },
    { id: other, author_id: alice, channel_id: channelId, title: 'u', status: 2, published_at: new Date(0) },
    { id: 102n as ArticleId, author_id: alice, channel_id: channelId, title: 'draft', status: 0, published_at: new Date(0) },
    { id: 103n as ArticleId, author_id: alice, channel_id: channelId, title: 'v', status: 2, published_at: new Date(0), source_id: '100' },
  ])
  .execute()

beforeEach(async () => {
  for (const table of ['behaviour', 'history', 'device'] as const) await db.deleteFrom(table).execute()
})

async function* numbered(values: unknown[]): AsyncGenerator<Line> {
  for (const [i, value] of values.entries()) yield { line: i + 1, value }
}

const importLines = createBehaviourImport({
  db,
  clock: () => now,
  timeZone: 'Asia/Shanghai',
  secret: 'a secret of at least 32 characters',
})
const importAll = (...values: unknown[]) => importLines(numbered(values), { total: values.length })

const click = { action: 'click', reader_id: '1', article_id: '100', at: now - 10 * DAY }

test('behaviours of readers and devices are imported with their times, and again without adding any', async () => {
  const lines = [
    click,
    { action: 'read', device_id: 'phone-1', source_id: 'elsewhere:1', at: '2026-11-01 09:30:00', dwell_ms: '61000' },
    { action: 'exposure', device_id: 'phone-1', article_id: 101, at: now - HOUR },
  ]
  assert.deepEqual(await importAll(...lines), { read: 3, added: 3, unchanged: 0, refused: [], refused_count: 0 })
  assert.deepEqual(await importAll(...lines), { read: 3, added: 0, unchanged: 3, refused: [], refused_count: 0 })
  const rows = await db.selectFrom('behaviour').select(['action', 'viewer', 'article_id', 'at', 'dwell_ms']).orderBy('at').execute()
  assert.deepEqual(rows, [
    { action: 'read', viewer: 'dphone-1', article_id: article, at: new Date(Date.UTC(2026, 10, 1, 1, 30)), dwell_ms: 61_000 },
    { action: 'click', viewer: 'r1', article_id: article, at: new Date(now - 10 * DAY), dwell_ms: null },
    { action: 'exposure', viewer: 'dphone-1', article_id: other, at: new Date(now - HOUR), dwell_ms: null },
  ])
})

test('a dry run has the result of the import and keeps nothing', async () => {
  const lines = [click, click, { ...click, device_id: 'phone-1', reader_id: '' }, { ...click, reader_id: '77' }]
  const dry = await importLines(numbered(lines), { total: lines.length, dryRun: true })
  for (const table of ['behaviour', 'history', 'device'] as const)
    assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table)
  assert.deepEqual(dry, await importAll(...lines))
  assert.deepEqual([dry.added, dry.unchanged, dry.refused_count], [2, 1, 1])
})

test('a dwell time is a number, or its decimal digits as CSV has them', async () => {
  const read = { ...click, action: 'read' }
  const given = [true, [], [5], {}, ' ', '0x10', '1e3', ' 5', '-1', Number.NaN, 0, 61_000.4, 10n ** 20n, '61000', '1500.5', '']
  const { refused } = await importAll(...given.map((dwell_ms, i) => ({ ...read, at: read.at - i * DAY, dwell_ms })))
  assert.deepEqual(
    refused.map(({ line, reason }) => `${line} ${reason}`),
    Array.from({ length: 10 }, (_, i) => `${i + 1} dwell_ms: not a number of 0 or more`),
  )
  const rows = await db.selectFrom('behaviour').select('dwell_ms').orderBy('at', 'desc').execute()
  assert.deepEqual(
    rows.map(row => row.dwell_ms),
    [0, 61_000, DWELL_MAX_MS, 61_000, 1_501, null],
  )
})

test('a click of a reader is in the history, and a device has been here since its oldest behaviour', async () => {
  await importAll(click, { action: 'click', device_id: 'phone-1', article_id: 100, at: now - 30 * DAY })
  await importAll({ action: 'click', device_id: 'phone-1', article_id: 100, at: now - 60 * DAY })
  assert.deepEqual(await db.selectFrom('history').selectAll().execute(), [
    { reader_id: alice, article_id: article, at: new Date(now - 10 * DAY) },
  ])
  assert.deepEqual(await db.selectFrom('device').selectAll().execute(), [{ viewer: 'dphone-1', first_at: new Date(now - 60 * DAY) }])
})

test('an action counts once a day, and exposures and other ids each count', async () => {
  const { added, unchanged } = await importAll(
    click,
    { ...click, at: click.at + HOUR },
    { ...click, at: click.at + 2 * DAY },
    { ...click, action: 'exposure', id: 'a' },
    { ...click, action: 'exposure', id: 'b' },
    { ...click, action: 'exposure', id: 'b', at: click.at + 1 },
  )
  assert.deepEqual({ added, unchanged }, { added: 4, unchanged: 2 })
})

test('what cannot be imported is refused by its line, and the rest is imported', async () => {
  const { refused, added } = await importAll(
    click,
    { ...click, reader_id: '77' },
    { ...click, article_id: '102' },
    { ...click, article_id: '', source_id: 'unknown' },
    { ...click, at: now + 1 },
    { ...click, at: '1999-12-31' },
    { ...click, at: '2026-02-30' },
    { ...click, at: Number.NaN },
    { ...click, action: 'search' },
    { ...click, device_id: 'phone-1' },
    { ...click, source_id: 'elsewhere:1' },
    { ...click, reader_id: '', device_id: 'two words' },
    { ...click, dwell_ms: -1 },
    { ...click, id: 'a\0b' },
    null,
    { ...click, article_id: '101' },
  )
  assert.equal(added, 2)
  assert.deepEqual(
    refused
      .map(({ line, reason }) => `${line} ${reason.split(':')[0]}`)
      .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
    [
      '2 reader_id',
      '3 article_id or source_id',
      '4 article_id or source_id',
      '5 at',
      '6 at',
      '7 at',
      '8 at',
      '9 action',
      '10 reader_id, device_id',
      '11 article_id, source_id',
      '12 device_id',
      '13 dwell_ms',
      '14 id',
      '15 is not an object',
    ],
  )
})

test('copies of a refused behaviour are refused each, and one with its id that is good is imported', async () => {
  const { refused, ...counts } = await importAll(
    { ...click, reader_id: '77' },
    { ...click, reader_id: '77' },
    { ...click, article_id: '102', id: 'a' },
    { ...click, article_id: '102', id: 'a' },
    { ...click, id: 'a' },
    { ...click, id: 'a' },
  )
  assert.deepEqual(counts, { read: 6, added: 1, unchanged: 1, refused_count: 4 })
  assert.deepEqual(
    refused.map(({ line }) => line),
    [1, 2, 3, 4],
  )
})

test('a behaviour without an id is of the article here, however the line names it', async () => {
  const exposure = { ...click, action: 'exposure' }
  const { added, unchanged } = await importAll(
    exposure,
    { ...exposure, article_id: undefined, source_id: 'elsewhere:1' },
    { ...exposure, article_id: undefined, source_id: '100' }, // of the article 103
  )
  assert.deepEqual({ added, unchanged }, { added: 2, unchanged: 1 })
  const { id } = await db.selectFrom('behaviour').select('id').where('article_id', '=', article).executeTakeFirstOrThrow()
  assert.equal(id, uuidFromText(`import r1 exposure 100 ${click.at}`), 'as of earlier imports by article_id')
})
