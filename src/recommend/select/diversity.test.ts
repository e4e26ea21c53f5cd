import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diversify } from './diversity.ts'

const article = (score: number, author: string) => ({ score, author })
const byAuthor = [{ keyOf: ({ author }: { author: string }) => author, factor: 0.5, previousKeys: [] }]

test('a second article of an author comes after others unless its score is much higher', () => {
  const ranked = [article(10, 'a'), article(9, 'a'), article(6, 'b'), article(1, 'c')]
  assert.deepEqual(
    diversify(ranked, { count: 4, by: byAuthor }).map(one => one.score),
    [10, 6, 9, 1],
  )
  const better = [article(10, 'a'), article(9, 'a'), article(4, 'b')]
  assert.deepEqual(
    diversify(better, { count: 3, by: byAuthor }).map(one => one.score),
    [10, 9, 4],
  )
})

test('an author of the previous page needs a slightly higher score', () => {
  const by = [{ keyOf: ({ author }: { author: string }) => author, factor: 0.5, previousKeys: ['a', 'a'] }]
  assert.deepEqual(
    diversify([article(10, 'a'), article(6, 'b')], { count: 2, by }).map(one => one.score),
    [6, 10],
  )
  assert.deepEqual(
    diversify([article(14, 'a'), article(6, 'b')], { count: 2, by }).map(one => one.score),
    [14, 6],
  )
})

test('a page is full even if one author wrote all candidates', () => {
  const ranked = Array.from({ length: 20 }, (_, i) => article(20 - i, 'a'))
  assert.equal(diversify(ranked, { count: 10, by: byAuthor }).length, 10)
  assert.equal(diversify(ranked.slice(0, 3), { count: 10, by: byAuthor }).length, 3)
})

test('stopping early chooses the same as comparing all candidates', () => {
  const ranking = fc.array(fc.record({ score: fc.integer({ min: 0, max: 50 }), author: fc.constantFrom('a', 'b', 'c') }), { maxLength: 30 })
  fc.assert(
    fc.property(ranking, list => {
      const ranked = list.toSorted((a, b) => b.score - a.score)
      assert.deepEqual(diversify(ranked, { count: 10, by: byAuthor }), diversifySlowly(ranked, 10))
    }),
  )
})

/** The same choice without stopping early. */
function diversifySlowly(ranked: { score: number; author: string }[], count: number) {
  const left = [...ranked]
  const taken: typeof left = []
  while (taken.length < count && left.length > 0) {
    const worths = left.map(one => one.score * 0.5 ** taken.filter(other => other.author === one.author).length)
    taken.push(...left.splice(worths.indexOf(Math.max(...worths)), 1))
  }
  return taken
}
