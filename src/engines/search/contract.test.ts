// What both engines promise. OpenSearch runs if TEST_SEARCH_URL names it; otherwise its half is skipped by name.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually, PATIENCE_MS } from '../../../test/support/waiting.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { createAnalyze } from './analysis/analyze.ts'
import { createSegmenter } from './analysis/segmenter.ts'
import { createOpenSearch } from './opensearch/opensearch.ts'
import { createPostgresSearch } from './postgres/postgres.ts'
import { createQueryParser } from './query.ts'
import type { Entry, Filters, SearchEngine } from './search.ts'

const segmenter = createSegmenter()
const analyze = createAnalyze(segmenter)
const parser = createQueryParser({ segmenter })
const { db, pool } = await testDatabase()
const NOW = Date.UTC(2026, 0, 31)

const article = (id: number, title: string, more: Partial<Entry> & { text?: string } = {}): Entry => {
  const { text = '', ...rest } = more
  return {
    id: BigInt(id) as ArticleId,
    version: 1n,
    authorId: 7n as ReaderId,
    channelId: 1 as ChannelId,
    publishedAt: NOW - 86_400_000 * 30,
    covers: 0,
    popularity: 0,
    title: analyze(title),
    body: analyze(text),
    ...rest,
  }
}

const searchUrl = process.env.TEST_SEARCH_URL
const engines: { name: string; skip?: string; make: () => SearchEngine }[] = [
  { name: 'PostgreSQL', make: () => createPostgresSearch({ db, pool, clock: () => performance.now() }) },
  {
    name: 'OpenSearch',
    skip: searchUrl ? undefined : 'TEST_SEARCH_URL is not set',
    make: () => createOpenSearch({ url: `${searchUrl}/test-${randomBytes(6).toString('hex')}`, answerMs: PATIENCE_MS }),
  },
]

