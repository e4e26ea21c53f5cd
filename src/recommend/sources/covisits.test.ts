import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { createCovisits } from './covisits.ts'

const HOUR = 3_600_000
const id = (n: number) => BigInt(n) as ArticleId
const idsOf = (near: Map<ArticleId, number>) => [...near.keys()].map(Number)

/** Each viewer reads these one after the other, a minute apart. */
function read(covisits: ReturnType<typeof createCovisits>, viewers: Record<string, number[]>, from = 0) {
  for (const [viewer, articles] of Object.entries(viewers))
    for (const [i, n] of articles.entries()) covisits.note(viewer, id(n), from + i * 60_000)
}

test('what the same people read goes together, and what more of them read goes together better', () => {
  const covisits = createCovisits()
  read(covisits, { a: [1, 2], b: [1, 2, 3], c: [3, 4] })
  assert.deepEqual(idsOf(covisits.near([id(1)], 10)), [2, 3])
  assert.deepEqual(idsOf(covisits.near([id(4)], 10)), [3])
  assert.deepEqual(idsOf(covisits.near([id(9)], 10)), [])
})

test('what everybody reads does not go well with everything', () => {
  const covisits = createCovisits()
  const readers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`r${i}`, i < 4 ? [1, 2, 9] : [100 + i, 9]]))
  read(covisits, readers)
  assert.deepEqual(idsOf(covisits.near([id(1)], 1)), [2])
})

test('one reader going round in circles makes no pair stronger', () => {
  const once = createCovisits()
  read(once, { a: [1, 2] })
  const often = createCovisits()
  read(often, { a: [1, 2, 1, 2, 1, 2] })
  assert.deepEqual([...often.near([id(1)], 9)], [...once.near([id(1)], 9)])
})

test('what was read on another day was read for another reason', () => {
  const covisits = createCovisits()
  covisits.note('a', id(1), 0)
  covisits.note('a', id(2), 25 * HOUR)
  assert.equal(covisits.near([id(1)], 9).size, 0)
})

test('however many go with an article, the strongest stay and the number is bounded', () => {
  const covisits = createCovisits()
  for (let i = 0; i < 500; i++) read(covisits, { [`x${i}`]: [1, 1000 + i] })
  for (let i = 0; i < 30; i++) read(covisits, { [`y${i}`]: [1, 2] })
  const near = covisits.near([id(1)], 1_000)
  assert.equal(near.size, 50)
  assert.ok(idsOf(near).slice(0, 5).includes(2))
})
