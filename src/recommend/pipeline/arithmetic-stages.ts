// The stages that cannot fail: filter, score and select.

import type { Candidate, PipelineObserver, Score } from './pipeline.ts'

export function filterCandidates<Query, C extends Candidate>(
  filters: Record<string, (candidate: C, query: Query) => boolean>,
  candidates: C[],
  query: Query,
  observer: PipelineObserver,
): C[] {
  return Object.entries(filters).reduce((left, [name, isKept]) => {
    const kept = left.filter(candidate => isKept(candidate, query))
    observer.removed(name, left.length - kept.length, kept.length)
    return kept
  }, candidates)
}

/** Sorts the candidates in place, best first. */
export function scoreCandidates<Query, C extends Candidate>(
  { factors, weights }: Score<C, Query>,
  candidates: C[],
  query: Query,
  observer: PipelineObserver,
): C[] {
  const startedAt = performance.now()
  for (const candidate of candidates) {
    candidate.score = 1
    for (const name in factors) {
      const factor = factors[name]?.(candidate, query) as number
      candidate.factors[name] = factor
      const value = factor >= 0 ? factor : 0 // NaN is not >= 0 either
      candidate.score *= weights ? value ** (weights[name] ?? 1) : value
    }
  }
  // Ties have one order in every process: newer ids first.
  candidates.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
  observer.step('score', (performance.now() - startedAt) / 1000, candidates.length)
  return candidates
}

export function selectCandidates<Query, C extends Candidate>(
  selectors: Record<string, (ranked: C[], query: Query) => C[]>,
  ranked: C[],
  query: Query,
  observer: PipelineObserver,
): C[] {
  return Object.entries(selectors).reduce((left, [name, select]) => {
    const startedAt = performance.now()
    const selected = select(left, query)
    observer.step(`select.${name}`, (performance.now() - startedAt) / 1000, selected.length)
    return selected
  }, ranked)
}
