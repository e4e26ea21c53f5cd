// Traces for what stands above a page because an editor put it there. They say with which page it was shown, but no
// policy chose it and it has no place among those that one gave out: a click on it counts, and teaches nothing.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { TrackingTokens } from './contract.ts'
import { SOURCES } from './feeds/for-you.ts'
import type { TokenSigner } from './tracking-tokens.ts'

const NO_POLICY = 0
/** Beyond the places of any page, which end at a hundred. */
export const NO_PLACE = 0xff
const SOURCE = SOURCES.indexOf('pinned')

export type PinnedTokens = (page: { exposure: string; channelId: ChannelId; viewer: string | undefined }, id: ArticleId) => TrackingTokens

/** `exposure` is the page's own trace. What another recommender made names no page of ours: then there are none. */
export function createPinnedTokens(traces: TokenSigner): PinnedTokens {
  return ({ exposure, channelId, viewer }, articleId) => {
    const page = traces.verify(exposure, viewer)
    if (!page) return { click: '', collect: '', share: '', read: '' }
    const { pageId, issuedAt } = page
    const sign = traces.forPage({ pageId, channelId, policy: NO_POLICY, viewer, issuedAt })
    return sign.track({ articleId, position: NO_PLACE, source: SOURCE, propensity: 1 })
  }
}
