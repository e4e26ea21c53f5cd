// What ranking a page costs when the model ranks it: candidates of all sources, filters, features, scores, diversity. And how long a
// click takes until the model has learned from it.

import type { ArticleId, ChannelId, ReaderId } from '../src/base/id.ts'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import { FEATURES } from '../src/recommend/model/feature-names.ts'
import { TREE_OPTIONS } from '../src/recommend/nightly/train-model.ts'
import type { TrainedModel } from '../src/recommend/nightly/trained-model.ts'
import { joinExamples } from '../src/recommend/trees/examples.ts'
import { trainTrees } from '../src/recommend/trees/train-trees.ts'
import { median, quantile, type Report, round } from './report.ts'
import { createSimulatedFeed, type Ranking } from './simulated-feeds.ts'
import { STARTED_AT } from './simulated-world.ts'

const [ARTICLES, READERS, WARM_UP, PAGES] = [3_000, 500, 2_500, 500]
const EVERY_MS = 20_000
const HOUR = 3_600_000

export async function measure(): Promise<Report> {
  return {
    load: `${ARTICLES} articles of ten days, ${READERS} readers, ${WARM_UP} pages before the ${PAGES} that are measured; milliseconds of processor time`,
    rows: [await rowOf('five factors'), await rowOf('model'), await rowOf('model', trainAnyTrees())],
  }
}

/** As many and as large as a night may train: what they say does not matter here. */
function trainAnyTrees(): TrainedModel {
  const random = createSeededRandom('trees')
  const examples = joinExamples(
    Array.from({ length: 500 }, (_, page) => ({
      inputs: Float32Array.from({ length: 10 * FEATURES.length }, random.normal),
      clicked: Uint8Array.from({ length: 10 }, (_, i) => Number(i === page % 10)),
    })),
    FEATURES.length,
  )
  return {
    trees: trainTrees(examples, examples, { ...TREE_OPTIONS, patience: Number.POSITIVE_INFINITY }),
    combination: { first: 1, second: 1 },
  }
}

async function rowOf(ranking: Ranking, trained?: TrainedModel): Promise<Report['rows'][number]> {
  const { next, int } = createSeededRandom('live page')
  const feed = createSimulatedFeed(ranking)
  if (trained) feed.useTrained(trained)
  const publish = (i: number, publishedAt: number) =>
    feed.publish({
      id: BigInt(i + 1) as ArticleId,
      authorId: BigInt(1 + (i % 200)) as ReaderId,
      channelId: (1 + (i % 20)) as ChannelId,
      publishedAt,
      language: 'en',
      quality: 0,
      taste: [],
    })
  for (let i = 0; i < ARTICLES; i++) publish(i, STARTED_AT - ((ARTICLES - i) / ARTICLES) * 240 * HOUR)
  // What is popular is not what is new: so the sources find different articles.
  for (let i = 0; i < 20_000; i++)
    feed.clickElsewhere(`r${int(1, READERS)}`, BigInt(1 + Math.floor(next() ** 2 * ARTICLES)) as ArticleId, STARTED_AT)
  const clicks: number[] = []
  let candidates = 0
  for (let i = 0; i < WARM_UP + PAGES; i++) {
    const reader = `r${int(1, READERS)}`
    const at = STARTED_AT + i * EVERY_MS
    const page = await feed.servePage(reader, at)
    if (i === WARM_UP) candidates = feed.scoredMean()
    const before = performance.now()
    feed.click(reader, page, int(0, 9), at + EVERY_MS / 2)
    clicks.push(performance.now() - before)
  }
  const times = feed.timings.slice(-PAGES)
  const learning = clicks.slice(-PAGES)
  return {
    ranking: trained ? `${ranking} and ${trained.trees.roots.length} trees` : ranking,
    candidates: Math.round(candidates),
    'page p50': round(median(times)),
    'page p99': round(quantile(times, 0.99)),
    'click to model p50': ranking === 'model' ? round(median(learning)) : '',
    'click to model p99': ranking === 'model' ? round(quantile(learning, 0.99)) : '',
  }
}
