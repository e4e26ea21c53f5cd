// The stages that cannot fail: filter, score and select.

import type { Candidate, Filter, PipelineObserver, Score } from './pipeline.ts'

export function filterCandidates<Query, C extends Candidate>(
  filters: Record<string, Filter<Query, C>>,
  candidates: C[],
  query: Query,
  observer: PipelineObserver,
): C[] {
  return Object.entries(filters).reduce((left, [name, filter]) => {
    const isKept = filter(query)
    const kept = isKept ? left.filter(isKept) : left
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
  const names = Object.keys(factors)
  const table = { names, values: new Float32Array(candidates.length * names.length) }
  const scores = new Float64Array(candidates.length).fill(1)
  for (const [f, name] of names.entries()) {
    const factor = factors[name]?.(query) ?? 1
    const weight = weights?.[name] ?? 1
    let place = f
    for (let i = 0; i < candidates.length; i++) {
      const exact = typeof factor === 'number' ? factor : factor(candidates[i] as C)
      table.values[place] = exact
      place += names.length
      const value = exact >= 0 ? exact : 0 // NaN is not >= 0 either
      if (value !== 1) scores[i] = (scores[i] as number) * (weight === 1 ? value : value ** weight)
    }
  }
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] as C
    candidate.score = scores[i] as number
    candidate.factors = table
    candidate.row = i
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
