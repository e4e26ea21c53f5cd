// The shape of a ranked feed: six stages, each a table of named steps. The names appear in metrics and explanations. Query,
// sources and hydrate read data and may fail; filter, score and select are arithmetic on what was read.
//
// If a source or a `may` step fails, the run continues without it. If a query or a `must` step fails, the run fails: without
// knowing what was seen or is published, no page is better.

import type { ArticleId } from '../../base/id.ts'
import { filterCandidates, scoreCandidates, selectCandidates } from './arithmetic-stages.ts'
import type { FactorTable } from './factor-table.ts'
import { collectCandidates, hydrateCandidates, runQuery } from './reading-stages.ts'

export interface Candidate {
  id: ArticleId
  /** What a source gave. Two sources found the same article if they gave the same object. */
  facts: { id: ArticleId }
  /** The names of the sources that found it, in the order of the table. Shared by all that the same sources found. */
  from: readonly string[]
  /** The product of its factors. */
  score: number
  /** Of all candidates of the ranking; its own are in the row. */
  factors: FactorTable
  row: number
}

export interface Pipeline<Request, Query extends Request, C extends Candidate> {
  query: Record<string, QueryStep<Request, Query>>
  sources: Record<string, Source<Query, C['facts']>>
  /** A candidate of which nothing is known yet. All fields from the start: objects of one form are read fastest. */
  create: (facts: C['facts'], from: readonly string[]) => C
  hydrate: {
    /** Returns the candidates of which it found something; the others are dropped. */
    must: Record<string, (candidates: C[], query: Query) => C[] | Promise<C[]>>
    /** A candidate of which one of these finds nothing continues without. */
    may: Record<string, Hydrator<Query, C>>
  }
  filter: Record<string, Filter<Query, C>>
  score: (candidates: readonly C[], query: Query) => Score<C, Query>
  select: Record<string, (ranked: C[], query: Query) => C[]>
}

export interface Score<C, Query> {
  /**
   * The factors whose product it is. NaN and negative numbers count as 0: a wrong factor sinks an article and never lifts it.
   */
  factors: Record<string, Factor<C, Query>>
  /** The exponents of factors, if they are not all 1. */
  weights?: Partial<Record<string, number>>
}

export type QueryStep<Request, Query> = (request: Request) => Promise<Partial<Query>> | Partial<Query>
export type Source<Query, Facts> = (query: Query) => readonly Facts[] | Promise<readonly Facts[]>
/** Writes what it finds into the candidates. Returns of how many it found something. */
export type Hydrator<Query, C> = (candidates: readonly C[], query: Query) => number | Promise<number>
/** Which candidates it keeps for this query; undefined for all of them. */
export type Filter<Query, C> = (query: Query) => ((candidate: C) => boolean) | undefined
/** What a factor is for this query: a number of each candidate, or one for all. */
export type Factor<C, Query> = (query: Query) => ((candidate: C) => number) | number

export interface PipelineObserver {
  /** A step has ended; `left` is the number of candidates after it. */
  step(step: string, seconds: number, left: number): void
  /** A filter has removed `count` candidates. */
  removed(filter: string, count: number, left: number): void
  /** A step has failed and was left out. */
  failed(step: string, error: unknown): void
}

/** Runs all stages. Returns the selected candidates, and all that were ranked, best first. */
export async function runPipeline<Request, Query extends Request, C extends Candidate>(
  pipeline: Pipeline<Request, Query, C>,
  request: Request,
  observer: PipelineObserver,
): Promise<{ chosen: C[]; ranked: C[] }> {
  const query = await runQuery(pipeline.query, request, observer)
  const found = await collectCandidates(pipeline, query, observer)
  const hydrated = await hydrateCandidates(pipeline.hydrate, found, query, observer)
  const allowed = filterCandidates(pipeline.filter, hydrated, query, observer)
  const ranked = scoreCandidates(pipeline.score(allowed, query), allowed, query, observer)
  return { chosen: selectCandidates(pipeline.select, ranked, query, observer), ranked }
}
