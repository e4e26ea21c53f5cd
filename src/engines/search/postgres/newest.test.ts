// Words in more articles than can be ranked: the newest ones are, whatever else the query asks for.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../../test/support/database.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../../base/id.ts'
import type { Db, Tx } from '../../database/database.ts'
import { createAnalyze } from '../analysis/analyze.ts'
import { createSegmenter } from '../analysis/segmenter.ts'
import { createQueryParser } from '../query.ts'
import type { Entry, Filters } from '../search.ts'
import { CANDIDATES_MAX, RANKED_MAX } from '../weights.ts'
import { refreshTerms } from '../word-statistics.ts'
import { createPostgresSearch } from './postgres.ts'
import { PLACES, slicesFor } from './tags.ts'

const { db, pool } = await testDatabase()
const segmenter = createSegmenter()
const analyze = createAnalyze(segmenter)
const parser = createQueryParser({ segmenter })
const DAY = 86_400_000
const NOW = Date.UTC(2026, 0, 31)
const engineFor = () => createPostgresSearch({ db, pool, clock: () => performance.now() })
const engine = engineFor()
/** Of three words each article has two, so that each is in two thirds of them, and none has all. */
const MANY = RANKED_MAX * 1.5 + 300
/** The others alone are more than can be ranked. */
const OLD = 1_000
const TITLES = ['天气 预报', '预报 台风', '台风 天气']
/** In every title: a piece that is no word, and a word of which a shorter one is looked for. */
const EVERYWHERE = '中国的 phones'

const entry = (id: number, title: string, more: Partial<Entry> = {}): Entry => ({
  id: BigInt(id) as ArticleId,
  version: 1n,
  authorId: BigInt(1 + (id % 5)) as ReaderId,
  channelId: (1 + (id % 2)) as ChannelId,
  publishedAt: NOW - 10 * DAY + id * 60_000,
  covers: 0,
  popularity: 0,
  title: analyze(title),
  body: analyze(''),
  ...more,
})
const entries = Array.from({ length: MANY }, (_, i) => entry(i + 1, `${TITLES[i % 3]} ${EVERYWHERE}`))

before(async () => {
  await engine.put({ entries: entries.slice(0, OLD) })
  // So far apart that they lie in several slices.
  await sql`select setval('search_article_a_place_seq', 50000)`.execute(db)
  await engine.put({ entries: entries.slice(OLD) })
  await refreshTerms(db, 'a')
})

const find = async (typed: string, filters: Filters = {}) =>
  (await engineFor().find({ query: parser.parse(typed), filters, order: 'relevance', limit: 1_000, now: NOW })).ids

const ascending = (ids: ArticleId[]) => ids.toSorted((a, b) => Number(a - b))
const newest = (wanted: (one: Entry) => boolean) =>
  entries
    .filter(wanted)
    .slice(-CANDIDATES_MAX)
    .map(one => one.id)
const has = (one: Entry, word: string) => one.title.text.includes(word)

test('of the articles with a frequent word the newest are found, with each filter and without', async () => {
  const after = NOW - 9 * DAY
  const cases: [filters: Filters, wanted: (one: Entry) => boolean][] = [
    [{}, () => true],
    [{ channelId: 2 as ChannelId }, one => one.channelId === 2],
    [{ authorId: 3n as ReaderId }, one => one.authorId === 3n],
    [{ after, before: after + DAY / 2 }, one => one.publishedAt >= after && one.publishedAt < after + DAY / 2],
    [{ hiddenAuthors: [3n as ReaderId] }, one => one.authorId !== 3n],
    [{ withCover: true }, () => false],
    [{ after: NOW, before: after }, () => false],
  ]
  for (const [filters, wanted] of cases)
    assert.deepEqual(
      ascending(await find('天气', filters)),
      newest(one => has(one, '天气') && wanted(one)),
      Object.keys(filters).join(),
    )
})

test('of the articles that have most of the words the newest are found, with a filter and without', async () => {
  assert.deepEqual(
    ascending(await find('天气 预报 台风')),
    newest(() => true),
  )
  const channelId = 1 as ChannelId
  assert.deepEqual(
    ascending(await find('天气 预报 台风', { channelId })),
    newest(one => one.channelId === channelId),
  )
})

test('a character that very many words begin with finds the newest articles with them', async () => {
  assert.deepEqual(
    ascending(await find('天')),
    newest(one => has(one, '天气')),
  )
})

