// All that the features are computed from, fed with impressions and clicks in order of time. Articles and viewers are given by
// index, times in seconds.

import { createCoClicks } from './co-clicks.ts'
import { type ContentAffinity, createContentAffinity } from './content-affinity.ts'
import { createDecayedCounts, HALF_LIVES_H } from './decayed-counts.ts'
import { FEATURES } from './feature-names.ts'
import { createReaderFactors } from './reader-factors.ts'
import { createReadersOf } from './readers-of.ts'
import { createShownTo, recentAt } from './shown-to.ts'
import { createStrengths, STRENGTHS } from './strengths.ts'

export interface SeenImpression {
  viewer: number
  at: number
  articles: Int32Array
  clicked: Uint8Array
}

export interface FeatureQuery {
  viewer: number
  at: number
  articles: Int32Array
  /** The article that the viewer has open; -1 if none. */
  contextArticle: number
  /** What the viewer has read, the newest last; without it, what is known here. */
  read?: readonly number[]
  /** The newest clicks, the newest last, if more is known of them than was learned. */
  session?: readonly number[]
}

export interface FeatureState {
  describe: ContentAffinity['describe']
  publish(article: number, at: number): void
  learn(impression: SeenImpression): void
  /** A click outside of an impression. A past one says what the viewer reads and not what is read now. */
  click(viewer: number, article: number, at: number, isPast?: boolean): void
  refit(): void
  hasClicked(viewer: number, article: number): boolean
  /** Articles that are clicked together with this one. */
  clickedWith(article: number, limit: number): number[]
  /** How many impressions a viewer had of late; half of it a day ago. */
  impressionsOf(viewer: number, at: number): number
  /** Writes FEATURES.length numbers for each candidate. */
  writeFeatures(query: FeatureQuery, into: Float32Array): void
}

const HOUR_S = 3600
const NEVER_H = 14 * 24 // as long ago as anything counts
const FACTOR_SUM_SCALE = 3

