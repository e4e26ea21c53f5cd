// What one ranking of the feed costs as a whole, without reading rows: all stages, by the five factors, for a device with some clicks.
// In processor time, so that what else runs on the machine counts little.

import { DAY } from '../src/base/clock.ts'
import type { ArticleId, ReaderId } from '../src/base/id.ts'
import { silentLog } from '../src/base/log.ts'
import { createMetrics } from '../src/base/metrics.ts'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import { createCatalogue } from '../src/recommend/catalogue/catalogue.ts'
import { createReadersLike } from '../src/recommend/factors/readers-like.ts'
import { RANKED_COUNT } from '../src/recommend/feed-constants.ts'
import { createForYouFeed } from '../src/recommend/feeds/for-you.ts'
import { createLearner } from '../src/recommend/learn/learner.ts'
import { runPipeline } from '../src/recommend/pipeline/pipeline.ts'
import { createPipelineObserver } from '../src/recommend/pipeline/pipeline-observer.ts'
import { NO_LEADERBOARDS } from '../src/recommend/policy/leaderboards.ts'
import { DEFAULT_POLICY } from '../src/recommend/policy/policy.ts'
import { NO_DIALS } from '../src/recommend/ranking-query.ts'
import { createCovisits } from '../src/recommend/sources/covisits.ts'
import { cpuMs, median, type Report, round } from './report.ts'

const SIZES = [684, 35_000]
const [CLICKS_PER_ARTICLE, DAYS, CHANNELS, AUTHORS] = [1.1, 21, 20, 200] // as in the worlds of `growth`
const [SEEN, SERVED, CLICKED] = [40, 10, 4] // of the viewer
const [ROUNDS, PER_ROUND, VIEWERS] = [10, 400, 300]
const NOW = 1_795_000_000_000

export async function measure(): Promise<Report> {
  const rows: Report['rows'] = []
  for (const articles of SIZES) rows.push(await rowOf(articles))
  return {
    load: `medians of the second half of ${ROUNDS} rounds of ${PER_ROUND} rankings of ${VIEWERS} viewers; µs of processor time`,
    rows,
  }
}

async function rowOf(articles: number): Promise<Report['rows'][number]> {
  const random = createSeededRandom('for you', articles)
  const idOf = (index: number) => (7_000_000_000_000_000_000n + BigInt(index) * 4_194_304n) as ArticleId
  // Half of the clicks are on the newest tenth.
  const anyArticle = () => (random.chance(0.5) ? random.int(Math.floor(articles * 0.9), articles - 1) : random.int(0, articles - 1))
  const anyId = () => idOf(anyArticle())
  const [catalogue, covisits] = [createCatalogue(() => NOW), createCovisits()]
  catalogue.putAll(
    Array.from({ length: articles }, (_, index) => ({
      id: idOf(index),
      authorId: BigInt(random.int(1, AUTHORS)) as ReaderId,
      channelId: random.int(1, CHANNELS),
      publishedAt: NOW - ((articles - index) / articles) * DAYS * DAY,
      language: 'zh' as const,
    })),
  )
  const clicks = Math.round(articles * CLICKS_PER_ARTICLE)
  for (let i = 0; i < clicks; i++) {
    const [id, at] = [anyId(), NOW - ((clicks - i) / clicks) * DAYS * DAY]
    covisits.recordClick(`d${random.int(0, articles / 35)}`, id, at)
    catalogue.addWeight(id, 1, at, true)
  }
  const feed = createForYouFeed({
    catalogue,
    covisits,
    readersLike: createReadersLike(),
    leaderboards: NO_LEADERBOARDS,
    findWithWords: async () => new Set(),
    learner: createLearner({ seed: 1, findArticle: catalogue.get }),
  })
  const observeRun = createPipelineObserver({ metrics: createMetrics(), log: silentLog })
  const viewers = Array.from({ length: VIEWERS }, (_, v) => {
    const recentClicks = Array.from({ length: CLICKED }, (_, i) => ({ id: anyId(), at: NOW - i * DAY }))
    const history = {
      seenIds: new Set([...recentClicks.map(({ id }) => id), ...Array.from({ length: SEEN }, anyId)]),
      recentlyServed: new Map(Array.from({ length: SERVED }, (_, rank) => [anyId(), rank] as const)),
    }
    const nothing = { followedIds: new Set<never>(), dislikedIds: new Set<never>(), blockedIds: new Set<never>(), dials: NO_DIALS }
    return { viewerKey: `d${v}`, history, interests: { ...nothing, recentClicks } }
  })

  const times: number[] = []
  let candidates = 0
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = cpuMs()
    for (let i = 0; i < PER_ROUND; i++) {
      const { viewerKey, history, interests } = viewers[i % VIEWERS] as (typeof viewers)[number]
      const context = { loadedAt: NOW, history: Promise.resolve(history), interests: Promise.resolve(interests) }
      const request = { viewerKey, channelId: 0, now: NOW, count: RANKED_COUNT, policy: DEFAULT_POLICY, context }
      candidates = (await runPipeline(feed, request, observeRun().observer)).ranked.length
    }
    if (round >= ROUNDS / 2) times.push(((cpuMs() - startedAt) / PER_ROUND) * 1_000)
  }
  return { articles, candidates, 'µs a ranking': round(median(times)) }
}
