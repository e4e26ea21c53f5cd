// The rankings that are compared in the simulated world, each with its own copy of what readers did with its own pages. The
// feed's are those of the product: its catalogue, pipeline, exploration and learner.

import { type ArticleId, type PageId, RECOMMENDED_CHANNEL } from '../src/base/id.ts'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import { createCatalogue } from '../src/recommend/catalogue/catalogue.ts'
import { createReadersLike } from '../src/recommend/factors/readers-like.ts'
import { RANKED_COUNT } from '../src/recommend/feed-constants.ts'
import { createForYouFeed } from '../src/recommend/feeds/for-you.ts'
import { createLearner, type Learner } from '../src/recommend/learn/learner.ts'
import type { TrainedModel } from '../src/recommend/nightly/trained-model.ts'
import type { PageRow } from '../src/recommend/off-policy/logged-page.ts'
import { PROPENSITY_UNITS } from '../src/recommend/pages/page.ts'
import { packExplanation } from '../src/recommend/pages/page-explanation.ts'
import { explain } from '../src/recommend/pages/page-writer.ts'
import { runPipeline } from '../src/recommend/pipeline/pipeline.ts'
import { NO_LEADERBOARDS } from '../src/recommend/policy/leaderboards.ts'
import { completePolicy, DEFAULT_POLICY, type Policy, policyNumber, RANKERS } from '../src/recommend/policy/policy.ts'
import { NO_DIALS, type RankedArticle } from '../src/recommend/ranking-query.ts'
import { insertExploration } from '../src/recommend/select/exploration.ts'
import { createCovisits } from '../src/recommend/sources/covisits.ts'
import { sourceIndexOf } from '../src/recommend/sources/sources.ts'
import { cpuMs } from './report.ts'
import { createNights } from './simulated-nights.ts'
import { STARTED_AT, type WorldArticle } from './simulated-world.ts'

export const PAGE_LENGTH = 10
const CLICKS_REMEMBERED = 50
const UNTAUGHT: Pick<Learner, 'isTrusted' | 'appealOf' | 'hasTrees'> = {
  isTrusted: () => false,
  hasTrees: () => false,
  appealOf: () => new Float64Array(0),
}

/** Before the feed learned, it tried each article a hundred times. */
const BEFORE_LEARNING = completePolicy({ exploration: { showings: 100 } }, 0)

export type Ranking = 'latest' | 'trending' | 'five factors' | 'model' | 'model and nights'
const LEARNS: ReadonlySet<Ranking> = new Set(['model', 'model and nights'])

interface Reader {
  seen: Set<ArticleId>
  clicks: { id: ArticleId; at: number }[]
}

export interface PageWatch {
  /** Is told of each page as its row would say it, and which pages `others` would have served in its place. */
  onPage(row: PageRow, others: ArticleId[][]): void
  others?: readonly Policy[]
}