export function createFeatureState(random: () => number): FeatureState {
  const [clicks, views, expected] = [createDecayedCounts(), createDecayedCounts(), createDecayedCounts()]
  const [topicClicks, topicExpected] = [createDecayedCounts(), createDecayedCounts()]
  const strengths = createStrengths()
  const shownTo = createShownTo()
  const coClicks = createCoClicks()
  const readersOf = createReadersOf()
  const factors = createReaderFactors(readersOf, random)
  const content = createContentAffinity()
  const publishedAt: number[] = []
  const impressions: { count: number; at: number }[] = []
  const buffers = Array.from({ length: 5 }, () => new Float64Array(HALF_LIVES_H.length))
  const [c, v, e, tc, te] = buffers as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]

  function click(viewer: number, article: number, at: number, isPast = false): void {
    if (!isPast) clicks.add(article, 1, at)
    readersOf.click(viewer, article, at)
    coClicks.click(viewer, article, at)
    if (!isPast) factors.click(viewer, article, at)
    shownTo.click(viewer, article)
    content.click(article)
  }

  // Decayed: a count since the beginning would say how old the log is.
  const impressionsOf = (viewer: number, at: number): number => {
    const known = impressions[viewer]
    return known ? known.count * 2 ** (-Math.max(0, at - known.at) / HOUR_S / 24) : 0
  }
  const hoursSince = (moment: number, at: number) => (moment === 0 ? NEVER_H : Math.min(NEVER_H, Math.max(0, at - moment) / HOUR_S))

  return {
    describe: content.describe,
    publish(article, at) {
      publishedAt[article] ??= at
    },
    refit: factors.refit,
    hasClicked: (viewer, article) => shownTo.find(viewer, article)?.isClicked ?? false,
    clickedWith: coClicks.neighbours,
    impressionsOf,
    click,
    learn({ viewer, at, articles, clicked }) {
      let count = 0
      for (const isClicked of clicked) count += isClicked
      impressions[viewer] = { count: impressionsOf(viewer, at) + 1, at }
      factors.learn(viewer, articles, clicked, article => strengths.of(article, 0))
      strengths.learn(articles, clicked)
      for (const [i, article] of articles.entries()) {
        const topic = content.find(article)?.topic
        views.add(article, 1, at)
        expected.add(article, count / articles.length, at)
        if (topic !== undefined) topicExpected.add(topic, count / articles.length, at)
        if (topic !== undefined && clicked[i]) topicClicks.add(topic, 1, at)
        shownTo.show(viewer, article, clicked[i] === 1, at)
        if (clicked[i]) click(viewer, article, at)
      }
    },
    writeFeatures({ viewer, at, articles, contextArticle, read, session }, into) {
      const similarities = readersOf.similarTo(viewer)
      const trail = session ?? coClicks.trailOf(viewer).map(earlier => earlier.article)
      const last = trail.at(-1)
      const { sums, ofLast, most, counts } = coClicks.compare(articles, trail, at)
      const profile = content.profileOf(read ?? readersOf.readBy(viewer).map(({ article }) => article))
      let place = 0
      for (let i = 0; i < articles.length; i++) {
        const article = articles[i] as number
        clicks.read(article, at, c)
        views.read(article, at, v)
        expected.read(article, at, e)
        for (const count of c) into[place++] = Math.log(count + 0.1)
        for (let h = 0; h < c.length; h++) into[place++] = Math.log(((c[h] as number) + 1) / ((e[h] as number) + 1))
        for (const count of v) into[place++] = Math.log(count + 1)
        for (let speed = 0; speed < STRENGTHS; speed++) into[place++] = strengths.of(article, speed)
        into[place++] = Math.log(0.02 + hoursSince(clicks.lastAt(article), at))
        into[place++] = Math.log(0.02 + hoursSince(views.lastAt(article), at))
        into[place++] = Math.log(0.1 + hoursSince(publishedAt[article] ?? at, at))

        const described = content.find(article)
        if (described) {
          topicClicks.read(described.topic, at, tc)
          topicExpected.read(described.topic, at, te)
        }
        into[place++] = described ? Math.log(((tc[4] as number) + 2) / ((te[4] as number) + 2)) : 0
        into[place++] = contextArticle >= 0 ? coClicks.similarity(article, contextArticle) : 0

        const exposure = shownTo.find(viewer, article)
        into[place++] = Math.log1p(exposure?.times ?? 0)
        into[place++] = exposure ? recentAt(exposure, at) : 0
        into[place++] = exposure && exposure.times > 0 ? 1 / (0.1 + hoursSince(exposure.lastAt, at)) : 0
        into[place++] = exposure && exposure.times > 0 ? 1 : 0
        into[place++] = exposure?.isClicked ? 1 : 0

        into[place++] = Math.sqrt(sums[i] as number)
        into[place++] = Math.sqrt(ofLast[i] as number)
        into[place++] = Math.sqrt(most[i] as number)
        into[place++] = last === undefined ? 0 : Math.log(0.05 + (counts[i] as number))

        const [fast, slow] = readersOf.clicksBySimilar(article, similarities, at)
        into[place++] = Math.log(0.01 + fast)
        into[place++] = Math.log(0.01 + slow)
        into[place++] = slow / ((c[5] as number) + 0.5)

        const match = factors.match(viewer, article)
        into[place++] = match
        into[place++] = match * Math.log1p((c[4] as number) / FACTOR_SUM_SCALE)
        into[place++] = factors.taste(viewer, article)

        into[place++] = described ? profile.topicShare(described.topic) : 0
        into[place++] = described ? profile.topicLift(described.topic) : 0
        into[place++] = described ? profile.wordMatch(described) : 0
        into[place++] = described ? profile.nearestMatch(described) : 0
      }
      if (place !== articles.length * FEATURES.length) throw new Error('the features are not those that are listed')
    },
  }
}
