import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { type Candidate, type Pipeline, type PipelineObserver, runPipeline } from './pipeline.ts'

interface Request {
  limit: number
}
interface Thing extends Candidate {
  size: number
  colour?: string
}

const id = (n: number) => BigInt(n) as ArticleId
const ids = (...numbers: number[]) => numbers.map(id)
const sizes = async (wanted: ArticleId[]) => new Map(wanted.filter(one => one < 100n).map(one => [one, { size: Number(one) }]))

const things: Pipeline<Request, Request, Thing> = {
  query: {},
  sources: { first: () => ids(1, 2, 3), second: async () => ids(3, 4) },
  hydrate: { must: { sizes }, may: {} },
  filter: { small: ({ size }) => size < 4 },
  score: () => ({ factors: { size: ({ size }) => size } }),
  select: { top: (ranked, { limit }) => ranked.slice(0, limit) },
}

function recordingObserver() {
  const recorded = { removed: {} as Record<string, number>, failed: [] as string[], steps: [] as string[] }
  const observer: PipelineObserver = {
    step: step => recorded.steps.push(step),
    removed: (filter, count) => (recorded.removed[filter] = count),
    failed: step => recorded.failed.push(step),
  }
  return { observer, recorded }
}

const shown = async (pipeline: Pipeline<Request, Request, Thing>, observer = recordingObserver().observer) =>
  (await runPipeline(pipeline, { limit: 10 }, observer)).chosen.map(thing => Number(thing.id))

test('candidates of all sources are ranked together, and one found by two sources names both', async () => {
  const { chosen: result } = await runPipeline(things, { limit: 10 }, recordingObserver().observer)
  assert.deepEqual(
    result.map(thing => Number(thing.id)),
    [3, 2, 1],
  )
  assert.deepEqual(result[0]?.from, ['first', 'second'])
})

test('the observer gets every step by its name', async () => {
  const { observer, recorded } = recordingObserver()
  await shown(things, observer)
  assert.deepEqual(recorded.steps.toSorted(), ['hydrate.sizes', 'score', 'select.top', 'source.first', 'source.second'])
  assert.deepEqual(recorded.removed, { small: 1 })
})

test('a source that fails is left out, and the run continues', async () => {
  const { observer, recorded } = recordingObserver()
  const broken = { ...things, sources: { ...things.sources, first: () => Promise.reject(new Error('away')) } }
  assert.deepEqual(await shown(broken, observer), [3])
  assert.deepEqual(recorded.failed, ['source.first'])
})

test('a source that fails while it is being iterated is left out', async () => {
  function* breaking() {
    yield id(1)
    throw new Error('half-way')
  }
  assert.deepEqual(await shown({ ...things, sources: { ...things.sources, first: breaking } }), [3])
})

test('a candidate is dropped if a must step finds nothing for it, and kept if a may step finds nothing', async () => {
  const sources = { all: () => ids(1, 2, 200) }
  const may = { colours: async () => new Map([[id(1), { colour: 'red' }]]), sounds: () => Promise.reject(new Error('away')) }
  const { chosen: result } = await runPipeline(
    { ...things, sources, hydrate: { must: { sizes }, may } },
    { limit: 10 },
    recordingObserver().observer,
  )
  assert.deepEqual(
    result.map(({ id, colour }) => [Number(id), colour]),
    [
      [2, undefined],
      [1, 'red'],
    ],
  )
})

test('a run fails if a must step fails', async () => {
  const must = { sizes: () => Promise.reject(new Error('away')) }
  await assert.rejects(shown({ ...things, hydrate: { must, may: {} } }), /away/)
})

test('a factor that is NaN or negative counts as 0', async () => {
  const odd = ({ size }: Thing) => ({ 3: Number.NaN, 2: -5 })[size] ?? 1
  const score = () => ({ factors: { size: ({ size }: Thing) => size, odd } })
  const { chosen: result } = await runPipeline({ ...things, score }, { limit: 10 }, recordingObserver().observer)
  assert.deepEqual(
    result.map(thing => [Number(thing.id), thing.score]),
    [
      [1, 1],
      [3, 0],
      [2, 0],
    ],
  )
})

test('a factor has the strength that it is given: squared, or none', async () => {
  const shownWith = async (weights?: Record<string, number>) => {
    const factors = { size: ({ size }: Thing) => size, odd: ({ size }: Thing) => 4 / size ** 1.5 }
    const { chosen } = await runPipeline({ ...things, score: () => ({ factors, weights }) }, { limit: 10 }, recordingObserver().observer)
    return chosen.map(thing => Number(thing.id))
  }
  assert.deepEqual(await shownWith(), [1, 2, 3])
  assert.deepEqual(await shownWith({ size: 2 }), [3, 2, 1])
  assert.deepEqual(await shownWith({ odd: 0 }), [3, 2, 1])
})

test('candidates with equal scores have one order, whatever order the sources found them in', async () => {
  const score = () => ({ factors: { same: () => 1 } })
  assert.deepEqual(await shown({ ...things, score }), [3, 2, 1])
  assert.deepEqual(await shown({ ...things, score, sources: { all: () => ids(2, 1, 3) } }), [3, 2, 1])
})
