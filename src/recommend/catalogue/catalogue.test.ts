import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { type ArticleFacts, createCatalogue } from './catalogue.ts'

const START = Date.UTC(2026, 5, 1)
const facts = (n: number, channelId = 1, publishedAt = START - n * HOUR): ArticleFacts => ({
  id: BigInt(n) as ArticleId,
  authorId: 1n as ReaderId,
  channelId,
  publishedAt,
  language: 'zh',
})
const idsOf = (list: Iterable<ArticleFacts>) => Array.from(list, article => Number(article.id))

function withClock() {
  const time = { now: START }
  return { time, catalogue: createCatalogue(() => time.now) }
}

test('a channel lists its articles newest first, and the recommended channel lists all', () => {
  const { catalogue } = withClock()
  for (const n of [3, 1, 4, 2]) catalogue.put(facts(n, 1 + (n % 2)))
  assert.deepEqual(idsOf(catalogue.newest(2)), [1, 3])
  assert.deepEqual(idsOf(catalogue.newest(0)), [1, 2, 3, 4])
})

test('an article whose channel or date changes is listed only at its new place', () => {
  const { catalogue } = withClock()
  for (const n of [1, 2, 3]) catalogue.put(facts(n))
  catalogue.put(facts(2, 5))
  catalogue.put(facts(3, 1, START))
  assert.deepEqual(idsOf(catalogue.newest(1)), [3, 1])
  assert.deepEqual(idsOf(catalogue.newest(5)), [2])
  assert.deepEqual(idsOf(catalogue.newest(0)), [3, 1, 2])
})

test('many articles put at once are listed as if put one by one', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 4 })), { selector: ([n]) => n }),
      given => {
        const [one, all] = [withClock().catalogue, withClock().catalogue]
        for (const catalogue of [one, all]) for (const n of [5, 6, 7]) catalogue.put(facts(n, 2))
        const articles = given.map(([n, hour]) => facts(n, 1 + (n % 2), START - hour * HOUR))
        for (const each of articles) one.put(each)
        all.putAll(articles)
        for (const channel of [0, 1, 2]) assert.deepEqual(idsOf(all.newest(channel)), idsOf(one.newest(channel)))
      },
    ),
  )
})

test('the articles that were hardly shown are those of the list that were, whatever was asked before', () => {
  const step = fc.record({
    n: fc.integer({ min: 1, max: 8 }),
    hour: fc.integer({ min: 0, max: 4 }),
    kind: fc.constantFrom('put', 'put', 'remove', 'show', 'show', 'show'),
    showings: fc.integer({ min: 1, max: 4 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { catalogue } = withClock()
      const shown = new Map<number, number>()
      for (const { n, hour, kind, showings } of steps) {
        if (kind === 'put') catalogue.put(facts(n, 1 + (n % 2), START - hour * HOUR))
        if (kind === 'remove') catalogue.remove(BigInt(n) as ArticleId)
        if (kind === 'show') catalogue.addImpressions(BigInt(n) as ArticleId, 'shown')
        if (kind === 'show') shown.set(n, (shown.get(n) ?? 0) + 1)
        for (const channel of [0, 1, 2]) {
          const open = idsOf(catalogue.newest(channel)).filter(id => (shown.get(id) ?? 0) < showings)
          assert.deepEqual(idsOf(catalogue.hardlyShown(channel, showings)), open)
        }
      }
    }),
  )
})

test('articles put and removed in any order are listed as in a sorted list', () => {
  const step = fc.record({ n: fc.integer({ min: 1, max: 20 }), hour: fc.integer({ min: 0, max: 4 }), removed: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { catalogue } = withClock()
      const expected = new Map<number, ArticleFacts>()
      for (const { n, hour, removed } of steps) {
        if (removed) {
          catalogue.remove(BigInt(n) as ArticleId)
          expected.delete(n)
        } else {
          catalogue.put(facts(n, 1, START - hour * HOUR))
          expected.set(n, facts(n, 1, START - hour * HOUR))
        }
      }
      const sorted = [...expected.values()].toSorted((a, b) => b.publishedAt - a.publishedAt || Number(b.id - a.id))
      assert.deepEqual(idsOf(catalogue.newest(1)), idsOf(sorted))
      assert.equal(catalogue.size(), expected.size)
    }),
  )
})