export function createSimulatedFeed(
  ranking: Ranking,
  policy = ranking === 'five factors' ? BEFORE_LEARNING : DEFAULT_POLICY,
  watch?: PageWatch,
) {
  let now = STARTED_AT
  let lastId = 0n
  const random = createSeededRandom('exploration').next
  const otherRandom = createSeededRandom('exploration of others').next
  const catalogue = createCatalogue(() => now)
  const covisits = createCovisits()
  const learner = createLearner({ seed: 1, findArticle: catalogue.get })
  const readersLike = createReadersLike()
  const published: WorldArticle[] = []
  const nights = ranking === 'model and nights' ? createNights({ learner, readersLike, facts: () => published }) : undefined
  const findWithWords = async () => new Set<ArticleId>()
  const feed = createForYouFeed({
    catalogue,
    covisits,
    readersLike,
    leaderboards: NO_LEADERBOARDS,
    findWithWords,
    learner: LEARNS.has(ranking) ? learner : UNTAUGHT,
  })
  const readers = new Map<string, Reader>()
  const timings: number[] = [] // milliseconds of processor time, so that what else runs on the machine counts little
  let scored = 0

  const readerOf = (key: string): Reader => {
    const known = readers.get(key)
    if (known) return known
    const reader: Reader = { seen: new Set(), clicks: [] }
    readers.set(key, reader)
    return reader
  }

  function learn(entry: Parameters<Learner['apply']>[0]): void {
    if (!LEARNS.has(ranking)) return
    learner.apply(entry)
    nights?.add(entry)
    for (const _ of learner.upkeep());
  }

  async function rank(key: string): Promise<ArticleId[]> {
    const { seen, clicks } = readerOf(key)
    if (ranking === 'latest' || ranking === 'trending') {
      const order =
        ranking === 'latest'
          ? catalogue.newest(RECOMMENDED_CHANNEL)
          : [...catalogue.trending(RECOMMENDED_CHANNEL), ...catalogue.newest(RECOMMENDED_CHANNEL)]
      const page = new Set<ArticleId>()
      for (const { id } of order) {
        if (!seen.has(id)) page.add(id)
        if (page.size === PAGE_LENGTH) break
      }
      return [...page]
    }
    const context = {
      loadedAt: now,
      history: Promise.resolve({ seenIds: seen, recentlyServed: new Map() }),
      interests: Promise.resolve({
        followedIds: new Set<never>(),
        recentClicks: clicks,
        dislikedIds: new Set<ArticleId>(),
        blockedIds: new Set<never>(),
        dials: NO_DIALS,
      }),
    }
    const rankBy = (by: Policy) =>
      runPipeline(feed, { viewerKey: key, channelId: RECOMMENDED_CHANNEL, now, count: RANKED_COUNT, policy: by, context }, SILENT)
    const cut = ({ chosen, ranked }: Awaited<ReturnType<typeof rankBy>>, { exploration }: Policy, random: () => number) => {
      const open = ranked.filter(article => article.from.includes('explore'))
      return insertExploration(chosen.slice(0, PAGE_LENGTH), open, { catalogue, random, share: exploration.share })
    }
    const startedAt = cpuMs()
    const mine = await rankBy(policy)
    timings.push(cpuMs() - startedAt)
    scored += mine.ranked.length
    const shown = cut(mine, policy, random)
    if (watch) {
      const others: ArticleId[][] = []
      for (const other of watch.others ?? []) others.push(cut(await rankBy(other), other, otherRandom).map(({ id }) => id))
      watch.onPage(rowOf(key, mine.chosen, shown), others)
    }
    return shown.map(({ id }) => id)
  }

  const rowOf = (viewer: string, chosen: RankedArticle[], shown: RankedArticle[]): PageRow => ({
    viewer,
    policy: policyNumber(policy.version, shown.find(({ ranker }) => ranker)?.ranker ?? RANKERS.fiveFactors),
    articleIds: shown.map(({ id }) => id),
    sources: shown.map(sourceIndexOf),
    propensity: shown.map(({ propensity = 1 }) => Math.max(1, Math.round(propensity * PROPENSITY_UNITS))),
    why: packExplanation(explain({ funnel: [], articles: chosen }, shown)),
  })

  return {
    /** `continues`: the page before, if this is its continuation. */
    async servePage(key: string, at: number, continues?: { nextCursor: bigint }) {
      now = at
      await nights?.reach(at)
      const articleIds = await rank(key)
      const id = ++lastId as PageId
      const page = { id, articleIds, nextCursor: -id as bigint }
      for (const each of articleIds) {
        catalogue.addImpressions(each, 'shown')
        readerOf(key).seen.add(each)
      }
      learn({
        kind: 'page',
        ...page,
        viewer: key,
        isKnown: true,
        at,
        channelId: RECOMMENDED_CHANNEL,
        continues: continues?.nextCursor ?? null,
      })
      return page
    },
    click(key: string, page: { id: PageId; articleIds: ArticleId[] }, place: number, at: number): void {
      const id = page.articleIds[place] as ArticleId
      const reader = readerOf(key)
      reader.clicks = [{ id, at }, ...reader.clicks].slice(0, CLICKS_REMEMBERED)
      catalogue.addWeight(id, 1, at, true)
      catalogue.addImpressions(id, 'clicks')
      covisits.recordClick(key, id, at)
      learn({ kind: 'behaviour', action: 'click', viewer: key, isKnown: true, articleId: id, pageId: page.id, dwellMs: null, at })
    },
    /** A click that came from no page. */
    clickElsewhere(key: string, id: ArticleId, at: number): void {
      catalogue.addWeight(id, 1, at, true)
      covisits.recordClick(key, id, at)
      const reader = readerOf(key)
      reader.clicks = [{ id, at }, ...reader.clicks].slice(0, CLICKS_REMEMBERED)
      learn({ kind: 'behaviour', action: 'click', viewer: key, isKnown: true, articleId: id, pageId: null, dwellMs: null, at })
    },
    publish(article: WorldArticle): void {
      catalogue.put(article)
      if (nights) published.push(article)
    },
    /** What is trained each night ranks beside the model. */
    useTrained: (model: TrainedModel) => learner.useTrained('live', model),
    hasSeen: (key: string, id: ArticleId) => readerOf(key).seen.has(id),
    timings,
    scoredMean: () => scored / Math.max(1, timings.length),
  }
}

const SILENT = { step() {}, removed() {}, failed: (_step: string, error: unknown) => void process.stderr.write(`${error}\n`) }
