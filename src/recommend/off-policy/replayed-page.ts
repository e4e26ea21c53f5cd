// A logged page beside what another policy would have shown in its place.

import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { type Policy, RANKERS, splitPolicyNumber } from '../policy/policy.ts'
import type { SourceName } from '../policy/policy-schema.ts'
import type { PageOdds } from './exposure.ts'
import type { LoggedPage } from './logged-page.ts'
import { drawnOf, loggedOrder, reorder } from './reorder.ts'

export interface ReplayedPage {
  page: LoggedPage
  logged: PageOdds
  other: PageOdds
  drawn?: number
  /** Candidates that might have been drawn: how probably is not known of each. */
  explorable: Uint8Array
}

/** Why a page says nothing about the other policy. */
export type LeftOut = 'of another policy' | 'by another ranker' | 'other sources'

export function replayPage(
  page: LoggedPage,
  logged: Policy | undefined,
  other: Policy,
  factsOf: (id: ArticleId) => ArticleFacts | undefined,
): ReplayedPage | LeftOut {
  if (!logged) return 'of another policy'
  const isByModel = splitPolicyNumber(page.policy).ranker !== RANKERS.fiveFactors
  const isModelOff = (policy: Policy) => policy.factors.model === 0
  if (isByModel ? isModelOff(other) : isModelOff(logged) && !isModelOff(other)) return 'by another ranker'
  const isAskedNow = (name: SourceName) => other.sources[name] > 0 && logged.sources[name] === 0
  if ((Object.keys(other.sources) as SourceName[]).some(name => name !== 'fresh' && isAskedNow(name))) return 'other sources'
  const drawn = drawnOf(page)
  const isOpen = page.exploration !== undefined
  const { share } = logged.exploration
  const probability = page.exploration?.isDrawn ? Math.min(1, page.exploration.probability / share) : 0
  const odds = { places: page.places, drawn, drawnProbability: probability }
  return {
    page,
    logged: { ...odds, order: loggedOrder(page), share: isOpen ? share : 0 },
    other: { ...odds, order: reorder(page, logged, other, factsOf), share: isOpen ? other.exploration.share : 0 },
    drawn,
    explorable: Uint8Array.from(page.from, from => Number(isOpen && share > 0 && from.includes('explore'))),
  }
}
