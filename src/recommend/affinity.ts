// A viewer's affinity to each channel: its share of the recent clicks, decayed by age and smoothed.

import { DAY } from '../base/clock.ts'
import type { ArticleId, ChannelId } from '../base/id.ts'
import type { ArticleFacts } from './catalogue/catalogue.ts'

export interface Click {
  id: ArticleId
  /** Milliseconds since 1970. */
  at: number
}

export interface ChannelAffinity {
  /** From 0 to below 1. */
  of(id: ChannelId): number
}

const HALF_LIFE_MS = 3 * DAY
// Prior weight in clicks: after one click a channel has an affinity of 1/3, after three 3/5.
const PRIOR_CLICKS = 2

export function channelAffinityOf(
  clicks: readonly Click[],
  factsOf: (id: ArticleId) => ArticleFacts | undefined,
  now: number,
): ChannelAffinity {
  const weights = new Map<ChannelId, number>()
  let total = PRIOR_CLICKS
  for (const { id, at } of clicks) {
    const facts = factsOf(id)
    if (!facts) continue
    const weight = 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS)
    weights.set(facts.channelId, (weights.get(facts.channelId) ?? 0) + weight)
    total += weight
  }
  return { of: id => (weights.get(id) ?? 0) / total }
}
