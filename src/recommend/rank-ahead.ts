// Ranks the next refresh of viewers who have just clicked, while no request waits for it: the refresh then only stores its page. What
// was ranked ahead is used if it would be ranked alike: the viewer, the policy, and the channel's news and pins are as they were.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { type Clock, SECOND } from '../base/clock.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { RecommendRequest } from './contract.ts'
import type { PageQuery, RankPage } from './page-ranker.ts'
import type { Ranking } from './pages/ranked-buffer.ts'
import type { Policies } from './policy/policies.ts'
import type { RecentViewers, ViewerVersion } from './recent-viewers.ts'

interface Needs {
  clock: Clock
  metrics: Metrics
  catalogue: Pick<Catalogue, 'lastNewsAt' | 'pinned' | 'get'>
  policies: Pick<Policies, 'of'>
  recentViewers: RecentViewers
  rankPage: RankPage
}

const LIFE_MS = 10 * SECOND // scores move with the clicks of others
const RANKINGS_MAX = 200 // some 4 MB, and as much of viewers who are in memory no more
// Most clicks are followed by no refresh. So they cost a busy process no more than a twentieth of its time: a ranking on a cold
// processor takes up to 1.2 ms.
const PAUSE_MS = 25

interface RankedAhead {
  request: RecommendRequest
  version: ViewerVersion
  pinned: string
  ranking: Ranking
}

export function createRankAhead({ clock, metrics, catalogue, policies, recentViewers, rankPage }: Needs) {
  const rankings = new LRUCache<string, RankedAhead>({ max: RANKINGS_MAX })
  const total = metrics.counter('rankings_ahead_total', 'Rankings made after a click, for the refresh that may follow', ['outcome'])
  const pinnedNow = ({ channelId }: RecommendRequest) => catalogue.pinned(channelId).join()
  let notBefore = 0

  async function rank(viewerKey: string): Promise<void> {
    const request = recentViewers.nextRequestOf(viewerKey)
    const found = request && recentViewers.find(viewerKey, request)
    if (!found) return
    const pinned = pinnedNow(request)
    const ranking = await rankPage({ viewerKey, request, context: found.context, isAhead: true })
    if (ranking.articles.length < request.count || ranking.failedSteps.length > 0) return
    rankings.set(viewerKey, { request, version: found.version, pinned, ranking })
    total.add(['made'])
  }

  /** Takes out what was ranked for the viewer. Undefined if it does not hold. */
  function take({ viewerKey, request, previousPage, version }: PageQuery): Ranking | undefined {
    const made = rankings.get(viewerKey)
    if (!made) return undefined
    rankings.delete(viewerKey)
    const { ranking } = made
    const isAlike = (['channelId', 'count', 'withPinned'] as const).every(key => made.request[key] === request[key])
    const isNew = clock() - ranking.rankedAt < LIFE_MS && catalogue.lastNewsAt(request.channelId) < ranking.rankedAt
    const offered = [...ranking.articles.slice(0, request.count), ...ranking.explorationCandidates]
    const isThere = offered.every(({ facts }) => catalogue.get(facts.id) === facts)
    const isSame = made.version === version && made.pinned === pinnedNow(request) && policies.of(viewerKey) === ranking.policy
    if (previousPage || !isAlike || !isNew || !isThere || !isSame) return undefined
    total.add(['used'])
    return { ...ranking, rankedAt: clock() } // nothing that the viewer did came between
  }

  return {
    /** For the last who has clicked since the last call. If it fails, the refresh ranks. */
    async rankForLastClicked(): Promise<void> {
      const viewerKey = recentViewers.takeLastClicked()
      if (viewerKey === undefined || clock() < notBefore) return
      notBefore = Number.POSITIVE_INFINITY // one at a time
      await nextTurn() // requests first
      await rank(viewerKey).catch(() => {})
      notBefore = clock() + PAUSE_MS
    },

    /** What was ranked ahead, or a new ranking. */
    rankPage: (async query => take(query) ?? rankPage(query)) satisfies RankPage,
  }
}
