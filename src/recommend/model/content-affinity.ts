// How well an article's topic and words fit what the viewer has read.

import { type Renumbering, renumberList } from './renumbering.ts'

const HISTORY_MAX = 50 // the newest articles of a viewer: a profile of weeks
const PRIOR_CLICKS = 5 // of a topic: below that, the profile says little

export interface Described {
  topic: number
  /** Indices of words with their weights, of length 1. Words that most articles have weigh little. */
  words: Int32Array
  weights: Float64Array
}

export interface ContentProfile {
  topicShare(topic: number): number
  /** The log of how much more often the viewer reads the topic than readers do. */
  topicLift(topic: number): number
  /** The cosine of the words to the mean of what was read. */
  wordMatch(article: Described): number
  /** The highest cosine to one of the newest articles read. */
  nearestMatch(article: Described): number
}

export function createContentAffinity() {
  const data: { described: (Described | undefined)[]; reads: number[]; total: number } = { described: [], reads: [], total: 0 }

  return {
    describe(article: number, description: Described): void {
      data.described[article] = description
    },
    find: (article: number): Described | undefined => data.described[article],
    click(article: number): void {
      const topic = data.described[article]?.topic
      if (topic === undefined) return
      data.reads[topic] = (data.reads[topic] ?? 0) + 1
      data.total++
    },
    /** `read`: the articles of a viewer, the newest last. */
    profileOf(read: readonly number[]): ContentProfile {
      const recent = read.slice(-HISTORY_MAX).flatMap(article => data.described[article] ?? [])
      const topics: number[] = []
      const mean = new Map<number, number>()
      for (const { topic, words, weights } of recent) {
        topics[topic] = (topics[topic] ?? 0) + 1
        for (let i = 0; i < words.length; i++) mean.set(words[i] as number, (mean.get(words[i] as number) ?? 0) + (weights[i] as number))
      }
      let square = 0
      for (const weight of mean.values()) square += weight * weight
      const length = Math.sqrt(square) || 1
      const vectors = recent.map(({ words, weights }) => new Map(Array.from(words, (word, i) => [word, weights[i] as number])))
      return {
        topicShare: topic => (topics[topic] ?? 0) / Math.max(1, recent.length),
        topicLift(topic) {
          const share = ((data.reads[topic] ?? 0) + 1) / (data.total + data.reads.length + 1)
          return Math.log(((topics[topic] ?? 0) + PRIOR_CLICKS * share) / (recent.length + PRIOR_CLICKS) / share)
        },
        wordMatch: ({ words, weights }) => dot(words, weights, mean) / length,
        nearestMatch: ({ words, weights }) => (words.length === 0 ? 0 : Math.max(0, ...vectors.map(vector => dot(words, weights, vector)))),
      }
    },
    renumber(articles: Renumbering): void {
      data.described = renumberList(data.described, articles)
    },
    data,
  }
}

export type ContentAffinity = ReturnType<typeof createContentAffinity>

function dot(words: Int32Array, weights: Float64Array, other: ReadonlyMap<number, number>): number {
  let product = 0
  for (let i = 0; i < words.length; i++) product += (weights[i] as number) * (other.get(words[i] as number) ?? 0)
  return product
}
