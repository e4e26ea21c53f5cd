import { createFiveFactors } from '../measure/five-factors.ts'
import { FEEDBACK_DELAY_S } from '../measure/replay.ts'
import type { GloboArticles, GloboData } from './data.ts'

/** Nothing of an older click is left: sixteen half-lives of a trending score. */
const WARM_UP_MS = 8 * 86_400_000

/** How the feed ranks, by the five factors that a log allows. A category is a channel. */
export function createToday({ at, user, article }: GloboData, { categoryOf, createdAt }: GloboArticles, scoredFrom: number) {
  const factors = createFiveFactors(index => categoryOf(index))
  let learned = 0

  return {
    /** Learns what is known when the click at this index happens. */
    advance(click: number): void {
      for (; learned < click && (at[learned] as number) <= (at[click] as number) - FEEDBACK_DELAY_S * 1000; learned++) {
        const [index, moment] = [article[learned] as number, at[learned] as number]
        if (moment < scoredFrom - WARM_UP_MS) continue
        factors.publish(index, createdAt(index) ?? moment)
        factors.click(user[learned] as number, index, moment)
      }
    },
    /** `read`: the session, the newest first. */
    scores: (articles: Int32Array, read: readonly number[], now: number): Float64Array =>
      factors.scores(
        articles,
        read.map(index => ({ article: index, at: now })),
        now,
      ),
  }
}
