import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { choleskyInvert, choleskySolve } from './cholesky.ts'
import { createFoldIn, fitIals } from './ials.ts'
import { createNearest } from './nearest.ts'

const OPTIONS = { width: 16, unknownWeight: 0.1, regularisation: 0.05, epochs: 12 }

/** Forty users of two groups; each likes eight of the ten items of theirs. */
function twoGroups() {
  const random = createSeededRandom('groups')
  return Array.from({ length: 40 }, (_, user) => random.shuffle(Array.from({ length: 10 }, (_, i) => (user % 2) * 10 + i)).slice(0, 8))
}

const product = (a: Float32Array, b: Float32Array, i: number) =>
  a.reduce((sum, value, k) => sum + value * (b[i * a.length + k] as number), 0)

test('of what a user has not chosen, what others like them chose comes first', () => {
  const likes = twoGroups()
  const { users, items, width } = fitIals(likes, 20, OPTIONS)
  for (const [user, liked] of likes.entries()) {
    const scores = Array.from({ length: 20 }, (_, item) => product(users.subarray(user * width, (user + 1) * width), items, item))
    const others = [...scores.keys()]
      .filter(item => !liked.includes(item))
      .toSorted((a, b) => (scores[b] as number) - (scores[a] as number))
    assert.deepEqual(
      others.slice(0, 2).map(item => Math.floor(item / 10)),
      [user % 2, user % 2],
    )
  }
})

test('who was not fitted gets the vector that fitting would give them, and who chose nothing gets none', () => {
  const likes = twoGroups()
  const { users, items, width } = fitIals(likes, 20, { ...OPTIONS, epochs: 40 })
  const foldIn = createFoldIn(items, OPTIONS)
  for (const user of [0, 1]) {
    const [fitted, folded] = [users.subarray(user * width, (user + 1) * width), foldIn(likes[user] as number[])]
    assert.ok(fitted.every((value, k) => Math.abs(value - (folded[k] as number)) < 0.01))
  }
  assert.ok(foldIn([]).every(value => value === 0))
})

test('fitting goes on from what items are known as, also with a user and an item more', () => {
  const likes = twoGroups()
  const before = fitIals(likes, 20, OPTIONS)
  const more = [...likes, [3, 4, 20]]
  const lossOf = ({ users, items, width }: typeof before) =>
    more
      .flatMap((liked, user) => liked.map(item => (1 - product(users.subarray(user * width, (user + 1) * width), items, item)) ** 2))
      .reduce((a, b) => a + b)
  const [warm, cold, whole] = [
    lossOf(
      fitIals(more, 21, { ...OPTIONS, epochs: 1 }, item => (item < 20 ? before.items.subarray(item * 16, (item + 1) * 16) : undefined)),
    ),
    lossOf(fitIals(more, 21, { ...OPTIONS, epochs: 1 })),
    lossOf(fitIals(more, 21, { ...OPTIONS, epochs: 30 })),
  ]
  assert.ok(Math.abs(warm - whole) < Math.abs(cold - whole) / 3, `${warm} and ${cold} of ${whole}`)
})

test('a matrix times its inverse is one, and a solution solves, whatever the size', () => {
  const random = createSeededRandom('matrices')
  for (let width = 1; width <= 13; width++) {
    const root = Float64Array.from({ length: width * width }, random.normal)
    const at = (i: number, j: number) => {
      let sum = Number(i === j)
      for (let k = 0; k < width; k++) sum += (root[i * width + k] as number) * (root[j * width + k] as number)
      return sum
    }
    const matrix = Float64Array.from({ length: width * width }, (_, place) => at(Math.floor(place / width), place % width))
    const [inverse, target] = [matrix.slice(), Float64Array.from({ length: width }, random.normal)]
    choleskyInvert(inverse, width)
    const solution = target.slice()
    choleskySolve(matrix.slice(), solution, width)
    for (let i = 0; i < width; i++) {
      let product = 0
      for (let k = 0; k < width; k++) product += at(i, k) * (solution[k] as number)
      assert.ok(Math.abs(product - (target[i] as number)) < 1e-9)
      for (let j = 0; j < width; j++) {
        let entry = 0
        for (let k = 0; k < width; k++) entry += at(i, k) * (inverse[k * width + j] as number)
        assert.ok(Math.abs(entry - Number(i === j)) < 1e-9, `${width}: ${entry} at ${i}, ${j}`)
      }
    }
  }
})

test('the highest products are exactly those of a plain calculation, whatever the numbers', () => {
  const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
    minLength: 17 * 16,
    maxLength: 60 * 16,
  })
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, limit) => {
      const all = Float32Array.from(values.slice(0, values.length - (values.length % 16)))
      const [query, vectors] = [all.slice(0, 16), all.slice(16)]
      const count = vectors.length / 16
      const scores = Array.from({ length: count }, (_, i) => product(query, vectors, i))
      const expected = [...scores.keys()].toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).slice(0, limit)
      assert.deepEqual(
        createNearest(vectors, 16)
          .top(query, limit)
          .map(({ index }) => index),
        expected,
      )
    }),
    { numRuns: 200 },
  )
})

test('vectors that are not wanted are passed over; none, and fewer than asked for, are all right', () => {
  const vectors = Float32Array.from({ length: 5 * 16 }, (_, i) => (i % 16 === 0 ? i / 16 : 0))
  const query = Float32Array.from({ length: 16 }, (_, i) => Number(i === 0))
  const { top } = createNearest(vectors, 16)
  assert.deepEqual(
    top(query, 2, index => index !== 4),
    [
      { index: 3, score: 3 },
      { index: 2, score: 2 },
    ],
  )
  assert.equal(top(query, 100).length, 5)
  assert.deepEqual(createNearest(new Float32Array(0), 16).top(query, 3), [])
  assert.deepEqual(
    createNearest(new Float32Array(32), 16)
      .top(new Float32Array(16), 3)
      .map(({ index }) => index),
    [0, 1],
  )
  assert.throws(() => createNearest(vectors, 10), /16, 32, 48 or 64/)
})
