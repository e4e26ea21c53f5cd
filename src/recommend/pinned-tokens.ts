// Tracking tokens of articles pinned above a page. They name the page but no policy, and a position beyond those of any page: a
// click is counted, and learning ignores it.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { TrackingTokens } from './contract.ts'
import { NO_POLICY } from './policy.ts'
import { SOURCE_NAMES } from './sources/sources.ts'
import type { TokenSigner } from './tracking-tokens.ts'

/** Pages have at most a hundred positions. */
export const NO_POSITION = 0xff
const SOURCE = SOURCE_NAMES.indexOf('pinned')

/** `exposureToken` is the page's own; if another recommender made it, the tokens are empty. */
export type PinnedTokens = (
  page: { exposureToken: string; channelId: ChannelId; viewerKey: string | undefined },
  id: ArticleId,
) => TrackingTokens

export function createPinnedTokens(tokenSigner: TokenSigner): PinnedTokens {
  return ({ exposureToken, channelId, viewerKey }, articleId) => {
    const page = tokenSigner.verify(exposureToken, viewerKey)
    if (!page) return { click: '', collect: '', share: '', read: '' }
    const { pageId, issuedAt } = page
    const signer = tokenSigner.forPage({ pageId, channelId, policy: NO_POLICY, viewerKey, issuedAt })
    return signer.tokensFor({ articleId, position: NO_POSITION, source: SOURCE, propensity: 1 })
  }
}
