import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { type ArticleFacts, createCatalogue } from './catalogue.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 5, 1)
const facts = (n: number, channelId = 1, publishedAt = START - n * HOUR): ArticleFacts => ({
  id: BigInt(n) as ArticleId,
  authorId: 1n as ReaderId,
  channelId,
  publishedAt,
})
const idsOf = (list: Iterable<ArticleFacts>) => Array.from(list, one => Number(one.id))

function withClock() {
  const time = { now: START }
  return { time, catalogue: createCatalogue(() => time.now) }
}

test('a channel lists its articles newest first, and the recommended one lists all', () => {
  const { catalogue } = withClock()
  for (const n of [3, 1, 4, 2]) catalogue.put(facts(n, 1 + (n % 2)))
  assert.deepEqual(idsOf(catalogue.newest(2)), [1, 3])
  assert.deepEqual(idsOf(catalogue.newest(0)), [1, 2, 3, 4])
})

test('an article that moves to another channel, or is dated anew, is found there and nowhere else', () => {
  const { catalogue } = withClock()
  for (const n of [1, 2, 3]) catalogue.put(facts(n))
  catalogue.put(facts(2, 5))
  catalogue.put(facts(3, 1, START))
  assert.deepEqual(idsOf(catalogue.newest(1)), [3, 1])
  assert.deepEqual(idsOf(catalogue.newest(5)), [2])
  assert.deepEqual(idsOf(catalogue.newest(0)), [3, 1, 2])
})

test('coming and going in any order leaves what a plain list would hold', () => {
  const step = fc.record({ n: fc.integer({ min: 1, max: 20 }), hour: fc.integer({ min: 0, max: 4 }), gone: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { catalogue } = withClock()
      const plain = new Map<number, ArticleFacts>()
      for (const { n, hour, gone } of steps) {
        if (gone) {
          catalogue.remove(BigInt(n) as ArticleId)
          plain.delete(n)
        } else {
          catalogue.put(facts(n, 1, START - hour * HOUR))
          plain.set(n, facts(n, 1, START - hour * HOUR))
        }
      }
      const wanted = [...plain.values()].toSorted((a, b) => b.publishedAt - a.publishedAt || Number(b.id - a.id))
      assert.deepEqual(idsOf(catalogue.newest(1)), idsOf(wanted))
      assert.equal(catalogue.size(), plain.size)
    }),
  )
})

test('what was read lately is hotter than what was read as often half a day before', () => {
  const { catalogue, time } = withClock()
  for (const n of [1, 2, 3]) catalogue.put(facts(n))
  catalogue.warm(1n as ArticleId, 1, START - 12 * HOUR)
  catalogue.warm(2n as ArticleId, 1, START)
  assert.deepEqual(idsOf(catalogue.hottest(1)), [2, 1])
  assert.equal(catalogue.heat(1n as ArticleId, START), 0.5)
  time.now += 12 * HOUR
  assert.equal(catalogue.heat(2n as ArticleId, time.now), 0.5)
})

test('an article withdrawn is not offered as hot, even before heat is sorted anew', () => {
  const { catalogue } = withClock()
  for (const n of [1, 2]) {
    catalogue.put(facts(n))
    catalogue.warm(BigInt(n) as ArticleId, n, START)
  }
  assert.deepEqual(idsOf(catalogue.hottest(1)), [2, 1])
  catalogue.remove(2n as ArticleId)
  assert.deepEqual(idsOf(catalogue.hottest(1)), [1])
})

test('heat stays right over years without a restart', () => {
  const { catalogue, time } = withClock()
  catalogue.put(facts(1))
  for (let day = 0; day < 3 * 365; day++) {
    time.now = START + day * 24 * HOUR
    catalogue.warm(1n as ArticleId, 1, time.now)
  }
  // One click a day, each a quarter of the next: 1 + 1/4 + 1/16 + …
  assert.ok(Math.abs(catalogue.heat(1n as ArticleId, time.now) - 4 / 3) < 1e-9)
})