for (const { name, skip, make } of engines)
  describe(name, { skip }, () => {
    let engine: SearchEngine
    before(() => {
      engine = make()
      cleanup(() => engine.close())
    })

    const find = async (typed: string, filters: Filters = {}, order: 'relevance' | 'time' = 'relevance') =>
      (await engine.find({ query: parser.parse(typed), filters, order, limit: 1_000, now: NOW })).ids.map(Number)
    const put = (...entries: Entry[]) => engine.put({ entries })

    test('a reader who types traditional, full-width or upper-case characters finds what is written otherwise', async () => {
      await put(article(1, '华为手机发布会'), article(2, 'iPhone8plus 值得买吗'), article(3, '环球影城落地北京'))
      assert.deepEqual(await find('華為手機'), [1])
      assert.deepEqual(await find('ＩＰＨＯＮＥ'), [2])
      assert.deepEqual(await find('iphone 8'), [2])
      assert.deepEqual(await find('環球影城'), [3])
    })

    test('a reader who types a part of a longer word finds it, a phrase only in its order, and nothing that is excluded', async () => {
      await put(article(11, '南京市长江大桥通车'), article(12, '长江边的大桥南京看'), article(13, '猫咪为什么怕黄瓜'))
      assert.equal((await find('江大桥'))[0], 11)
      assert.deepEqual((await find('长江 大桥')).toSorted(), [11, 12])
      assert.deepEqual(await find('"长江大桥"'), [11])
      assert.deepEqual(await find('长江 -通车'), [12])
      assert.deepEqual(await find('猫'), [13])
      assert.deepEqual(await find('长江 -"大桥通车"'), [12])
      assert.deepEqual(await find('-长江'), [])
    })

    test('a phrase with words that mean little is found as it stands in the title', async () => {
      await put(article(14, 'Return of the Zqring'), article(15, 'Zqring, the return'))
      assert.deepEqual(await find('"return of the zqring"'), [14])
      assert.deepEqual(await find('zqring -"return of the zqring"'), [15])
    })

    test('a number with its unit is found by each name of the unit', async () => {
      await put(article(16, '自驾行程340公里'), article(17, '骑行340km之后'), article(18, '340人的村庄'))
      for (const typed of ['340km', '340 km', '340公里', '340千米']) assert.deepEqual((await find(typed)).toSorted(), [16, 17], typed)
    })

    test('a title counts for more than a text, the newer of two alike comes first, and time can be the order', async () => {
      await put(
        article(21, '天文望远镜入门', { publishedAt: NOW - 86_400_000 * 200 }),
        article(22, '周末去哪儿', { text: '我们买了一台天文望远镜，夜里看星星。' }),
        article(23, '天文望远镜入门', { publishedAt: NOW - 3_600_000 }),
      )
      assert.deepEqual(await find('天文望远镜'), [23, 21, 22])
      assert.deepEqual(await find('天文望远镜', {}, 'time'), [23, 22, 21])
    })

    test('filters leave what they say, and authors a viewer blocks are not found', async () => {
      await put(
        article(31, '量子计算机进展', { channelId: 3 as ChannelId, covers: 1 }),
        article(32, '量子计算机科普', { authorId: 9n as ReaderId }),
        article(33, '量子计算机投资', { publishedAt: NOW - 1_000 }),
      )
      assert.deepEqual(await find('量子计算机', { channelId: 3 as ChannelId }), [31])
      assert.deepEqual(await find('量子计算机', { authorId: 9n as ReaderId }), [32])
      assert.deepEqual(await find('量子计算机', { after: NOW - 60_000 }), [33])
      assert.deepEqual((await find('量子计算机', { before: NOW - 60_000 })).toSorted(), [31, 32])
      assert.deepEqual(await find('量子计算机', { withCover: true }), [31])
      assert.deepEqual((await find('量子计算机', { hiddenAuthors: [9n as ReaderId] })).toSorted(), [31, 33])
    })

    test('what was removed stays removed, whatever older version comes after it', async () => {
      const id = 41n as ArticleId
      await put(article(41, '昙花一现', { version: 5n }))
      assert.equal((await engine.get(id))?.title, '昙花一现')
      await engine.remove([{ id, version: 7n }])
      await put(article(41, '昙花一现', { version: 6n }))
      assert.deepEqual([await engine.exists([id]), await engine.get(id), await find('昙花')], [new Set(), undefined, []])
      await put(article(41, '昙花再现', { version: 8n }))
      await put(article(41, '昙花旧闻', { version: 4n }))
      assert.deepEqual([await find('昙花再现'), (await engine.get(id))?.version], [[41], 8n])
      await engine.remove([{ id, version: 3n }])
      assert.deepEqual(await engine.exists([id]), new Set([id]))
    })

    test('what is built aside is not found until it takes its place, and what was there before is gone then', async () => {
      await put(article(51, '旧索引里的文章'))
      await engine.swap('begin')
      await engine.put({ entries: [article(52, '新索引里的文章')] }, 'aside')
      assert.deepEqual(await engine.exists([51n, 52n] as ArticleId[], 'aside'), new Set([52n]))
      assert.deepEqual(await find('索引里的文章'), [51])
      await engine.swap('prepare')
      await engine.swap('finish')
      await eventually(
        () => find('索引里的文章'),
        ids => ids.length === 1 && ids[0] === 52,
      )
    })

    test('a reader who types characters, pinyin, initials or a letter wrong is shown the phrase', async () => {
      await engine.put({
        phrases: [
          { text: '北京车展', kind: 'keyword', weight: 3 },
          { text: '北京大学', kind: 'keyword', weight: 9 },
          { text: 'iPhone', kind: 'keyword', weight: 2 },
        ],
      })
      const suggest = async (typed: string, limit = 10) => (await engine.suggest(typed, limit)).phrases
      assert.deepEqual(await suggest('北京'), ['北京大学', '北京车展'])
      assert.deepEqual(await suggest('beijingch'), ['北京车展'])
      assert.deepEqual(await suggest('bjcz'), ['北京车展'])
      assert.deepEqual(await suggest('背景车'), ['北京车展'])
      assert.deepEqual(await suggest('iphnoe'), ['iPhone'])
      assert.deepEqual(await suggest('北京', 1), ['北京大学'])
      for (const nothing of ['', '%', '_', "'", '\\', '🙂', '\u0000', '龘龘龘'])
        assert.deepEqual(await engine.suggest(nothing, 10), { phrases: [], titled: [] })
    })

    test('articles are suggested whose titles begin with what is typed and are no longer than a query', async () => {
      await put(article(91, 'Zeppelin über Berlin'), article(92, `Zeppelin ${'x'.repeat(50)}`), article(93, 'ein Zeppelin'))
      assert.deepEqual(await engine.suggest('ZEPP', 10), { phrases: [], titled: [91n] })
    })

    test('operators, quotes, controls and halves of characters are only characters', async () => {
      await put(article(61, "O'Reilly & C++ 入门: a|b !c <-> d"))
      for (const typed of [
        "'; drop table article; --",
        '& | ! ( ) <->',
        ':*',
        '\\',
        "'",
        '"',
        '""',
        '-',
        '--',
        '\ud800',
        'a\u0000b',
        '*'.repeat(50),
        '(a+)+$'.repeat(8),
      ])
        assert.ok(Array.isArray(await find(typed)), typed)
      assert.deepEqual(await find("o'reilly"), [61])
      assert.deepEqual(await find('c++'), [61])
    })

    test('an id is exact beyond 2^53', async () => {
      const id = (2n ** 60n + 1n) as ArticleId
      await engine.put({ entries: [{ ...article(0, '银河系中心黑洞'), id }] })
      const found = await engine.find({ query: parser.parse('银河系中心黑洞'), filters: {}, order: 'relevance', limit: 10, now: NOW })
      assert.deepEqual([found.ids, await engine.exists([id])], [[id], new Set([id])])
    })

    test('when not all words are found, those articles follow that have most of them', async () => {
      await put(article(71, '候鸟迁徙路线图'), article(72, '候鸟迁徙路线与湿地保护'), article(73, '湿地公园门票'))
      assert.deepEqual(await find('候鸟 迁徙 路线 湿地'), [72, 71])
    })
  })
