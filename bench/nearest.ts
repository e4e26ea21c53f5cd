// The hundred vectors with the highest products with a query, exactly, of a hundred thousand: beside a plain loop over all numbers.

import { createSeededRandom } from '../src/base/seeded-random.ts'
import { createNearest } from '../src/recommend/factors/nearest.ts'
import { cpuMs, quantile, type Report, round } from './report.ts'

const [VECTORS, WIDTH, LIMIT] = [100_000, 64, 100]
const [WARM_UP, ROUNDS] = [20, 200]

export async function measure(): Promise<Report> {
  const random = createSeededRandom(1)
  const drawn = (count: number) => Float32Array.from({ length: count * WIDTH }, random.normal)
  const vectors = drawn(VECTORS)
  const nearest = createNearest(vectors, WIDTH)
  const rankings: Record<string, (query: Float32Array) => number[]> = {
    'plain loop': query => plainTop(vectors, query),
    nearest: query => nearest.top(query, LIMIT).map(({ index }) => index),
  }
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(rankings).map(name => [name, []]))
  let differences = 0
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const query = drawn(1)
    const found: number[][] = []
    for (const [name, top] of Object.entries(rankings)) {
      const before = cpuMs()
      found.push(top(query))
      if (i >= WARM_UP) times[name]?.push(cpuMs() - before)
    }
    if (String(found[0]) !== String(found[1])) differences++
  }
  return {
    load: `the best ${LIMIT} of ${VECTORS} vectors of ${WIDTH} numbers, ${ROUNDS} queries; milliseconds of processor time. Different answers: ${differences}`,
    rows: Object.entries(times).map(([name, own]) => ({
      name,
      'p10 ms': round(quantile(own, 0.1)),
      'p50 ms': round(quantile(own, 0.5)),
      'p99 ms': round(quantile(own, 0.99)),
      'memory MB': round((vectors.byteLength * (name === 'nearest' ? 1.5 : 1) + VECTORS * 4) / 2 ** 20),
    })),
  }
}

function plainTop(vectors: Float32Array, query: Float32Array): number[] {
  const scores = new Float64Array(VECTORS)
  for (let i = 0; i < VECTORS; i++) {
    let sum = 0
    for (let k = 0; k < WIDTH; k++) sum += (query[k] as number) * (vectors[i * WIDTH + k] as number)
    scores[i] = sum
  }
  const least = scores.toSorted()[VECTORS - LIMIT] as number
  const best = Array.from(scores.keys()).filter(i => (scores[i] as number) >= least)
  return best.toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).slice(0, LIMIT)
}