/** By this connection, whose counts begin anew only between transactions. */
async function rowsRead(tx: Tx): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as read from pg_stat_xact_user_tables where relname = 'search_article_a'`.execute(
    tx,
  )
  return rows[0]?.read ?? 0
}

test('if it is not known how many articles match, the rows read are those of the newest that can be ranked', async () => {
  for (const typed of ['phon', '"国的"', 'phones', 'phon 国的', 'phon unheard'])
    await db.transaction().execute(async tx => {
      await sql`delete from search_term where term = 'phones'`.execute(tx)
      const search = createPostgresSearch({ db: tx as unknown as Db, pool, clock: () => 0 })
      const before = await rowsRead(tx)
      const { ids } = await search.find({ query: parser.parse(typed), filters: {}, order: 'relevance', limit: MANY, now: NOW })
      const read = (await rowsRead(tx)) - before
      assert.equal(ids.length, RANKED_MAX, typed)
      // The newest range, and the best again with their texts.
      assert.ok(read >= RANKED_MAX && read < MANY, `${typed}: ${read}`)
    })
})

test('in an index of an earlier build, which has no tags yet, words are found with each filter and without', async () => {
  const filters: [Filters, (one: Entry) => boolean][] = [
    [{}, () => true],
    [{ channelId: 2 as ChannelId }, one => one.channelId === 2],
    [{ authorId: 3n as ReaderId, withCover: false }, one => one.authorId === 3n],
    [{ after: NOW - 9 * DAY }, one => one.publishedAt >= NOW - 9 * DAY],
    [{ withCover: true }, () => false],
  ]
  await db
    .transaction()
    .execute(async tx => {
      // The first article was edited since.
      await sql`update search_article_a set tokens = ts_delete(tokens, array(select word from unnest(tsvector_to_array(tokens)) word where word like ':%'))
                 where id > 1`.execute(tx)
      const search = createPostgresSearch({ db: tx as unknown as Db, pool, clock: () => 0 })
      for (const [each, wanted] of filters) {
        const { ids } = await search.find({ query: parser.parse('天气'), filters: each, order: 'time', limit: MANY, now: NOW })
        const all = entries.filter(one => has(one, '天气') && wanted(one))
        assert.deepEqual(
          ascending(ids),
          all.slice(-RANKED_MAX).map(one => one.id),
          Object.keys(each).join(),
        )
      }
      throw new Error('undo')
    })
    .catch(err => assert.equal(err.message, 'undo'))
})

test('an edited article does not become a new one', async () => {
  const places = () =>
    sql<{ place: string }>`select place from search_article_a where id in (1, 2) order by id`.execute(db).then(({ rows }) => rows)
  const before = await places()
  await engine.put({ entries: [entry(1, '天气 预报 更正', { version: 2n })] })
  assert.deepEqual(await places(), before)
  assert.equal((await find('更正')).length, 1)
})

test('a search reads at most 64 kB of new entries that are not sorted yet, also after a reindex', async () => {
  const limits = async () =>
    (
      await sql<{
        options: string[]
      }>`select reloptions as options from pg_class where relname in ('search_article_a_tokens', 'search_article_b_tokens')`.execute(db)
    ).rows
  const wanted = [{ options: ['gin_pending_list_limit=64'] }, { options: ['gin_pending_list_limit=64'] }]
  assert.deepEqual(await limits(), wanted)
  for (const step of ['begin', 'prepare', 'finish'] as const) await engine.swap(step)
  assert.deepEqual(await limits(), wanted)
})

test('slices lead from the newest place to the first, and leave none out', () => {
  for (const [docs, places, wanted] of [
    [2_001, 2_500, CANDIDATES_MAX],
    [3_000, 900_000, CANDIDATES_MAX],
    [500_000, 900_000, CANDIDATES_MAX],
    [2_001, 50_000_000, CANDIDATES_MAX],
    [50_000_000, 50_000_000, RANKED_MAX],
  ] as const) {
    const ranges = slicesFor(docs, places, wanted).map(slice =>
      slice.split('|').map(tag => {
        const [, level, n] = /^':s(\d)\.(\d+)'$/.exec(tag) as RegExpExecArray
        const size = PLACES.sizes[Number(level)] as number
        return [Number(n) * size, (Number(n) + 1) * size] as const
      }),
    )
    let below = ranges[0]?.at(-1)?.[1] as number
    assert.ok(below > places)
    for (const slice of ranges) {
      for (const [i, [from]] of slice.entries()) if (i > 0) assert.equal(slice[i - 1]?.[1], from)
      assert.equal(slice.at(-1)?.[1], below)
      below = slice[0]?.[0] as number
    }
    assert.equal(below, 0)
    assert.ok(ranges.length < 20)
  }
})
