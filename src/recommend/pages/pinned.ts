// Articles pinned above a page, with their tracking tokens. These name the page but no policy, and a position beyond those of any
// page: a click is counted, and learning ignores it.

import type { ArticleId } from '../../base/id.ts'
import type { RecommendedItem } from '../contract.ts'
import { NOT_RANKED } from '../policy/policy.ts'
import { SOURCE_NAMES } from '../sources/source-names.ts'
import type { PageContext, TokenSigner } from '../tracking-tokens.ts'

/** Pages have at most a hundred positions. */
export const NO_POSITION = 0xff
const SOURCE = SOURCE_NAMES.indexOf('pinned')
const reasons = { sources: ['pinned'], factors: {} }

export function signPinned(signer: TokenSigner, page: Omit<PageContext, 'policy'>, ids: readonly ArticleId[]): RecommendedItem[] {
  if (ids.length === 0) return []
  const { tokensFor } = signer.forPage({ ...page, policy: NOT_RANKED })
  return ids.map(articleId => ({
    articleId,
    tokens: tokensFor({ articleId, position: NO_POSITION, source: SOURCE, propensity: 1 }),
    reasons,
  }))
}
