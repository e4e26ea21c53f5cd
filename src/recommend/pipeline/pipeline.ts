// The shape of every ranked feed: six stages, each a table of named steps. The names are the names in metrics and in
// explanations. Query, sources and hydrate may look at the world and may fail; filter, score and select are arithmetic
// on what was hydrated, so they cannot. What is remembered of the outcome (the stored page) is the caller's last step.
//
// A source or a `may` step that fails is left out and noted: a poorer feed beats none. A query or a `must` step that
// fails, fails the feed: without knowing what was seen or is published we do not guess.

import type { ArticleId } from '../../base/id.ts'

export interface Candidate {
  id: ArticleId
  /** The names of the sources that found it, in the order of the table. */
  from: string[]
  /** The product of its factors. */
  score: number
  factors: Record<string, number>
}

export interface Pipeline<Asked, Query extends Asked, C extends Candidate> {
  query: Record<string, (asked: Asked) => Promise<Partial<Query>> | Partial<Query>>
  sources: Record<string, Source<Query>>
  hydrate: {
    /** A candidate for which this finds nothing is dropped. */
    must: Record<string, Hydrate<Query, C>>
    /** A candidate for which this finds nothing goes on without. */
    may: Record<string, Hydrate<Query, C>>
  }
  filter: Record<string, (candidate: C, query: Query) => boolean>
  /** Factors; one that is not a number of 0 or more counts as 0, so that a bad one sinks an article and never lifts it. */
  score: Record<string, (candidate: C, query: Query) => number>
  select: Record<string, (ranked: C[], query: Query) => C[]>
}

export type Source<Query> = (query: Query) => Iterable<ArticleId> | Promise<Iterable<ArticleId>>
export type Hydrate<Query, C> = (ids: ArticleId[], query: Query) => Promise<Map<ArticleId, Partial<C>>> | Map<ArticleId, Partial<C>>

/** Hears how long each step took, what it left of the candidates, and what failed. */
export interface PipelineObserver {
  step(step: string, seconds: number, left: number): void
  removed(filter: string, count: number, left: number): void
  failed(step: string, error: unknown): void
}

/** Runs all stages; returns what was selected, and all that was ranked, best first. */
export async function runPipeline<Asked, Query extends Asked, C extends Candidate>(
  pipeline: Pipeline<Asked, Query, C>,
  asked: Asked,
  watch: PipelineObserver,
): Promise<{ chosen: C[]; ranked: C[] }> {
  const query = await ask(pipeline.query, asked, watch)
  const found = await collect(pipeline.sources, query, watch)
  const known = await hydrate(pipeline.hydrate, found as C[], query, watch)
  const allowed = filter(pipeline.filter, known, query, watch)
  const ranked = score(pipeline.score, allowed, query, watch)
  return { chosen: select(pipeline.select, ranked, query, watch), ranked }
}

async function ask<Asked, Query extends Asked>(
  steps: Pipeline<Asked, Query, Candidate>['query'],
  asked: Asked,
  watch: PipelineObserver,
): Promise<Query> {
  const parts = await Promise.all(
    Object.entries(steps).map(([name, step]) =>
      timed(
        `query.${name}`,
        watch,
        () => 0,
        async () => step(asked),
      ),
    ),
  )
  return Object.assign({}, asked, ...parts) as Query
}

async function collect<Query>(sources: Record<string, Source<Query>>, query: Query, watch: PipelineObserver): Promise<Candidate[]> {
  const lists = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => {
      const step = `source.${name}`
      const ids = await timed(
        step,
        watch,
        found => found.length,
        async () => Array.from(await source(query)),
      ).catch(error => {
        watch.failed(step, error)
        return []
      })
      return { name, ids }
    }),
  )
  const candidates = new Map<ArticleId, Candidate>()
  for (const { name, ids } of lists)
    for (const id of ids) {
      const candidate = candidates.get(id)
      if (candidate) candidate.from.push(name)
      else candidates.set(id, { id, from: [name], score: 0, factors: {} })
    }
  return [...candidates.values()]
}

async function hydrate<Query, C extends Candidate>(
  { must, may }: { must: Record<string, Hydrate<Query, C>>; may: Record<string, Hydrate<Query, C>> },
  candidates: C[],
  query: Query,
  watch: PipelineObserver,
): Promise<C[]> {
  const ids = candidates.map(candidate => candidate.id)
  const look = (name: string, step: Hydrate<Query, C>) =>
    timed(
      `hydrate.${name}`,
      watch,
      found => found.size,
      async () => step(ids, query),
    )
  const [needed, extra] = await Promise.all([
    Promise.all(Object.entries(must).map(([name, step]) => look(name, step))),
    Promise.all(
      Object.entries(may).map(([name, step]) =>
        look(name, step).catch(error => {
          watch.failed(`hydrate.${name}`, error)
          return new Map<ArticleId, Partial<C>>()
        }),
      ),
    ),
  ])
  return candidates.filter(candidate => {
    for (const found of extra) Object.assign(candidate, found.get(candidate.id))
    return needed.every(found => {
      const part = found.get(candidate.id)
      if (part) Object.assign(candidate, part)
      return part !== undefined
    })
  })
}

function filter<Query, C extends Candidate>(
  steps: Record<string, (candidate: C, query: Query) => boolean>,
  candidates: C[],
  query: Query,
  watch: PipelineObserver,
): C[] {
  return Object.entries(steps).reduce((left, [name, keeps]) => {
    const kept = left.filter(candidate => keeps(candidate, query))
    watch.removed(name, left.length - kept.length, kept.length)
    return kept
  }, candidates)
}

function score<Query, C extends Candidate>(
  steps: Record<string, (candidate: C, query: Query) => number>,
  candidates: C[],
  query: Query,
  watch: PipelineObserver,
): C[] {
  const began = performance.now()
  for (const candidate of candidates) {
    candidate.score = 1
    for (const name in steps) {
      const factor = steps[name]?.(candidate, query) as number
      candidate.factors[name] = factor
      candidate.score *= factor >= 0 ? factor : 0 // NaN is not >= 0 either
    }
  }
  // Equal scores keep one order everywhere: newer ids first.
  candidates.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
  watch.step('score', (performance.now() - began) / 1000, candidates.length)
  return candidates
}

function select<Query, C extends Candidate>(
  steps: Record<string, (ranked: C[], query: Query) => C[]>,
  ranked: C[],
  query: Query,
  watch: PipelineObserver,
): C[] {
  return Object.entries(steps).reduce((left, [name, choose]) => {
    const began = performance.now()
    const chosen = choose(left, query)
    watch.step(`select.${name}`, (performance.now() - began) / 1000, chosen.length)
    return chosen
  }, ranked)
}

async function timed<T>(step: string, watch: PipelineObserver, left: (result: T) => number, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await work()
  watch.step(step, (performance.now() - began) / 1000, left(result))
  return result
}
