// What a viewer has liked to read lately, as shares of their clicks.

import { DAY } from '../base/clock.ts'
import type { ArticleId, ChannelId } from '../base/id.ts'
import type { ArticleFacts } from './catalogue/catalogue.ts'

export interface Click {
  id: ArticleId
  /** Milliseconds since 1970. */
  at: number
}

export interface Taste {
  /** The share of a channel in what was read lately, from 0 to below 1. */
  channel(id: ChannelId): number
}

const HALF_LIFE_MS = 3 * DAY
// Two clicks' worth of doubt: after one click a channel has a third, after three three fifths.
const DOUBT = 2

export function tasteOf(clicks: readonly Click[], factsOf: (id: ArticleId) => ArticleFacts | undefined, now: number): Taste {
  const channels = new Map<ChannelId, number>()
  let total = DOUBT
  for (const { id, at } of clicks) {
    const facts = factsOf(id)
    if (!facts) continue
    const weight = 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS)
    channels.set(facts.channelId, (channels.get(facts.channelId) ?? 0) + weight)
    total += weight
  }
  return { channel: id => (channels.get(id) ?? 0) / total }
}
