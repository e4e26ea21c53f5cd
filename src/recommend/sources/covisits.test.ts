import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { createCovisits } from './covisits.ts'

const id = (n: number) => BigInt(n) as ArticleId
const idsOf = (related: Map<ArticleId, number>) => [...related.keys()].map(Number)

/** Each viewer clicks these articles in turn, a minute apart. */
function recordClicks(covisits: ReturnType<typeof createCovisits>, viewers: Record<string, number[]>, from = 0) {
  for (const [viewer, articles] of Object.entries(viewers))
    for (const [i, n] of articles.entries()) covisits.recordClick(viewer, id(n), from + i * 60_000)
}

test('articles with readers in common are related, and more so with more of them', () => {
  const covisits = createCovisits()
  recordClicks(covisits, { a: [1, 2], b: [1, 2, 3], c: [3, 4] })
  assert.deepEqual(idsOf(covisits.relatedTo([id(1)], 10)), [2, 3])
  assert.deepEqual(idsOf(covisits.relatedTo([id(4)], 10)), [3])
  assert.deepEqual(idsOf(covisits.relatedTo([id(9)], 10)), [])
})

test('an article that everybody reads is not strongly related to each other article', () => {
  const covisits = createCovisits()
  const readers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`r${i}`, i < 4 ? [1, 2, 9] : [100 + i, 9]]))
  recordClicks(covisits, readers)
  assert.deepEqual(idsOf(covisits.relatedTo([id(1)], 1)), [2])
})

test('a reader who clicks two articles again and again counts once', () => {
  const once = createCovisits()
  recordClicks(once, { a: [1, 2] })
  const often = createCovisits()
  recordClicks(often, { a: [1, 2, 1, 2, 1, 2] })
  assert.deepEqual([...often.relatedTo([id(1)], 9)], [...once.relatedTo([id(1)], 9)])
})

test('clicks more than a day apart make no pair', () => {
  const covisits = createCovisits()
  covisits.recordClick('a', id(1), 0)
  covisits.recordClick('a', id(2), 25 * HOUR)
  assert.equal(covisits.relatedTo([id(1)], 9).size, 0)
})

test('the number of related articles is bounded, and the strongest stay', () => {
  const covisits = createCovisits()
  for (let i = 0; i < 500; i++) recordClicks(covisits, { [`x${i}`]: [1, 1000 + i] })
  for (let i = 0; i < 30; i++) recordClicks(covisits, { [`y${i}`]: [1, 2] })
  const related = covisits.relatedTo([id(1)], 1_000)
  assert.equal(related.size, 50)
  assert.ok(idsOf(related).slice(0, 5).includes(2))
})

test('covisits that were saved and restored are the same, and go on like the others', () => {
  const random = createSeededRandom('covisits')
  const others = createCovisits()
  const click = (covisits: typeof others, viewer: number, n: number, at: number) => covisits.recordClick(`d${viewer}`, id(n), at)
  // More articles than are kept: some that are given up are in trails, and next to articles that are kept.
  for (let n = 60_000; n >= 0; n--) click(others, n % 30_000, n, 0)
  for (let i = 0; i < 3_000; i++) click(others, random.int(0, 40), random.int(0, 99), i * 60_000)
  const restored = createCovisits()
  restored.restore(structuredClone(others.save()))
  const relatedTo = (covisits: typeof others) =>
    [...Array(100).keys()].map(n => idsOf(covisits.relatedTo([id(n), id(20_000 + n)], 50)).join())
  assert.deepEqual(relatedTo(restored), relatedTo(others))
  for (let i = 3_000; i < 4_000; i++) {
    const [viewer, n] = [random.int(0, 40), random.int(0, 99)]
    for (const covisits of [restored, others]) click(covisits, viewer, n, i * 60_000)
  }
  assert.deepEqual(relatedTo(restored), relatedTo(others))
  const empty = createCovisits()
  empty.restore(structuredClone(createCovisits().save()))
  assert.equal(empty.relatedTo([id(1)], 9).size, 0)
})
