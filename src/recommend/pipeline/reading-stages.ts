// The stages that read data: query, sources and hydrate. The steps of a stage run side by side, as far as they have to wait.

import type { Candidate, Pipeline, PipelineObserver, QueryStep } from './pipeline.ts'

export async function runQuery<Request, Query extends Request>(
  steps: Record<string, QueryStep<Request, Query>>,
  request: Request,
  observer: PipelineObserver,
): Promise<Query> {
  const parts = await runSteps('query', steps, step => step(request), { observer, countOf: () => 0 })
  return Object.assign({}, request, ...parts) as Query
}

/** One candidate per article, with the names of all sources that found it. */
export async function collectCandidates<Query, C extends Candidate>(
  { sources, create }: Pick<Pipeline<never, never, C>, 'create'> & Pick<Pipeline<Query, Query, C>, 'sources'>,
  query: Query,
  observer: PipelineObserver,
): Promise<C[]> {
  const lists = await runSteps<(typeof sources)[string], readonly C['facts'][]>('source', sources, source => source(query), {
    observer,
    countOf: found => found.length,
    instead: [],
  })
  const articles: C['facts'][] = []
  /** Of each article, a bit for each source that found it. */
  const foundBy: number[] = []
  const places = new Map<C['facts'], number>()
  for (const [s, list] of lists.entries())
    for (const article of list) {
      const place = places.get(article)
      if (place === undefined) {
        places.set(article, articles.length)
        articles.push(article)
        foundBy.push(1 << s)
      } else foundBy[place] = (foundBy[place] as number) | (1 << s)
    }
  const names = Object.keys(sources)
  const namesOf = new Map<number, string[]>()
  return articles.map((article, place) => {
    const bits = foundBy[place] as number
    let from = namesOf.get(bits)
    if (!from) namesOf.set(bits, (from = names.filter((_, s) => bits & (1 << s))))
    return create(article, from)
  })
}

export async function hydrateCandidates<Query, C extends Candidate>(
  { must, may }: Pipeline<Query, Query, C>['hydrate'],
  candidates: C[],
  query: Query,
  observer: PipelineObserver,
): Promise<C[]> {
  let left = candidates
  for (const [name, step] of Object.entries(must))
    [left = []] = await runSteps('hydrate', { [name]: step }, each => each(left, query), { observer, countOf: found => found.length })
  await runSteps('hydrate', may, step => step(left, query), { observer, countOf: count => count, instead: 0 })
  return left
}

interface StepOptions<Result> {
  observer: PipelineObserver
  countOf: (result: Result) => number
  /** The result of a step that fails. Without it the stage fails. */
  instead?: Result
}

/** The results in the order of the steps. A step that has its result at once is not waited for. */
async function runSteps<Step, Result>(
  stage: string,
  steps: Record<string, Step>,
  run: (step: Step) => Result | Promise<Result>,
  { observer, countOf, instead }: StepOptions<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting: Promise<void>[] = []
  let startedAt = performance.now()
  for (const [name, step] of Object.entries(steps)) {
    const fullName = `${stage}.${name}`
    const [place, begun] = [results.length, startedAt]
    const end = (result: Result) => {
      results[place] = result
      startedAt = performance.now()
      observer.step(fullName, (startedAt - begun) / 1000, countOf(result))
    }
    const fail = (error: unknown) => {
      if (instead === undefined) throw error
      results[place] = instead
      observer.failed(fullName, error)
    }
    results.push(instead as Result)
    try {
      const result = run(step)
      if (result instanceof Promise) waiting.push(result.then(end).catch(fail))
      else end(result)
    } catch (error) {
      // Not thrown here: then a failure of the others would be an unhandled rejection.
      waiting.push(Promise.reject(error).catch(fail))
    }
  }
  if (waiting.length > 0) await Promise.all(waiting)
  return results
}
