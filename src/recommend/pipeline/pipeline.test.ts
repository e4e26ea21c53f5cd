import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { factorsOf, NO_FACTORS } from './factor-table.ts'
import { type Candidate, type Pipeline, type PipelineObserver, runPipeline } from './pipeline.ts'

interface Request {
  limit: number
}
interface Thing extends Candidate {
  size: number
  colour?: string
}

const id = (n: number) => BigInt(n) as ArticleId
/** Each found by its number is the same object. */
const found = new Map<number, { id: ArticleId }>()
const finds = (...numbers: number[]) => numbers.map(n => found.get(n) ?? (found.set(n, { id: id(n) }).get(n) as { id: ArticleId }))
const sizes = async (candidates: Thing[]) => {
  for (const candidate of candidates) candidate.size = Number(candidate.id)
  return candidates.filter(({ size }) => size < 100)
}

const things: Pipeline<Request, Request, Thing> = {
  query: {},
  sources: { first: () => finds(1, 2, 3), second: async () => finds(3, 4) },
  create: (facts, from) => ({ id: facts.id, facts, from, score: 0, factors: NO_FACTORS, row: 0, size: 0 }),
  hydrate: { must: { sizes }, may: {} },
  filter: { small: () => candidate => candidate.size < 4 },
  score: () => ({ factors: { size: () => candidate => candidate.size } }),
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

test('a source that throws at once, and one that fails later, are left out both', async () => {
  const { observer, recorded } = recordingObserver()
  const throwing = () => {
    throw new Error('half-way')
  }
  const sources = { ...things.sources, first: throwing, third: () => Promise.reject(new Error('away')) }
  assert.deepEqual(await shown({ ...things, sources }, observer), [3])
  assert.deepEqual(recorded.failed.toSorted(), ['source.first', 'source.third'])
})

test('a candidate is dropped if a must step finds nothing for it, and kept if a may step finds nothing', async () => {
  const sources = { all: () => finds(1, 2, 200) }
  const colours = async (candidates: readonly Thing[]) => {
    for (const candidate of candidates) if (candidate.id === id(1)) candidate.colour = 'red'
    return 1
  }
  const may = { colours, sounds: () => Promise.reject(new Error('away')) }
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

test('a query step that fails ends the run, also beside one that waits and fails too', async () => {
  const throwing = () => {
    throw new Error('at once')
  }
  const query = { first: () => Promise.reject(new Error('later')), second: throwing }
  await assert.rejects(shown({ ...things, query }), /later|at once/)
})

test('each candidate has its own factors, in whatever order they were ranked', async () => {
  const score = () => ({
    factors: {
      size:
        () =>
        ({ size }: Thing) =>
          size / 2,
      same: () => 3,
    },
  })
  const { chosen } = await runPipeline({ ...things, score }, { limit: 2 }, recordingObserver().observer)
  assert.deepEqual(chosen.map(factorsOf), [
    { size: 1.5, same: 3 },
    { size: 1, same: 3 },
  ])
})

test('a run fails if a must step fails', async () => {
  const must = { sizes: () => Promise.reject(new Error('away')) }
  await assert.rejects(shown({ ...things, hydrate: { must, may: {} } }), /away/)
})

test('a factor that is NaN or negative counts as 0', async () => {
  const odd = ({ size }: Thing) => ({ 3: Number.NaN, 2: -5 })[size] ?? 1
  const score = () => ({
    factors: {
      size:
        () =>
        ({ size }: Thing) =>
          size,
      odd: () => odd,
    },
  })
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
    const factors = {
      size:
        () =>
        ({ size }: Thing) =>
          size,
      odd:
        () =>
        ({ size }: Thing) =>
          4 / size ** 1.5,
    }
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
  assert.deepEqual(await shown({ ...things, score, sources: { all: () => finds(2, 1, 3) } }), [3, 2, 1])
})
