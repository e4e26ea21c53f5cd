import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId } from '../../base/id.ts'
import { type Candidate, type Pipeline, type PipelineObserver, runPipeline } from './pipeline.ts'

interface Asked {
  limit: number
}
interface Thing extends Candidate {
  size: number
  colour?: string
}

const id = (n: number) => BigInt(n) as ArticleId
const ids = (...numbers: number[]) => numbers.map(id)
const sizes = async (wanted: ArticleId[]) => new Map(wanted.filter(one => one < 100n).map(one => [one, { size: Number(one) }]))

const things: Pipeline<Asked, Asked, Thing> = {
  query: {},
  sources: { first: () => ids(1, 2, 3), second: async () => ids(3, 4) },
  hydrate: { must: { sizes }, may: {} },
  filter: { small: ({ size }) => size < 4 },
  score: { size: ({ size }) => size },
  select: { top: (ranked, { limit }) => ranked.slice(0, limit) },
}

function watcher() {
  const heard = { removed: {} as Record<string, number>, failed: [] as string[], steps: [] as string[] }
  const watch: PipelineObserver = {
    step: step => heard.steps.push(step),
    removed: (filter, count) => (heard.removed[filter] = count),
    failed: step => heard.failed.push(step),
  }
  return { watch, heard }
}

const shown = async (pipeline: Pipeline<Asked, Asked, Thing>, watch = watcher().watch) =>
  (await runPipeline(pipeline, { limit: 10 }, watch)).chosen.map(thing => Number(thing.id))

test('candidates of all sources are ranked together, and one that two sources found knows both', async () => {
  const { chosen: result } = await runPipeline(things, { limit: 10 }, watcher().watch)
  assert.deepEqual(
    result.map(thing => Number(thing.id)),
    [3, 2, 1],
  )
  assert.deepEqual(result[0]?.from, ['first', 'second'])
})

test('every step is heard of by its name', async () => {
  const { watch, heard } = watcher()
  await shown(things, watch)
  assert.deepEqual(heard.steps.toSorted(), ['hydrate.sizes', 'score', 'select.top', 'source.first', 'source.second'])
  assert.deepEqual(heard.removed, { small: 1 })
})

test('a source that fails is left out, and the feed goes on', async () => {
  const { watch, heard } = watcher()
  const broken = { ...things, sources: { ...things.sources, first: () => Promise.reject(new Error('away')) } }
  assert.deepEqual(await shown(broken, watch), [3])
  assert.deepEqual(heard.failed, ['source.first'])
})

test('a source that fails while it is being read is left out as well', async () => {
  function* breaking() {
    yield id(1)
    throw new Error('half-way')
  }
  assert.deepEqual(await shown({ ...things, sources: { ...things.sources, first: breaking } }), [3])
})

test('what must be known and is not drops a candidate; what may be known and is not does not', async () => {
  const sources = { all: () => ids(1, 2, 200) }
  const may = { colours: async () => new Map([[id(1), { colour: 'red' }]]), sounds: () => Promise.reject(new Error('away')) }
  const { chosen: result } = await runPipeline({ ...things, sources, hydrate: { must: { sizes }, may } }, { limit: 10 }, watcher().watch)
  assert.deepEqual(
    result.map(({ id, colour }) => [Number(id), colour]),
    [
      [2, undefined],
      [1, 'red'],
    ],
  )
})

test('a feed that cannot learn what it must know fails', async () => {
  const must = { sizes: () => Promise.reject(new Error('away')) }
  await assert.rejects(shown({ ...things, hydrate: { must, may: {} } }), /away/)
})

test('a factor that is no number, or below nothing, sinks an article and never lifts it', async () => {
  const score = { size: ({ size }: Thing) => size, odd: ({ size }: Thing) => ({ 3: Number.NaN, 2: -5 })[size] ?? 1 }
  const { chosen: result } = await runPipeline({ ...things, score }, { limit: 10 }, watcher().watch)
  assert.deepEqual(
    result.map(thing => [Number(thing.id), thing.score]),
    [
      [1, 1],
      [3, 0],
      [2, 0],
    ],
  )
})

test('equals are in one order wherever they are ranked', async () => {
  const score = { same: () => 1 }
  assert.deepEqual(await shown({ ...things, score }), [3, 2, 1])
  assert.deepEqual(await shown({ ...things, score, sources: { all: () => ids(2, 1, 3) } }), [3, 2, 1])
})
