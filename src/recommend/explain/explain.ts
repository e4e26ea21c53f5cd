// Answers "why was I shown this?" and "why not that?" for one article and one viewer. If it was shown, the reasons are those
// stored with its page. If not, a ranking runs as a refresh would now, and the article is followed through the steps.

import type { Clock } from '../../base/clock.ts'
import { type ArticleId, type ChannelId, type PageId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { isPublished } from '../../engines/database/visible.sql.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Policies } from '../policy/policies.ts'
import { SOURCE_NAMES } from '../sources/source-names.ts'
import type { LoadViewerContext } from '../viewer-context.ts'
import { findLastImpression, wasSeenBefore } from './explain.sql.ts'
import { type ForYouPipeline, traceCandidate } from './trace-candidate.ts'

export interface Explanation {
  /** Null for an anonymous viewer: nothing is stored about one. */
  shown: boolean | null
  /** The newest page that showed it, if that is still stored. */
  page: PageId | null
  channelId: ChannelId | null
  position: number | null
  /** The sources that found it and the factors of its score, on that page or in a ranking now. */
  sources: string[]
  factors: Record<string, number>
  /** The step that keeps it from being shown now: `published`, `sources` if none finds it, or a step's name in the funnel. */
  removedBy: string | null
  /** Its rank in a ranking now, from 0. */
  rank: number | null
}

/** Undefined if there is no such article. Without a channel: shown in any channel, or why not in the recommended one. */
export type Explain = (
  about: { viewer: string | undefined; channelId?: ChannelId },
  articleId: ArticleId,
) => Promise<Explanation | undefined>

export interface ExplainNeeds {
  db: Db
  clock: Clock
  catalogue: Pick<Catalogue, 'get'>
  pipeline: ForYouPipeline
  loadViewerContext: LoadViewerContext
  policies: Pick<Policies, 'of'>
  /** Articles chosen by a ranking of the feed. */
  count: number
}

const NOT_SHOWN = { page: null, channelId: null, position: null, sources: [], factors: {}, removedBy: null, rank: null }

export function createExplain({ db, clock, catalogue, pipeline, loadViewerContext, policies, count }: ExplainNeeds): Explain {
  return async ({ viewer: viewerKey, channelId }, articleId) => {
    const published = await isPublished(db, articleId)
    if (published === undefined) return undefined
    const impression = viewerKey === undefined ? undefined : await findLastImpression(db, viewerKey, articleId, channelId)
    if (impression) {
      const { from, factors } = impression.item ?? { from: [SOURCE_NAMES[impression.source] ?? 'rest'], factors: {} }
      const { pageId, position } = impression
      return { shown: true, page: pageId, channelId: impression.channelId, position, sources: from, factors, removedBy: null, rank: null }
    }
    const shown = viewerKey === undefined ? null : channelId === undefined && (await wasSeenBefore(db, viewerKey, articleId))
    if (!published) return { ...NOT_SHOWN, shown, removedBy: 'published' }
    const channel = channelId ?? RECOMMENDED_CHANNEL
    // Cursor 0 is never issued, so this is the context of a refresh.
    const context = viewerKey === undefined ? undefined : loadViewerContext(viewerKey, { channelId: channel, cursor: 0 })
    if (!catalogue.get(articleId)) return { ...NOT_SHOWN, shown, removedBy: 'catalogue' } // published this moment
    const request = { viewerKey, channelId: channel, now: clock(), count, policy: policies.of(viewerKey), context }
    return { ...NOT_SHOWN, shown, ...(await traceCandidate(pipeline, { id: articleId, find: catalogue.get }, request)) }
  }
}
