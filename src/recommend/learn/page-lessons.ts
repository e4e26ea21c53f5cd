// What a page teaches: a click on it is a choice among its articles, and what was seen of it without a click was passed over.

import type { ArticleId } from '../../base/id.ts'
import { FEATURES } from '../model/feature-names.ts'
import type { FeatureState } from '../model/feature-state.ts'
import type { Indices } from './indices.ts'
import type { OpenPage } from './open-pages.ts'
import type { TrustedRanker } from './trusted-ranker.ts'

interface Needs {
  state: FeatureState
  ranker: TrustedRanker
  viewers: Indices<string>
  /** Gives an article an index if it has none. */
  indexOf: (id: ArticleId, at: number) => number
  /** Called with each choice before it is learned from. */
  onChoice?: (choice: Choice) => void
}

/** Of those articles of a page that were not clicked before, one was clicked now. */
export interface Choice {
  viewer: string
  articleId: ArticleId
  /** Seconds since 1970. */
  at: number
  /** FEATURES.length for each article. */
  features: Float32Array
  clicked: Uint8Array
  /** What its place adds to the score of each, and what the ranker gives it. */
  placeScores: Float64Array
  scores: Float64Array
}

/** `at` is in seconds since 1970. */
export function createPageLessons({ state, ranker, viewers, indexOf, onChoice }: Needs) {
  /** Tells the state of the articles at these places of a page. `clicked`: the one that was clicked now, if any. */
  function tell(page: OpenPage, places: number[], at: number, clicked?: number): void {
    state.learn({
      viewer: viewers.touch(page.viewer, at),
      at,
      articles: Int32Array.from(places, place => indexOf(page.articleIds[place] as ArticleId, at)),
      clicked: Uint8Array.from(places, place => Number(place === clicked)),
      pageLength: page.articleIds.length,
      isTold: places.map(place => place <= page.toldTo),
      attention: places.map(ranker.attentionTo),
    })
  }

  function featuresOf(page: OpenPage, places: number[]): Float32Array {
    const features = new Float32Array(places.length * FEATURES.length)
    for (const [i, place] of places.entries())
      features.set(page.features.subarray(place * FEATURES.length, (place + 1) * FEATURES.length), i * FEATURES.length)
    return features
  }

  function noteFeatures(page: OpenPage, at: number): void {
    const viewer = viewers.touch(page.viewer, at)
    const features = new Float32Array(page.articleIds.length * FEATURES.length)
    const articles = Int32Array.from(page.articleIds, id => indexOf(id, at))
    state.writeFeatures({ viewer, at, articles, contextArticle: -1 }, features)
    page.features = features
  }

  return {
    /**
     * A click is a choice among all of the page that was not clicked before. What was perhaps not looked at is among it too: which
     * part was must not depend on the click. How much each place is looked at is learned. Returns the features of what was clicked.
     */
    learnClick(page: OpenPage, clicked: number, at: number): Float32Array {
      if (page.features.length === 0) noteFeatures(page, at)
      const places = [...page.articleIds.keys()].filter(place => !page.clicked.includes(place))
      const features = featuresOf(page, places)
      const isClicked = Uint8Array.from(places, place => Number(place === clicked))
      onChoice?.({
        viewer: page.viewer,
        articleId: page.articleIds[clicked] as ArticleId,
        at,
        features,
        clicked: isClicked,
        placeScores: Float64Array.from(places, place => Math.log(ranker.attentionTo(place))),
        scores: ranker.scores(features, places.length),
      })
      ranker.learn(features, isClicked, places)
      tell(page, places, at, clicked)
      page.clicked.push(clicked)
      page.toldTo = page.articleIds.length - 1
      return featuresOf(page, [clicked])
    },

    /** Of a page without a click, what was seen: shown, and passed over. */
    learnPassedOver(page: OpenPage, at: number): void {
      if (page.seenTo <= page.toldTo) return
      tell(page, range(page.toldTo + 1, page.seenTo), at)
      page.toldTo = page.seenTo
    },
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
