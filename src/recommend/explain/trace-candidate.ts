// Runs a ranking with one article among the candidates, whether or not a source finds it, and records which step removes it.

import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { factorsOf } from '../pipeline/factor-table.ts'
import { type Pipeline, type PipelineObserver, runPipeline } from '../pipeline/pipeline.ts'
import type { RankedArticle, RankingQuery, RankingRequest } from '../ranking-query.ts'

export type ForYouPipeline = Pipeline<RankingRequest, RankingQuery, RankedArticle>

interface Outcome {
  sources: string[]
  factors: Record<string, number>
  removedBy: string | null
  rank: number | null
}

const ADDED = 'asked for'
const NO_OBSERVER: PipelineObserver = { step() {}, removed() {}, failed() {} }

/** `find`: the article in the catalogue, which may have been replaced by the time it is a candidate. */
export async function traceCandidate(
  pipeline: ForYouPipeline,
  { id, find }: { id: ArticleId; find: (id: ArticleId) => ArticleFacts | undefined },
  request: RankingRequest,
): Promise<Outcome> {
  let removedBy: string | null = null
  let candidate: RankedArticle | undefined
  const noteRemoval = (step: string) => {
    removedBy ??= step
  }
  const includesIt = (articles: RankedArticle[]) => articles.some(article => article.id === id)
  const traced: ForYouPipeline = {
    ...pipeline,
    sources: { ...pipeline.sources, [ADDED]: () => [find(id) ?? []].flat() },
    filter: mapSteps(pipeline.filter, (filter, name) => query => {
      const isKept = filter(query)
      return article => {
        const kept = !isKept || isKept(article)
        if (article.id !== id) return kept
        candidate = article
        if (!kept) noteRemoval(`filter.${name}`)
        return kept
      }
    }),
    select: mapSteps(pipeline.select, (select, name) => (ranked, query) => {
      const selected = select(ranked, query)
      if (includesIt(ranked) && !includesIt(selected)) noteRemoval(`select.${name}`)
      return selected
    }),
  }
  const { ranked } = await runPipeline(traced, request, NO_OBSERVER)
  const sources = candidate?.from.filter(name => name !== ADDED) ?? []
  if (removedBy === null && sources.length === 0) removedBy = 'sources'
  const rank = ranked.findIndex(article => article.id === id)
  const scored = rank >= 0 ? factorsOf(ranked[rank] as RankedArticle) : {}
  const factors = Object.fromEntries(Object.entries(scored).map(([name, factor]) => [name, Number(factor.toPrecision(3))]))
  return { sources, factors, removedBy, rank: rank >= 0 && sources.length > 0 ? rank : null }
}

const mapSteps = <T>(steps: Record<string, T>, wrap: (step: T, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, wrap(step, name)]))
