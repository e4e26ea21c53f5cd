// All that the features are computed from, fed with impressions and clicks in order of time. Articles and viewers are given by
// index, times in seconds.

import { createClickBeliefs } from './click-beliefs.ts'
import { createCoClicks } from './co-clicks.ts'
import { type ContentAffinity, createContentAffinity } from './content-affinity.ts'
import { createDecayedCounts, HALF_LIVES_H } from './decayed-counts.ts'
import { FEATURES } from './feature-names.ts'
import { createReaderFactors } from './reader-factors.ts'
import { createReadersOf } from './readers-of.ts'
import { type Renumberings, renumberList } from './renumbering.ts'
import { createShownTo, recentAt } from './shown-to.ts'
import { createStrengths, STRENGTHS } from './strengths.ts'
import { createTopicTastes } from './topic-tastes.ts'

export interface SeenImpression {
  viewer: number
  at: number
  articles: Int32Array
  clicked: Uint8Array
  /** How many articles stood on the page, if not only these. */
  pageLength?: number
  /** Of each, whether its showing was learned before, with another click of the same impression. */
  isTold?: readonly boolean[]
  /** How much of readers' attention each place gets, beside the others; equal if not given. */
  attention?: readonly number[]
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
  /** Of each article, if more is known of them than was learned. */
  topics?: ArrayLike<number>
  publishedAt?: ArrayLike<number>
}

export interface FeatureState {
  describe: ContentAffinity['describe']
  publish(article: number, at: number): void
  learn(impression: SeenImpression): void
  /** A click outside of an impression. A past one says what the viewer reads and not what is read now. */
  click(viewer: number, article: number, at: number, isPast?: boolean): void
  /** A click that comes long after it happened: it says what the viewer has read. */
  remember(viewer: number, article: number, at: number): void
  /** Computes the factors of readers anew, in slices of some milliseconds. Nothing may be learned between them. */
  refitting(): Generator<void>
  refit(): void
  hasClicked(viewer: number, article: number): boolean
  /** Articles that are clicked together with this one. */
  clickedWith(article: number, limit: number): number[]
  /** How many impressions a viewer had of late; half of it a day ago. */
  impressionsOf(viewer: number, at: number): number
  /** Writes FEATURES.length numbers for each candidate. */
  writeFeatures(query: FeatureQuery, into: Float32Array): void
  /** Clicks on an article of late, and how many there would be if readers had picked at random. */
  demandOf(article: number, at: number): { clicks: number; expected: number }
  renumber(renumberings: Renumberings, at: number): void
  /** Everything learned, by part. Not to be changed. */
  parts: Record<string, object>
}

/** How much is kept of each article and viewer. */
export interface FeatureBounds {
  shownPerViewer: number
  readPerViewer: number
  readersPerArticle: number
  neighboursPerArticle: number
}

/** Some weeks of a reader, some forty pages, and enough readers of an article for a mean. */
const WIDE: FeatureBounds = { shownPerViewer: 400, readPerViewer: 120, readersPerArticle: 200, neighboursPerArticle: 200 }

interface TopicFeatures {
  lift: number
  share: number
  ownLift: number
  taste: number
}
const NO_TOPIC: TopicFeatures = { lift: 0, share: 0, ownLift: 0, taste: 0 }

const HOUR_S = 3600
const NEVER_H = 14 * 24 // as long ago as anything counts
const FACTOR_SUM_SCALE = 3
const DEMAND_HALF_LIFE = 3 // three hours
/** Of a page of ten, about one article is clicked. */
const CLICKS_PER_PLACE = 0.1

