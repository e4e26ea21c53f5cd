// How often something is clicked, taken apart: how good the article is, its age, its topic, the viewer, and the viewer's taste for the
// topic. Each is a belief about a logarithm, with a mean and a variance. What is shown and what is clicked moves all of them, each the
// more the less is known of it (a Kalman step for Poisson counts). So an article that was shown to those who love its topic is not
// taken for a good one, and a reader whose pages have nothing but what they love is not taken for one without tastes.

import { createGrowable, type GrowableNumbers } from './growable.ts'
import { type Renumberings, renumberGrowable, renumberList } from './renumbering.ts'

interface Prior {
  variance: number
  /** What a day adds to the variance, up to that of the beginning. */
  drift: number
}

/** A standard deviation of 0.8 is 2.2 times as many clicks. Tastes change in months, the news in weeks. Chosen in the worlds of bench/learning.ts. */
const ARTICLE: Prior = { variance: 0.6, drift: 0.02 }
const TASTE: Prior = { variance: 0.6, drift: 0.005 }
const VIEWER: Prior = { variance: 0.3, drift: 0.005 }
const TOPIC: Prior = { variance: 0.3, drift: 0 }
const AGE: Prior = { variance: 1, drift: 0 }
const LEVEL: Prior = { variance: 1, drift: 0 }
/** One article in ten, before anything is known. */
const LEVEL_MEAN = Math.log(0.1)

/** Three for each doubling of the age, from an hour on; the last is of ten days and more. */
const AGES = 24
const ageOf = (hours: number) => Math.min(AGES - 1, Math.floor(3 * Math.log2(1 + Math.max(0, hours))))
/** On longer pages each article gets less attention: most pages have ten. */
const USUAL_LENGTH = 10
const DAY_S = 86_400

interface Belief {
  mean: number
  variance: number
  /** Seconds since 1970. */
  at: number
}

export interface ShownArticle {
  article: number
  topic?: number
  ageH: number
}

export interface ShownPage {
  viewer: number
  at: number
  articles: readonly ShownArticle[]
  clicked: Uint8Array
  /** How many articles stood on the page, if not only these. */
  pageLength?: number
  /** Of each, whether its showing was learned before. */
  isTold?: readonly boolean[]
  /** How much each place is looked at, beside the first. */
  attention?: readonly number[]
}

export interface ClickBeliefs {
  learn(page: ShownPage): void
  /** The means, of logarithms. `usual`: of the article with its age and topic, for a viewer of whom nothing is known. */
  of(viewer: number, shown: ShownArticle): { article: number; usual: number; taste: number }
  renumber(renumberings: Renumberings): void
  data: {
    /** Mean, variance, time. */
    articles: GrowableNumbers
    tastes: (Map<number, Belief> | undefined)[]
    viewers: (Belief | undefined)[]
    topics: (Belief | undefined)[]
    ages: (Belief | undefined)[]
    level: Belief
  }
}

export function createClickBeliefs(): ClickBeliefs {
  const articles = createGrowable(3)
  const level = { mean: LEVEL_MEAN, variance: LEVEL.variance, at: 0 }
  const data: ClickBeliefs['data'] = { articles, tastes: [], viewers: [], topics: [], ages: [], level }

  /** Adds what may have changed since. */
  function reach(belief: Belief | undefined, at: number, { variance, drift }: Prior): Belief {
    if (!belief) return { mean: 0, variance, at }
    belief.variance = Math.min(variance, belief.variance + (drift * Math.max(0, at - belief.at)) / DAY_S)
    belief.at = Math.max(at, belief.at)
    return belief
  }

  function articleBelief(article: number, at: number): Belief {
    articles.reach(article)
    const [mean = 0, variance = 0, when = 0] = articles.values.subarray(3 * article, 3 * article + 3)
    return reach(variance > 0 ? { mean, variance, at: when } : undefined, at, ARTICLE)
  }

  /** What a click on the article depends on, the article first. */
  function beliefsOf(viewer: number, { article, topic, ageH }: ShownArticle, at: number): [Belief, ...Belief[]] {
    const age = ageOf(ageH)
    data.ages[age] = reach(data.ages[age], at, AGE)
    data.viewers[viewer] = reach(data.viewers[viewer], at, VIEWER)
    const found: [Belief, ...Belief[]] = [articleBelief(article, at), data.ages[age], data.viewers[viewer], data.level]
    if (topic === undefined) return found
    const tastes = (data.tastes[viewer] ??= new Map())
    const taste = reach(tastes.get(topic), at, TASTE)
    tastes.set(topic, taste)
    data.topics[topic] = reach(data.topics[topic], at, TOPIC)
    return [...found, data.topics[topic], taste]
  }

  return {
    learn({ viewer, at, articles: shown, clicked, pageLength = shown.length, isTold, attention }) {
      for (const [i, each] of shown.entries()) {
        const isClicked = clicked[i] as number
        if (isTold?.[i] && !isClicked) continue
        const beliefs = beliefsOf(viewer, each, at)
        const rate = Math.exp(beliefs.reduce((sum, { mean }) => sum + mean, 0))
        // Of what was told before, the click is news, and that it was shown is none.
        const expected = isTold?.[i] ? 0 : Math.min(1, (rate * (attention?.[i] ?? 1) * USUAL_LENGTH) / pageLength)
        const scale = 1 / (1 + expected * beliefs.reduce((sum, { variance }) => sum + variance, 0))
        for (const belief of beliefs) {
          belief.mean += belief.variance * scale * (isClicked - expected)
          belief.variance -= belief.variance ** 2 * scale * expected
        }
        const [{ mean, variance, at: when }] = beliefs
        articles.values.set([mean, variance, when], 3 * each.article)
      }
    },
    of(viewer, { article, topic, ageH }) {
      const good = articles.values[3 * article] ?? 0
      const taste = (topic !== undefined && data.tastes[viewer]?.get(topic)?.mean) || 0
      const ofTopic = (topic !== undefined && data.topics[topic]?.mean) || 0
      return { article: good, usual: good + ofTopic + (data.ages[ageOf(ageH)]?.mean ?? 0), taste }
    },
    renumber({ articles: renumbering, viewers }) {
      renumberGrowable(articles, renumbering, 3)
      data.tastes = renumberList(data.tastes, viewers)
      data.viewers = renumberList(data.viewers, viewers)
    },
    data,
  }
}
