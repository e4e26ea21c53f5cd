// What a recommender holds in memory for a hundred thousand articles and a million readers. Of readers nothing is kept for each: what
// is kept of them has bounds, which a million readers reach. Buffers of pages are apart: their bounds are in src/recommend/pages.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ArticleId, ChannelId, PageId, ReaderId } from '../src/base/id.ts'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import { createCatalogue } from '../src/recommend/catalogue/catalogue.ts'
import { createDailyWeights } from '../src/recommend/catalogue/daily-weights.ts'
import { gramOf } from '../src/recommend/factors/ials.ts'
import { createReadersLike } from '../src/recommend/factors/readers-like.ts'
import { FACTOR_OPTIONS } from '../src/recommend/factors/reading-model.ts'
import { createLearner } from '../src/recommend/learn/learner.ts'
import { createCovisits } from '../src/recommend/sources/covisits.ts'
import { type Report, round } from './report.ts'

const [ARTICLES, READERS, CLICKS_EACH, CHANNELS, AUTHORS] = [100_000, 1_000_000, 3, 26, 5_000]
/** Nearly as many as the learner knows at most: with more it forgets, and has room again. */
const [LEARNED_ARTICLES, LEARNED_READERS, PAGES, PLACES] = [4_990, 2_490, 25_000, 10]
const [NOW, WEEKS_MS] = [1_800_000_000_000, 14 * 86_400_000]

export async function measure(): Promise<Report> {
  const random = createSeededRandom(1)
  const rows: Report['rows'] = []
  // The smaller its number, the more an article is read.
  const articleOf = (articles: number) => BigInt(1 + Math.floor(random.next() ** 3 * articles)) as ArticleId
  const kept: unknown[] = []
  function weigh<T>(part: string, make: () => T): T {
    const before = heldMb()
    const made = make()
    kept.push(made)
    rows.push({ part, MB: round(heldMb() - before) })
    return made
  }

  const catalogue = weigh('catalogue', () => {
    const filled = createCatalogue(() => NOW)
    filled.putAll(
      Array.from({ length: ARTICLES }, (_, i) => ({
        id: BigInt(i + 1) as ArticleId,
        authorId: BigInt(1 + (i % AUTHORS)) as ReaderId,
        channelId: (1 + (i % CHANNELS)) as ChannelId,
        publishedAt: NOW - (i * WEEKS_MS) / ARTICLES,
        language: 'zh' as const,
      })),
    )
    return filled
  })
  const readersLike = weigh('factors of all articles', () => {
    const vectors = Float32Array.from({ length: ARTICLES * FACTOR_OPTIONS.width }, random.normal)
    const gram = gramOf(vectors.subarray(0, FACTOR_OPTIONS.width * 1_000), FACTOR_OPTIONS.width)
    const used = createReadersLike()
    used.use({
      kind: 'ials',
      ids: Array.from({ length: ARTICLES }, (_, i) => BigInt(i + 1) as ArticleId),
      vectors,
      items: gram,
      users: gram,
    })
    return used
  })
  const [covisits, daily] = [createCovisits(), createDailyWeights()]
  kept.push(covisits, daily)
  weigh(`clicks of ${READERS / 1e6} million readers: trending, covisits, new articles`, () => {
    for (let reader = 0; reader < READERS; reader++)
      for (let click = 0; click < CLICKS_EACH; click++) {
        const [id, viewer] = [articleOf(ARTICLES), `r${reader}`]
        const at = NOW - WEEKS_MS + (reader * WEEKS_MS) / READERS
        catalogue.addImpressions(id, 'shown')
        catalogue.addWeight(id, daily.increase(viewer, id, at, 1), at, true)
        covisits.recordClick(viewer, id, at)
        readersLike.recordClick(viewer, id)
      }
  })
  weigh('learner', () => {
    const learner = createLearner({ seed: 1, findArticle: catalogue.get })
    for (let i = 0; i < PAGES; i++) {
      const entry = { viewer: `r${random.int(1, LEARNED_READERS)}`, isKnown: true, at: NOW - WEEKS_MS + (i * WEEKS_MS) / PAGES }
      const articleIds = [...new Set(Array.from({ length: PLACES }, () => articleOf(LEARNED_ARTICLES)))]
      const id = BigInt(i + 1) as PageId
      learner.apply({ ...entry, kind: 'page', id, channelId: 1 as ChannelId, continues: null, nextCursor: BigInt(i), articleIds })
      const behaviour = {
        ...entry,
        kind: 'behaviour',
        action: 'click',
        articleId: random.pick(articleIds),
        pageId: id,
        dwellMs: null,
      } as const
      learner.apply(behaviour)
      for (const _ of learner.upkeep());
    }
    return learner
  })
  rows.push({ part: 'together', MB: round(rows.reduce((sum, { MB }) => sum + Number(MB), 0)) })
  return {
    load: `${ARTICLES} articles, ${READERS} readers with ${CLICKS_EACH} clicks each, ${PAGES} pages learned; ${kept.length} parts in one process of ${round(process.memoryUsage.rss() / 2 ** 20)} MB`,
    rows,
  }
}

/** Of the heap and outside of it, in MB. */
function heldMb(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
