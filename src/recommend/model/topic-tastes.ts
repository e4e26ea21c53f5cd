// How much more a viewer clicks a topic than what it stands beside: clicks and expected clicks of each viewer and topic.

import { type Renumbering, renumberList } from './renumbering.ts'

const HALF_LIFE_S = 14 * 86_400 // what a reader likes changes in weeks
/** A reader clicks a topic some times a week: fewer, and two clicks would be taken for a taste. */
const PRIOR_CLICKS = 4

interface Taste {
  clicks: number
  expected: number
  at: number
}

export interface TopicTastes {
  add(viewer: number, topic: number, clicks: number, expected: number, at: number): void
  /** The log of clicks beside those expected; 0 without any. */
  liftOf(viewer: number, topic: number): number
  renumber(viewers: Renumbering): void
  data: { viewers: (Map<number, Taste> | undefined)[] }
}

export function createTopicTastes(): TopicTastes {
  const data: TopicTastes['data'] = { viewers: [] }
  return {
    add(viewer, topic, clicks, expected, at) {
      const topics = (data.viewers[viewer] ??= new Map())
      const taste = topics.get(topic) ?? { clicks: 0, expected: 0, at }
      const kept = 2 ** (-Math.max(0, at - taste.at) / HALF_LIFE_S)
      topics.set(topic, { clicks: taste.clicks * kept + clicks, expected: taste.expected * kept + expected, at })
    },
    liftOf(viewer, topic) {
      const taste = data.viewers[viewer]?.get(topic)
      return taste ? Math.log((taste.clicks + PRIOR_CLICKS) / (taste.expected + PRIOR_CLICKS)) : 0
    },
    renumber(viewers) {
      data.viewers = renumberList(data.viewers, viewers)
    },
    data,
  }
}