test('a click half a day ago counts half as much as one now', () => {
  const { catalogue, time } = withClock()
  for (const n of [1, 2, 3]) catalogue.put(facts(n))
  catalogue.addWeight(1n as ArticleId, 1, START - 12 * HOUR, true)
  catalogue.addWeight(2n as ArticleId, 1, START, true)
  assert.deepEqual(idsOf(catalogue.trending(1)), [2, 1])
  assert.equal(catalogue.trendingScore(1n as ArticleId, START), 0.5)
  time.now += 12 * HOUR
  assert.equal(catalogue.trendingScore(2n as ArticleId, time.now), 0.5)
})

test('a withdrawn article is not trending, even before the scores are sorted again', () => {
  const { catalogue } = withClock()
  for (const n of [1, 2]) {
    catalogue.put(facts(n))
    catalogue.addWeight(BigInt(n) as ArticleId, n, START, true)
  }
  assert.deepEqual(idsOf(catalogue.trending(1)), [2, 1])
  catalogue.remove(2n as ArticleId)
  assert.deepEqual(idsOf(catalogue.trending(1)), [1])
})

test('an action, or another channel of an article, changes the trending lists of its channel and of the recommended one within two seconds', () => {
  const { catalogue, time } = withClock()
  for (const n of [1, 2, 3]) {
    catalogue.put(facts(n, n === 3 ? 2 : 1))
    catalogue.addWeight(BigInt(n) as ArticleId, n, START, true)
  }
  const lists = () => [0, 1, 2].map(channelId => idsOf(catalogue.trending(channelId)))
  assert.deepEqual(lists(), [[3, 2, 1], [2, 1], [3]])
  catalogue.addWeight(1n as ArticleId, 5, START, true)
  time.now += 2_000
  assert.deepEqual(lists(), [[1, 3, 2], [1, 2], [3]])
  catalogue.put(facts(1, 2))
  time.now += 2_000
  assert.deepEqual(lists(), [[1, 3, 2], [2], [1, 3]])
})

test('trending lists that followed actions equal those that are made anew, whatever was done and however long it took', () => {
  const step = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    weight: fc.integer({ min: -3, max: 6 }),
    isKnown: fc.boolean(),
    channel: fc.constantFrom(undefined, 1, 2),
    removed: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
    minutes: fc.constantFrom(1, 60, 30 * 60),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const { catalogue, time } = withClock()
      for (let n = 1; n <= 12; n++) catalogue.put(facts(n))
      for (const { id, weight, isKnown, channel, removed, minutes } of steps) {
        if (channel) catalogue.put(facts(id, channel))
        if (removed) catalogue.remove(BigInt(id) as ArticleId)
        catalogue.addWeight(BigInt(id) as ArticleId, weight, time.now, isKnown)
        time.now += minutes * 60_000
        const scoreOf = (article: ArticleFacts) => catalogue.trendingScore(article.id, START)
        const expected = [...catalogue.newest(0)]
          .filter(article => scoreOf(article) > 0)
          .toSorted((a, b) => scoreOf(b) - scoreOf(a) || (a.id < b.id ? 1 : -1))
        const trending = [...catalogue.trending(0)]
        // Two that differ by less than a rounding may stand either way.
        assert.deepEqual(
          trending.map(article => scoreOf(article).toPrecision(9)),
          expected.map(article => scoreOf(article).toPrecision(9)),
        )
        assert.deepEqual(new Set(idsOf(trending)), new Set(idsOf(expected)))
        for (const c of [1, 2]) assert.deepEqual(idsOf(catalogue.trending(c)), idsOf(trending.filter(({ channelId }) => channelId === c)))
      }
    }),
  )
})

test('trending scores stay exact over years without a restart', () => {
  const { catalogue, time } = withClock()
  catalogue.put(facts(1))
  for (let day = 0; day < 3 * 365; day++) {
    time.now = START + day * 24 * HOUR
    catalogue.addWeight(1n as ArticleId, 1, time.now, true)
  }
  // One click a day, each a quarter of the next: 1 + 1/4 + 1/16 + …
  assert.ok(Math.abs(catalogue.trendingScore(1n as ArticleId, time.now) - 4 / 3) < 1e-9)
})
