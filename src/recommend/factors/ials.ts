// Implicit alternating least squares (iALS: Hu et al. 2008, as Rendle et al. 2021 set it up): a vector for each user and each item, whose product
// is near 1 for what a user chose and near 0 for all else. What is not known costs nothing: all pairs together are a Gram matrix.

import { createSeededRandom } from '../../base/seeded-random.ts'
import { choleskySolve } from './cholesky.ts'

export interface IalsOptions {
  width: number
  /** What a pair that is not known weighs, beside one that is. */
  unknownWeight: number
  regularisation: number
  epochs: number
  seed?: number
}

export interface Factors {
  width: number
  /** `width` numbers for each. */
  users: Float32Array
  items: Float32Array
}

/** Of vectors: all that is needed to fit another one beside them, but for those that it is linked to. */
export interface Gram {
  /** In the lower triangle. */
  products: Float64Array
  count: number
}

const START_SPREAD = 0.1 // as published

/** `likes`: of each user, the items. `startOf`: what an item is known as, to go on from. */
export function fitIals(
  likes: readonly ArrayLike<number>[],
  items: number,
  options: IalsOptions,
  startOf: (item: number) => Float32Array | undefined = () => undefined,
): Factors {
  const { width, epochs, seed = 1 } = options
  const random = createSeededRandom(seed)
  const drawn = (count: number) => Float32Array.from({ length: count * width }, () => (random.normal() * START_SPREAD) / Math.sqrt(width))
  const factors: Factors = { width, users: drawn(likes.length), items: drawn(items) }
  for (let item = 0; item < items; item++) factors.items.set(startOf(item) ?? [], item * width)
  const likedBy = transpose(likes, items)
  for (let epoch = 0; epoch < epochs; epoch++) {
    improve(factors.users, likes, factors.items, options)
    improve(factors.items, likedBy, factors.users, options)
  }
  return factors
}

/** Of a user who was not fitted: what was chosen says all. For an item that was not, `items` are the users who chose it. */
export function createFoldIn(
  items: Float32Array,
  options: Pick<IalsOptions, 'width' | 'unknownWeight' | 'regularisation'>,
  gram = gramOf(items, options.width),
) {
  const solve = createSolver(items, options, gram)
  return (liked: ArrayLike<number>): Float32Array => {
    const user = new Float32Array(options.width)
    solve(liked, user)
    return user
  }
}

function improve(own: Float32Array, links: readonly ArrayLike<number>[], others: Float32Array, options: IalsOptions): void {
  const solve = createSolver(others, options, gramOf(others, options.width))
  for (const [i, linked] of links.entries()) solve(linked, own.subarray(i * options.width, (i + 1) * options.width))
}

/** The sum of the products of each vector's numbers. Of a hundred thousand vectors this takes a tenth of a second. */
export function gramOf(vectors: Float32Array, width: number): Gram {
  const products = new Float64Array(width * width)
  const count = vectors.length / width
  addSquares(
    products,
    vectors,
    Array.from({ length: count }, (_, i) => i),
    width,
  )
  return { products, count }
}

/** Writes the vector that fits best to those that are linked, and to no other of those that `gram` is of. */
function createSolver(
  others: Float32Array,
  { width, unknownWeight, regularisation }: Omit<IalsOptions, 'epochs'>,
  { products, count }: Gram,
) {
  const gram = products.map(product => product * unknownWeight)
  const [matrix, target] = [new Float64Array(width * width), new Float64Array(width)]

  return (linked: ArrayLike<number>, into: Float32Array): void => {
    if (linked.length === 0) return void into.fill(0)
    matrix.set(gram)
    target.fill(0)
    addSquares(matrix, others, linked, width)
    for (let i = 0; i < linked.length; i++) {
      const from = (linked[i] as number) * width
      for (let k = 0; k < width; k++) target[k] = (target[k] as number) + (others[from + k] as number)
    }
    // Who has more links is held back as much more, as published.
    const held = regularisation * (linked.length + unknownWeight * count)
    for (let k = 0; k < width; k++) matrix[k * width + k] = (matrix[k * width + k] as number) + held
    choleskySolve(matrix, target, width)
    into.set(target)
  }
}

/** Adds the products of the numbers of each chosen vector, in the lower triangle. */
function addSquares(matrix: Float64Array, vectors: Float32Array, chosen: ArrayLike<number>, width: number): void {
  // Four vectors at once read and write the matrix a quarter as often.
  const whole = chosen.length - (chosen.length % 4)
  const at = (i: number) => (chosen[i] as number) * width
  for (let i = 0; i < whole; i += 4) addFourSquares(matrix, vectors, at(i), at(i + 1), at(i + 2), at(i + 3), width)
  for (let i = whole; i < chosen.length; i++) addSquare(matrix, vectors, at(i), width)
}

function addSquare(matrix: Float64Array, vectors: Float32Array, from: number, width: number): void {
  for (let k = 0; k < width; k++) {
    const value = vectors[from + k] as number
    const row = k * width
    for (let l = 0; l <= k; l++) matrix[row + l] = (matrix[row + l] as number) + value * (vectors[from + l] as number)
  }
}

function addFourSquares(matrix: Float64Array, vectors: Float32Array, a: number, b: number, c: number, d: number, width: number): void {
  for (let k = 0; k < width; k++) {
    const [ofA, ofB] = [vectors[a + k] as number, vectors[b + k] as number]
    const [ofC, ofD] = [vectors[c + k] as number, vectors[d + k] as number]
    const row = k * width
    for (let l = 0; l <= k; l++)
      matrix[row + l] =
        (matrix[row + l] as number) +
        (ofA * (vectors[a + l] as number) + ofB * (vectors[b + l] as number)) +
        (ofC * (vectors[c + l] as number) + ofD * (vectors[d + l] as number))
  }
}

function transpose(links: readonly ArrayLike<number>[], items: number): Int32Array[] {
  const counts = new Int32Array(items)
  for (const linked of links)
    for (let i = 0; i < linked.length; i++) counts[linked[i] as number] = (counts[linked[i] as number] as number) + 1
  const result = Array.from(counts, count => new Int32Array(count))
  counts.fill(0)
  for (const [user, linked] of links.entries())
    for (let i = 0; i < linked.length; i++) {
      const item = linked[i] as number
      const place = counts[item] as number
      counts[item] = place + 1
      ;(result[item] as Int32Array)[place] = user
    }
  return result
}
