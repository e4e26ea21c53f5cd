// The articles pinned above the first page of a feed session, in addition to its ten. Clients send with_top on every page: if
// every page had them, no list would be empty and the feed would never end.

import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { RecommendedItem, RecommendResponse } from '../../recommend/contract.ts'
import type { PinnedTokens } from '../../recommend/pinned-tokens.ts'
import type { PinnedArticles } from '../pinned/pinned.ts'

export interface PinnedItems {
  /** The articles shown above a first page now: no page of the session has them. */
  shownIds: readonly ArticleId[]
  /** The channel's other pinned articles: they may have been shown above this session's first page. */
  otherIds: readonly ArticleId[]
  /** Those of `shownIds` that this viewer is shown with the response; none unless it is a first page. */
  itemsAbove(response: RecommendResponse): Promise<RecommendedItem[]>
}

const NONE: PinnedItems = { shownIds: [], otherIds: [], itemsAbove: async () => [] }

export type FindPinnedItems = (viewer: Viewer, channelId: ChannelId, withTop: boolean | undefined) => Promise<PinnedItems>

export function createFindPinnedItems(
  pinnedArticles: Pick<PinnedArticles, 'ofChannel' | 'visibleTo'>,
  pinnedTokens: PinnedTokens,
): FindPinnedItems {
  return async (viewer, channelId, withTop) => {
    if (!withTop) return NONE
    // If the pinned articles cannot be read, the page is shown without.
    const pinned = await pinnedArticles.ofChannel(channelId).catch(() => undefined)
    if (!pinned || pinned.shownIds.length === 0) return NONE
    const { shownIds, otherIds } = pinned
    return {
      shownIds,
      otherIds,
      async itemsAbove({ isFirstPage, exposureToken }) {
        if (!isFirstPage) return []
        // If it cannot be read which articles the reader has put away, none is shown.
        const visible =
          viewer.kind === 'reader'
            ? await pinnedArticles.visibleTo(viewer.id, channelId, shownIds).catch(() => new Set<ArticleId>())
            : undefined
        const page = { exposureToken, channelId, viewerKey: viewerKeyOf(viewer) }
        return shownIds
          .filter(id => !visible || visible.has(id))
          .map(articleId => ({ articleId, tokens: pinnedTokens(page, articleId), reasons: { sources: ['pinned'], factors: {} } }))
      },
    }
  }
}
