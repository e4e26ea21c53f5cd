import type { Decision } from '../api/types.ts'

/** The last decision about each article, by its id. That one was upheld is part of the appeal against it. */
export function lastDecisions(newestFirst: Decision[]): Map<string, Decision> {
  const last = new Map<string, Decision>()
  for (const decision of newestFirst)
    if (decision.action !== 'uphold' && !last.has(decision.article_id)) last.set(decision.article_id, decision)
  return last
}
