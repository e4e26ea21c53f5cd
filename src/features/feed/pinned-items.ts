// What stands above a page that begins a scroll: the articles editors have pinned, in addition to its ten. Clients ask for
// it with every page of a scroll; were it in every answer, their lists would never end.

import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { RecommendResponse } from '../../recommend/contract.ts'
import type { PinnedTokens } from '../../recommend/pinned-tokens.ts'
import type { PinnedArticles } from '../pinned/pinned.ts'

export interface PinnedItems {
  /** What is pinned there now, and so is on no page of those who are shown it above. */
  pinned: readonly ArticleId[]
  /** What else is pinned, and may have been above the page with which their scroll began. */
  others: readonly ArticleId[]
  /** Of these, what this viewer is shown with this page. */
  shownWith(answer: RecommendResponse): Promise<RecommendResponse['items']>
}

const NONE: PinnedItems = { pinned: [], others: [], shownWith: async () => [] }

export type FindPinnedItems = (viewer: Viewer, channelId: ChannelId, withTop: boolean | undefined) => Promise<PinnedItems>

export function createFindPinnedItems(tops: Pick<PinnedArticles, 'above' | 'unwantedBy'>, track: PinnedTokens): FindPinnedItems {
  return async (viewer, channelId, withTop) => {
    if (!withTop) return NONE
    // Without knowing what is pinned, nothing is: the page matters more.
    const known = await tops.above(channelId).catch(() => undefined)
    if (!known || known.shown.length === 0) return NONE
    const { shown: pinned, others } = known
    return {
      pinned,
      others,
      async shownWith({ isFirstPage: begins, exposureToken: exposure }) {
        if (!begins) return []
        // In doubt they may have turned down each of them.
        const unwanted = viewer.kind === 'reader' ? await tops.unwantedBy(viewer.id, pinned).catch(() => new Set(pinned)) : undefined
        const page = { exposure, channelId, viewer: viewerKeyOf(viewer) }
        return pinned
          .filter(id => !unwanted?.has(id))
          .map(articleId => ({ articleId, track: track(page, articleId), why: { sources: ['pinned'], factors: {} } }))
      },
    }
  }
}

const ONE = Buffer.from('1')

/** The card of an article as a page shows it that is pinned above it: its unchanging part ends with the 0 of `is_top`. */
export function onTop([beginning, counts]: [Buffer, Buffer]): [Buffer, Buffer, Buffer] {
  return [beginning.subarray(0, -1), ONE, counts]
}
