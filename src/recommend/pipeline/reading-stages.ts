// The stages that read data: query, sources and hydrate. The steps of a stage run side by side.

import type { ArticleId } from '../../base/id.ts'
import type { Candidate, Hydrator, Pipeline, PipelineObserver, QueryStep, Source } from './pipeline.ts'

export async function runQuery<Request, Query extends Request>(
  steps: Record<string, QueryStep<Request, Query>>,
  request: Request,
  observer: PipelineObserver,
): Promise<Query> {
  const parts = await Promise.all(
    Object.entries(steps).map(([name, step]) =>
      timed(
        `query.${name}`,
        observer,
        () => 0,
        async () => step(request),
      ),
    ),
  )
  return Object.assign({}, request, ...parts) as Query
}

/** One candidate per article, with the names of all sources that found it. */
export async function collectCandidates<Query>(
  sources: Record<string, Source<Query>>,
  query: Query,
  observer: PipelineObserver,
): Promise<Candidate[]> {
  const lists = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => {
      const step = `source.${name}`
      const ids = await timed(
        step,
        observer,
        found => found.length,
        async () => Array.from(await source(query)),
      ).catch(error => {
        observer.failed(step, error)
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

export async function hydrateCandidates<Query, C extends Candidate>(
  { must, may }: Pick<Pipeline<unknown, Query, C>['hydrate'], 'must' | 'may'>,
  candidates: C[],
  query: Query,
  observer: PipelineObserver,
): Promise<C[]> {
  const ids = candidates.map(candidate => candidate.id)
  const read = (name: string, hydrator: Hydrator<Query, C>) =>
    timed(
      `hydrate.${name}`,
      observer,
      found => found.size,
      async () => hydrator(ids, query),
    )
  const [required, optional] = await Promise.all([
    Promise.all(Object.entries(must).map(([name, hydrator]) => read(name, hydrator))),
    Promise.all(
      Object.entries(may).map(([name, hydrator]) =>
        read(name, hydrator).catch(error => {
          observer.failed(`hydrate.${name}`, error)
          return new Map<ArticleId, Partial<C>>()
        }),
      ),
    ),
  ])
  return candidates.filter(candidate => {
    for (const found of optional) Object.assign(candidate, found.get(candidate.id))
    return required.every(found => {
      const part = found.get(candidate.id)
      if (part) Object.assign(candidate, part)
      return part !== undefined
    })
  })
}

async function timed<T>(step: string, observer: PipelineObserver, countLeft: (result: T) => number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  observer.step(step, (performance.now() - startedAt) / 1000, countLeft(result))
  return result
}
