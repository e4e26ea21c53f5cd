// What the learned ranking costs for a page: the features of all candidates, the inputs made of them, and their scores. In
// processor time, so that what else runs on the machine counts little.

import { createSeededRandom } from '../src/base/seeded-random.ts'
import { FEATURES } from '../src/recommend/model/feature-names.ts'
import { createFeatureState } from '../src/recommend/model/feature-state.ts'
import { INPUTS, writeInputs } from '../src/recommend/model/inputs.ts'
import { createSoftmaxRanker } from '../src/recommend/model/softmax-ranker.ts'
import { cpuMs, quantile, type Report, round } from './report.ts'

const [ARTICLES, VIEWERS, IMPRESSIONS, PLACES] = [3_000, 2_000, 60_000, 10]
const [WARM_UP, PAGES] = [50, 250]
const EVERY_S = 5 // an impression: three and a half days in all

export async function measure(): Promise<Report> {
  const { next: random } = createSeededRandom(7)
  // The smaller an index, the more often it comes: as with articles, a few have most.
  const pick = (count: number) => Math.floor(random() ** 2 * count)
  const state = createFeatureState(random)
  let now = 1_700_000_000
  for (let i = 0; i < IMPRESSIONS; i++) {
    now += EVERY_S
    const articles = Int32Array.from({ length: PLACES }, () => pick(ARTICLES))
    const clicked = new Uint8Array(PLACES)
    clicked[pick(PLACES)] = 1
    state.learn({ viewer: pick(VIEWERS), at: now, articles, clicked })
  }
  state.refit()
  return {
    load: `${PAGES} pages; before, ${IMPRESSIONS} impressions of ${ARTICLES} articles by ${VIEWERS} viewers. Milliseconds of processor time`,
    rows: [10, 100, 500, 1_000].map(candidates => rowOf(candidates)),
  }

  function rowOf(candidates: number): Report['rows'][number] {
    const ranker = createSoftmaxRanker({ width: INPUTS.length, step: 0.3, decay: 0 })
    const articles = Int32Array.from({ length: candidates }, (_, i) => i)
    const features = new Float32Array(candidates * FEATURES.length)
    const inputs = new Float32Array(candidates * INPUTS.length)
    const circumstances = { places: PLACES, isMobile: true, at: now, hasContext: false, impressions: 3 }
    const pages: number[][] = []
    for (let page = 0; page < WARM_UP + PAGES; page++) {
      const marks = [cpuMs()]
      state.writeFeatures({ viewer: page % VIEWERS, at: now, articles, contextArticle: -1 }, features)
      marks.push(cpuMs())
      writeInputs(features, candidates, circumstances, inputs)
      marks.push(cpuMs())
      ranker.scores(inputs, candidates)
      marks.push(cpuMs())
      if (page >= WARM_UP) pages.push(marks)
    }
    const between = (from: number, to: number) => pages.map(marks => (marks[to] as number) - (marks[from] as number))
    const mean = (values: number[]) => round(values.reduce((sum, value) => sum + value, 0) / values.length)
    const whole = between(0, 3)
    return {
      candidates,
      features: mean(between(0, 1)),
      inputs: mean(between(1, 2)),
      scores: mean(between(2, 3)),
      p50: round(quantile(whole, 0.5)),
      p99: round(quantile(whole, 0.99)),
      'us a candidate': round((mean(whole) / candidates) * 1000),
    }
  }
}
