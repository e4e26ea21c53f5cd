import { createModelRows } from '../measure/model-rows.ts'
import type { EbnerdData, EbnerdImpression } from './data.ts'
import { createPublicationTimes } from './publication-times.ts'

const DAY = 86_400
const MOBILE = 2

/** The learned ranker. Days count from the first impression: two warm up; the last before the scored ones stops the fitting. */
export function createModel({ impressions, articleIds, histories, hasValidation }: EbnerdData) {
  const beginsAt = impressions[0]?.at ?? 0
  const scoredFrom = hasValidation ? 7 : 6
  const times = createPublicationTimes()
  const idOf = (article: number) => articleIds[article] as number
  const rows = createModelRows({
    hasTrees: true,
    partOf({ at }) {
      const day = Math.floor((at - beginsAt) / DAY)
      if (day >= scoredFrom) return 'score'
      return day < 2 ? undefined : day === scoredFrom - 1 ? 'stop' : 'fit'
    },
  })

  for (const { user, article, at } of histories.train.toSorted((a, b) => a.at - b.at)) {
    times.see(idOf(article), at)
    rows.state.click(user, article, at)
  }

  return {
    cost: rows.cost,
    /** Of the clicks before the second week, those that are not known from the first. */
    addValidationHistory(): void {
      for (const { user, article, at } of histories.validation.toSorted((a, b) => a.at - b.at))
        if (!rows.state.hasClicked(user, article)) rows.state.click(user, article, at, true)
      rows.state.refit()
    },
    learn(impression: EbnerdImpression): void {
      for (const article of impression.articles) times.see(idOf(article), impression.at)
      rows.learn(impression)
    },
    scores(impression: EbnerdImpression): Record<string, Float64Array> {
      for (const article of impression.articles) rows.state.publish(article, times.of(idOf(article), impression.at))
      return rows.scores({ ...impression, isMobile: impression.device === MOBILE })
    },
  }
}
