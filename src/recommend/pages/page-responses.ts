// Turns stored pages into signed responses, and keeps those of the last minutes: a page never changes, so a retry of its
// request needs no query.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendedItem, RecommendRequest, RecommendResponse } from '../contract.ts'
import { RETRY_MS } from '../feed-constants.ts'
import { isPutAway } from '../filters.ts'
import type { ViewerInterests } from '../ranking-query.ts'
import type { TokenSigner } from '../tracking-tokens.ts'
import { type Page, PROPENSITY_UNITS } from './page.ts'
import { findPageExplanation } from './pages.sql.ts'
import { signPinned } from './pinned.ts'
import { retryMsOf } from './retry.ts'

const RESPONSES_MAX = 5_000 // some 10 MB

interface Needs {
  db: Db
  clock: Clock
  catalogue: Catalogue
  tokenSigner: TokenSigner
}

export function createPageResponses({ db, clock, catalogue, tokenSigner }: Needs) {
  const recent = new LRUCache<string, { response: RecommendResponse; madeAt: number }>({ ...entriesMax(RESPONSES_MAX), ttl: RETRY_MS })

  async function sign(viewerKey: string, { channelId, explain }: RecommendRequest, page: Page): Promise<RecommendResponse> {
    const context = { pageId: page.id, channelId, viewerKey, issuedAt: page.createdAt }
    const signer = tokenSigner.forPage({ ...context, policy: page.policy })
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
      pinned: signPinned(tokenSigner, context, page.pinnedIds),
      items,
      ...(explanation && { funnel: explanation.funnel }),
    }
  }

  /** `ageMs` is how long ago the page was stored: a refresh with the same number is a retry only for a time from then. */
  async function respond(viewerKey: string, request: RecommendRequest, page: Page, interests?: ViewerInterests, ageMs = 0) {
    const madeAt = clock()
    const signed = await sign(viewerKey, request, page)
    const isKept = ({ articleId }: RecommendedItem) => {
      const facts = interests && catalogue.get(articleId)
      return !facts || !isPutAway(facts, interests)
    }
    const response = onlyItems(signed, isKept)
    const isItsCursor = page.cursor === BigInt(request.cursor)
    const keptMs = (isItsCursor ? RETRY_MS : retryMsOf(request.cursor, clock)) - ageMs
    if (!request.explain) recent.set(requestKey(viewerKey, request), { response, madeAt }, { ttl: Math.max(1, keptMs) })
    return response
  }

  return {
    /** The response to the same request lately, unless the viewer has done something since: they may have put an article away. */
    findRecent(viewerKey: string, request: RecommendRequest, lastActionAt: number): RecommendResponse | undefined {
      const found = request.explain ? undefined : recent.get(requestKey(viewerKey, request))
      return found && found.madeAt > lastActionAt ? found.response : undefined
    },

    /** For a page just stored. */
    create: (viewerKey: string, request: RecommendRequest, page: Page) => respond(viewerKey, request, page),

    /** For a page stored before, without the articles that the viewer has put away since. */
    recreate: async (viewerKey: string, request: RecommendRequest, page: Page, interests: ViewerInterests) =>
      respond(viewerKey, request, page, interests, clock() - page.createdAt),

    /** The response without articles withdrawn since it was made; undefined if none is left. */
    withoutWithdrawn(response: RecommendResponse): RecommendResponse | undefined {
      const shown = onlyItems(response, ({ articleId }) => catalogue.get(articleId) !== undefined)
      return shown.items.length > 0 || shown.pinned?.length ? shown : undefined
    },
  }
}

/** The same object if all are kept: the feed keeps the bytes of a response. */
function onlyItems(response: RecommendResponse, isKept: (item: RecommendedItem) => boolean): RecommendResponse {
  const { items, pinned = [] } = response
  return items.every(isKept) && pinned.every(isKept)
    ? response
    : { ...response, items: items.filter(isKept), pinned: pinned.filter(isKept) }
}

const requestKey = (viewerKey: string, { channelId, cursor }: RecommendRequest) => `${viewerKey} ${channelId} ${cursor}`
