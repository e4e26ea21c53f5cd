// Turns stored pages into signed responses, and keeps those of the last minutes: a page never changes, so a retry of its
// request needs no query.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendedItem, RecommendRequest, RecommendResponse } from '../contract.ts'
import { RETRY_MS } from '../policy.ts'
import type { TokenSigner } from '../tracking-tokens.ts'
import { isFirstPage, type Page, PROPENSITY_UNITS } from './page.ts'
import { findPageExplanation } from './pages.sql.ts'
import { retryMsOf } from './retry.ts'

const RESPONSES_MAX = 5_000 // some 20 MB

interface Needs {
  db: Db
  clock: Clock
  catalogue: Catalogue
  tokenSigner: TokenSigner
}

export function createPageResponses({ db, clock, catalogue, tokenSigner }: Needs) {
  const recent = new LRUCache<string, RecommendResponse>({ max: RESPONSES_MAX, ttl: RETRY_MS })

  async function sign(viewerKey: string, { channelId, explain }: RecommendRequest, page: Page): Promise<RecommendResponse> {
    const signer = tokenSigner.forPage({ pageId: page.id, channelId, policy: page.policy, viewerKey, issuedAt: page.createdAt })
    const explanation = explain ? await findPageExplanation(db, page.id) : undefined
    const items = page.articleIds.map((articleId, position) => {
      const propensity = (page.propensity[position] ?? PROPENSITY_UNITS) / PROPENSITY_UNITS
      const tokens = signer.tokensFor({ articleId, position, source: page.sources[position] ?? 0, propensity })
      const item = explanation?.items[position]
      return { articleId, tokens, ...(item && { reasons: { sources: item.from, factors: item.factors } }) }
    })
    return {
      exposureToken: signer.exposureToken,
      nextCursor: Number(page.nextCursor),
      isFirstPage: isFirstPage(page),
      items,
      ...(explanation && { funnel: explanation.funnel }),
    }
  }

  return {
    /** The response to the same request lately. */
    findRecent: (viewerKey: string, request: RecommendRequest): RecommendResponse | undefined =>
      request.explain ? undefined : recent.get(requestKey(viewerKey, request)),

    /** `ageMs` is how long ago the page was stored: a refresh with the same number is a retry only for a time from then. */
    async create(viewerKey: string, request: RecommendRequest, page: Page, ageMs = 0): Promise<RecommendResponse> {
      const response = await sign(viewerKey, request, page)
      const isItsCursor = page.cursor === BigInt(request.cursor)
      const keptMs = (isItsCursor ? RETRY_MS : retryMsOf(request.cursor, clock)) - ageMs
      if (!request.explain) recent.set(requestKey(viewerKey, request), response, { ttl: Math.max(1, keptMs) })
      return response
    },

    ageMs: (page: Page): number => clock() - page.createdAt,

    /** The response without articles withdrawn since it was made; undefined if none is left. */
    withoutWithdrawn(response: RecommendResponse): RecommendResponse | undefined {
      const isShown = ({ articleId }: RecommendedItem) => catalogue.get(articleId) !== undefined
      if (response.items.every(isShown)) return response
      const items = response.items.filter(isShown)
      return items.length > 0 ? { ...response, items } : undefined
    },
  }
}

const requestKey = (viewerKey: string, { channelId, cursor }: RecommendRequest) => `${viewerKey} ${channelId} ${cursor}`
