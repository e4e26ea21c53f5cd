// What the feed and the recommender say to each other, whether they live in one process or in two.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Viewer } from '../base/viewer.ts'

export interface Ask {
  viewer: Viewer
  channelId: ChannelId
  /** 1 to 100. */
  count: number
  /** As the client sent it: a number given out before asks for that page, any other for a new one. */
  stamp: number
}

/** What comes back with a click, a collection, a share or a read, so that it is known what led to it. */
export interface Track {
  click: string
  collect: string
  share: string
  read: string
}

export interface Answer {
  /** The trace of the whole page; empty when there is none. */
  exposure: string
  /** Asks for what comes after these; 0 when nothing is left. */
  stamp: number
  items: { articleId: ArticleId; track: Track }[]
}

export interface Recommender {
  /** Throws Problem: `invalid` for an ask out of bounds, `unavailable` or `too-slow` when there is no answer in time. */
  recommend(ask: Ask): Promise<Answer>
}

export const COUNT_MAX = 100
