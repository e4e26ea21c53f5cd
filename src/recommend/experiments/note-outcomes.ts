import type { RankPage } from '../page-ranker.ts'
import type { Policies } from '../policy/policies.ts'
import type { AssignedViewers } from './assigned-viewers.ts'

interface Needs {
  policies: Pick<Policies, 'of'>
  assignedViewers: Pick<AssignedViewers, 'note'>
}

/** The same rankings. How long each took, and whether it or one of its steps failed, is noted for the arm of its viewer. */
export function noteOutcomes(rankPage: RankPage, { policies, assignedViewers }: Needs): RankPage {
  return async query => {
    const { assignment } = policies.of(query.viewerKey)
    if (!assignment) return rankPage(query)
    const startedAt = performance.now()
    let isFailed = true
    try {
      const ranking = await rankPage(query)
      isFailed = ranking.failedSteps.length > 0
      return ranking
    } finally {
      assignedViewers.note(query.viewerKey, assignment, { ms: performance.now() - startedAt, isFailed })
    }
  }
}
