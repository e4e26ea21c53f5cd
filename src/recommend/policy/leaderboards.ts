// Lists of articles by an expression of the policy, made anew each minute. They are one source of the feed.

import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { compileExpression } from './expression.ts'
import { listArticleCounts } from './leaderboards.sql.ts'
import type { Policies } from './policies.ts'
import type { Leaderboard, Policy } from './policy.ts'

export interface RankedLeaderboard {
  name: string
  /** Candidates of it for a page. */
  size: number
  articles: { id: ArticleId; score: number }[]
}

/** A year of a newspaper. All counts are read in a few hundredths of a second. */
const ARTICLES_MAX = 20_000
/** Enough that a reader who has seen the first hundreds finds more, and a channel its own. */
const KEPT = 1_000

export async function rankLeaderboards(db: Db, leaderboards: readonly Leaderboard[]): Promise<RankedLeaderboard[]> {
  if (leaderboards.length === 0) return []
  const counts = await listArticleCounts(db, ARTICLES_MAX)
  return leaderboards.map(({ name, score, size }) => {
    const expression = compileExpression(score)
    const articles = counts
      .map(each => ({ id: each.id, score: expression(each) }))
      .filter(article => Number.isFinite(article.score))
      .toSorted((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
      .slice(0, KEPT)
    return { name, size, articles }
  })
}

export interface Leaderboards {
  load(): Promise<void>
  /** Empty before they were ranked. */
  of(policy: Pick<Policy, 'version'>): readonly RankedLeaderboard[]
}

export const NO_LEADERBOARDS: Pick<Leaderboards, 'of'> = { of: () => [] }

/** Of the live policy, and of those that some viewers try. */
export function createLeaderboards({ db, policies }: { db: Db; policies: Pick<Policies, 'all'> }): Leaderboards {
  let current = new Map<number, RankedLeaderboard[]>()
  return {
    of: ({ version }) => current.get(version) ?? [],
    async load() {
      const next: typeof current = new Map()
      for (const { version, leaderboards } of policies.all())
        if (!next.has(version)) next.set(version, await rankLeaderboards(db, leaderboards))
      current = next
    },
  }
}