export function createFeatureState(random: () => number, bounds: FeatureBounds = WIDE): FeatureState {
  const [clicks, views, expected] = [createDecayedCounts(), createDecayedCounts(), createDecayedCounts()]
  const [topicClicks, topicExpected] = [createDecayedCounts(), createDecayedCounts()]
  const strengths = createStrengths()
  const shownTo = createShownTo(bounds.shownPerViewer)
  const coClicks = createCoClicks(bounds.neighboursPerArticle)
  const readersOf = createReadersOf({ readersMax: bounds.readersPerArticle, readMax: bounds.readPerViewer })
  const factors = createReaderFactors(readersOf)
  const content = createContentAffinity()
  const topicTastes = createTopicTastes()
  const beliefs = createClickBeliefs()
  const times: { publishedAt: (number | undefined)[]; impressions: ({ count: number; at: number } | undefined)[] } = {
    publishedAt: [],
    impressions: [],
  }
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
    const known = times.impressions[viewer]
    return known ? known.count * 2 ** (-Math.max(0, at - known.at) / HOUR_S / 24) : 0
  }
  const hoursSince = (moment: number, at: number) => (moment === 0 ? NEVER_H : Math.min(NEVER_H, Math.max(0, at - moment) / HOUR_S))

  const ageOf = (article: number, at: number) => hoursSince(times.publishedAt[article] ?? at, at)

  return {
    describe: content.describe,
    publish(article, at) {
      times.publishedAt[article] ??= at
    },
    remember(viewer, article, at) {
      readersOf.click(viewer, article, at)
      shownTo.click(viewer, article)
      content.click(article)
    },
    refitting: () => factors.refitting(random),
    refit() {
      for (const _ of factors.refitting(random));
    },
    hasClicked: (viewer, article) => shownTo.find(viewer, article)?.isClicked ?? false,
    clickedWith: coClicks.neighbours,
    impressionsOf,
    click,
    learn({ viewer, at, articles, clicked, pageLength, isTold, attention }) {
      const count = clicked.reduce((sum, one) => sum + one, 0)
      if (!isTold?.includes(true)) times.impressions[viewer] = { count: impressionsOf(viewer, at) + 1, at }
      factors.learn(viewer, articles, clicked, article => strengths.of(article, 0), attention)
      strengths.learn(articles, clicked, attention)
      const total = attention?.reduce((sum, each) => sum + each, 0) ?? articles.length
      const shown = Array.from(articles, article => ({ article, topic: content.find(article)?.topic, ageH: ageOf(article, at) }))
      beliefs.learn({ viewer, at, articles: shown, clicked, pageLength, isTold, attention })
      // What was passed over without a click says that these topics and articles are clicked less than others.
      const chances = count > 0 ? count : CLICKS_PER_PLACE * articles.length
      for (const [i, article] of articles.entries()) {
        const topic = content.find(article)?.topic
        const byChance = (chances * (attention?.[i] ?? 1)) / total
        expected.add(article, byChance, at)
        if (topic !== undefined) {
          topicExpected.add(topic, byChance, at)
          topicTastes.add(viewer, topic, clicked[i] as number, byChance, at)
          if (clicked[i]) topicClicks.add(topic, 1, at)
        }
        if (!isTold?.[i]) {
          views.add(article, 1, at)
          shownTo.show(viewer, article, clicked[i] === 1, at)
        }
        if (clicked[i]) click(viewer, article, at)
      }
    },
    writeFeatures({ viewer, at, articles, contextArticle, read, session, topics, publishedAt }, into) {
      const similarities = readersOf.similarTo(viewer)
      const trail = session ?? coClicks.trailOf(viewer).map(earlier => earlier.article)
      const last = trail.at(-1)
      const { sums, ofLast, most, counts } = coClicks.compare(articles, trail, at)
      const profile = content.profileOf(read ?? readersOf.readBy(viewer).map(({ article }) => article))
      // Hundreds of candidates have a few topics.
      const known = new Map<number, TopicFeatures>()
      const featuresOf = (topic: number): TopicFeatures => {
        let features = known.get(topic)
        if (!features) {
          topicClicks.read(topic, at, tc)
          topicExpected.read(topic, at, te)
          const lift = Math.log(((tc[4] as number) + 2) / ((te[4] as number) + 2))
          const [share, ownLift] = [profile.topicShare(topic), profile.topicLift(topic)]
          known.set(topic, (features = { lift, share, ownLift, taste: topicTastes.liftOf(viewer, topic) }))
        }
        return features
      }
      let place = 0
      for (let i = 0; i < articles.length; i++) {
        const article = articles[i] as number
        clicks.read(article, at, c)
        views.read(article, at, v)
        expected.read(article, at, e)
        for (let h = 0; h < c.length; h++) into[place++] = Math.log((c[h] as number) + 0.1)
        for (let h = 0; h < c.length; h++) into[place++] = Math.log(((c[h] as number) + 1) / ((e[h] as number) + 1))
        for (let h = 0; h < v.length; h++) into[place++] = Math.log((v[h] as number) + 1)
        for (let speed = 0; speed < STRENGTHS; speed++) into[place++] = strengths.of(article, speed)
        into[place++] = Math.log(0.02 + hoursSince(clicks.lastAt(article), at))
        into[place++] = Math.log(0.02 + hoursSince(views.lastAt(article), at))
        const published = publishedAt?.[i]
        const ageH = published === undefined ? ageOf(article, at) : hoursSince(published, at)
        into[place++] = Math.log(0.1 + ageH)

        const described = content.find(article)
        const topic = topics?.[i] ?? described?.topic
        const ofTopic = topic === undefined ? NO_TOPIC : featuresOf(topic)
        into[place++] = ofTopic.lift
        into[place++] = contextArticle >= 0 ? coClicks.similarity(article, contextArticle) : 0

        const believed = beliefs.of(viewer, { article, topic, ageH })
        into[place++] = believed.article
        into[place++] = believed.usual
        into[place++] = believed.taste
        into[place++] = believed.usual + believed.taste

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

        into[place++] = ofTopic.share
        into[place++] = ofTopic.ownLift
        into[place++] = ofTopic.taste
        into[place++] = described ? profile.wordMatch(described) : 0
        into[place++] = described ? profile.nearestMatch(described) : 0
      }
      if (place !== articles.length * FEATURES.length) throw new Error('the features are not those that are listed')
    },
    demandOf(article, at) {
      clicks.read(article, at, c)
      expected.read(article, at, e)
      return { clicks: c[DEMAND_HALF_LIFE] as number, expected: e[DEMAND_HALF_LIFE] as number }
    },
    renumber(renumberings, at) {
      for (const counts of [clicks, views, expected]) counts.renumber(renumberings.articles)
      strengths.renumber(renumberings.articles)
      content.renumber(renumberings.articles)
      for (const part of [shownTo, readersOf, factors]) part.renumber(renumberings)
      coClicks.renumber(renumberings, at)
      topicTastes.renumber(renumberings.viewers)
      beliefs.renumber(renumberings)
      times.publishedAt = renumberList(times.publishedAt, renumberings.articles)
      times.impressions = renumberList(times.impressions, renumberings.viewers)
    },
    parts: {
      clicks: clicks.data,
      views: views.data,
      expected: expected.data,
      topicClicks: topicClicks.data,
      topicExpected: topicExpected.data,
      strengths: strengths.data,
      shownTo: shownTo.data,
      coClicks: coClicks.data,
      readersOf: readersOf.data,
      factors: factors.data,
      content: content.data,
      topicTastes: topicTastes.data,
      beliefs: beliefs.data,
      times,
    },
  }
}
