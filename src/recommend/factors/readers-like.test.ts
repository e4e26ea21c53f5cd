import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { chooseFactors, type Reading, trainIals } from '../nightly/article-factors.ts'
import { relatedBy } from '../nightly/related-articles.ts'
import { createReadersLike } from './readers-like.ts'
import type { ArticleFactors } from './reading-model.ts'

const random = createSeededRandom('readers like')
const idOf = (i: number) => BigInt(i + 1) as ArticleId
const groupOf = (id: ArticleId) => Number((id - 1n) / 20n)
const all = () => true

/** Three groups of eighty readers; each reads twelve of the twenty articles of theirs. */
const reading: Reading = Array.from({ length: 240 }, (_, reader) =>
  random.shuffle(Array.from({ length: 20 }, (_, i) => idOf((reader % 3) * 20 + i))).slice(0, 12),
)
const chosen = chooseFactors(reading)

test('of two models the one is used that finds later clicks better, and both are better than what is most read', () => {
  const { popularity = 1, ials = 0, ease = 0 } = chosen.ndcg10
  assert.ok(ials > popularity + 0.1 && ease > popularity + 0.1, JSON.stringify(chosen.ndcg10))
  assert.equal(chosen.factors?.kind, ease > ials ? 'ease' : 'ials')
})

test('where readers have nothing in common, what is most read stays unbeaten, and nothing is used', () => {
  // Everybody reads the same favourites, and beside them anything.
  const alike: Reading = Array.from({ length: 60 }, () => {
    const favourites = random.shuffle(Array.from({ length: 12 }, (_, i) => idOf(i))).slice(0, 8)
    return [...favourites, ...random.shuffle(Array.from({ length: 300 }, (_, i) => idOf(20 + i))).slice(0, 4)]
  })
  const verdict = chooseFactors(alike)
  assert.equal(verdict.factors, undefined)
  assert.match(verdict.reason, /not better than popularity/)
})

test('where readers read what is newest, factors do not beat it, and live ones end', () => {
  // A new article each hour; whoever comes by reads the last three.
  const hours = Array.from({ length: 200 }, (_, i) => 1 + random.int(0, 60) + i / 1000)
  const latest: Reading = hours.map(hour => [0, 1, 2].map(back => idOf(Math.floor(hour) + 2 - back)))
  const times = latest.map((ids, r) => ids.map((_, i) => ((hours[r] as number) - i / 10_000) * 3_600_000))
  const verdict = chooseFactors(latest, { live: trainIals(latest.slice(0, 100)), times })
  assert.match(verdict.reason, /not better than .*recency/)
  assert.deepEqual([verdict.factors, verdict.liveStays], [undefined, false])
  assert.ok((verdict.ndcg10.recency ?? 0) > 0.5, JSON.stringify(verdict.ndcg10))
})

test('factors that rank the wrong way round are found out, and end', () => {
  const good = trainIals(reading)
  const bad: ArticleFactors = { ...good, ids: random.shuffle([...good.ids]) }
  const { factors, ndcg10 } = chooseFactors(reading, { live: bad })
  assert.ok(factors && (ndcg10.live ?? 1) < (ndcg10.ials ?? 0) / 2, JSON.stringify(ndcg10))
  const { liveStays, reason } = chooseFactors(reading.slice(0, 3), { live: bad })
  assert.deepEqual([liveStays, reason], [true, 'too few readers: 3 with two articles or more, and 20 are needed'])
})

for (const kind of ['ials', 'ease'] as const)
  test(`what readers like this one read is offered, and stands below an article that they read: ${kind}`, () => {
    const factors = kind === 'ials' ? trainIals(reading) : chosen.factors
    assert.equal(factors?.kind, kind)
    const readersLike = createReadersLike()
    readersLike.use(factors)
    const [unwanted, ...clicked] = reading[1] as ArticleId[]
    const next = readersLike.next(clicked, 8, id => id !== unwanted)
    // Vectors of 32 numbers fit a world of sixty articles too well: the last places are chance.
    assert.deepEqual(new Set(next.slice(0, 4).map(groupOf)), new Set([1]))
    assert.ok(!next.includes(unwanted as ArticleId) && !next.some(id => clicked.includes(id)))
    assert.deepEqual(readersLike.next([idOf(500)], 5, all), [])
    const related = new Map(Array.from(relatedBy(factors as ArticleFactors), row => [row.id, row.related]))
    assert.equal(related.size, 60)
    const places = [...related].flatMap(([id, others]) => others.slice(0, 5).map(other => Number(groupOf(id) === groupOf(other))))
    assert.ok(places.reduce((a, b) => a + b) > 0.8 * places.length)
  })

test('an article that came since the training is offered to readers like those who clicked it, also if they did so before the start', () => {
  const factors = trainIals(reading)
  const news = idOf(100)
  const [before, after, restored] = [createReadersLike(), createReadersLike(), createReadersLike()]
  after.use(factors)
  for (const readersLike of [before, after])
    for (const [reader, clicks] of reading.entries()) {
      for (const id of clicks.toReversed()) readersLike.recordClick(`r${reader}`, id)
      if (reader % 3 === 2 && reader < 12) readersLike.recordClick(`r${reader}`, news)
    }
  before.use(factors)
  for (let i = 0; i < 100; i++) before.next([idOf(0)], 1, all)
  restored.restore(structuredClone(after.save()))
  restored.use(factors)
  while (restored.fitNext());
  assert.deepEqual(restored.save(), after.save())
  for (const readersLike of [before, after, restored]) {
    const placesOf = (reader: number) => readersLike.next((reading[reader] ?? []).slice(0, 6), 200, all).indexOf(news)
    assert.ok(placesOf(32) >= 0 && placesOf(32) < 16, `${placesOf(32)}`)
    assert.ok(placesOf(30) === -1 || placesOf(30) > 10, `${placesOf(30)}`)
  }
})
