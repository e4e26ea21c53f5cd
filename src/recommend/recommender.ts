// Answers "what should this viewer see now". The feed's clock: a timestamp we gave out asks for its page, which never
// changes once served; any other, whatever its value, is a refresh, for the clocks of clients are wrong.

import { LRUCache } from 'lru-cache'
import { createBatcher } from '../base/batcher.ts'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import type { ChannelId, PageId, ReaderId } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { invalid } from '../base/problem.ts'
import { ANONYMOUS, type Viewer } from '../base/viewer.ts'
import { readerIdOf, viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { COUNT_MAX, type Recommender, type RecommendRequest, type RecommendResponse } from './contract.ts'
import { createExplain, type Explain } from './explain/explain.ts'
import {
  createForYouFeed,
  type RankedArticle,
  type RankingQuery,
  type RankingRequest,
  SOURCES,
  type ViewerContext,
  withTrial,
} from './feeds/for-you.ts'
import {
  interestsOf,
  isReader,
  type Known,
  knownStamp,
  type NewPage,
  type Page,
  pastOf,
  stillPublished,
  storePages,
  whyOf,
} from './pages/pages.sql.ts'
import type { RankedBuffer, RankedBuffers } from './pages/ranked-buffer.ts'
import { noteSeen } from './pages/seen.sql.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { createPipelineObserver } from './pipeline/pipeline-observer.ts'
import { placeOf } from './shared-lists/list-cursor.ts'
import { sharedList } from './shared-lists/shared-lists.sql.ts'
import { createSharedLists } from './shared-lists/shared-lists.ts'
import type { Covisits } from './sources/covisits.ts'
import type { TokenSigner } from './tracking-tokens.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  clock: Clock
  /** At least 0 and less than 1. */
  random: () => number
  catalogue: Catalogue
  covisits: Covisits
  remainders: RankedBuffers
  traces: TokenSigner
  metrics: Metrics
  log: Log
}

/** The one way of ranking there is so far; traces carry it, so that what is learnt later knows what it learns from. */
export const POLICY = 1

const RETRY_MS = 2 * MINUTE
export const SEEN_DAYS = 30
export const SERVED_MS = 2 * HOUR
const RECENT = { days: 14, most: 50 }
// Each further try means that an article was withdrawn, or another request stored its page, in that very moment.
const STORE_TRIES = 8
// Eight pages from one ranking: by then the reader has mostly done something that asks for a new one.
const RANKED_AHEAD = 80
// While one statement waits for the disk another is worked on; more would only share the same two cores.
const STORE = { concurrency: 2, batchSizeMax: 32 }
// A hundred pages: nobody scrolls further in one list, and whoever makes up a place far down in it fills no table with it.
const NOTED_MOST = 1_000
const THOUSANDTHS = 1_000
const ANSWERS_MAX = 5_000 // some 20 MB
const READERS_MAX = 100_000 // ids known to be readers'; one that ceases to be leaves pages behind that harm nobody; some 10 MB

export function createRecommender(needs: Needs): Recommender & { explain: Explain } {
  const { db, newId, clock, random, catalogue, covisits, remainders, traces } = needs
  const watching = createPipelineObserver(needs)
  const pipeline = createForYouFeed({ catalogue, covisits })
  const store = createBatcher<NewPage, Page | undefined>(pages => storePages(db, pages), STORE)

  /** Begins to look up what is known of a viewer, for whom a page after `stamp` may have to be ranked. */
  function lookUp(viewer: string, { channelId, cursor: stamp }: Pick<RecommendRequest, 'channelId' | 'stamp'>): ViewerContext {
    return bothHandled({ at: clock(), past: pastFor(viewer, channelId, stamp), interests: interestsFor(viewer) })
  }

  async function pastFor(viewer: string, channelId: ChannelId, stamp: number): Promise<Awaited<ViewerContext['past']>> {
    // Somebody who scrolled in a shared list so far: they signed in meanwhile, or the list stood in for us.
    const place = placeOf(stamp, clock())
    const [past, list] = await Promise.all([
      pastOf(db, { viewer, channelId, stamp }, { seenDays: SEEN_DAYS, servedMs: SERVED_MS }),
      place && sharedList(db, channelId, place.minute),
    ])
    const before = list?.slice(0, place?.offset) ?? []
    // From here on the numbers are ours again, and do not say it any more.
    if (before.length > 0) await noteSeen(db, viewer, before.slice(-NOTED_MOST))
    const passed = new Set([...past.passed, ...before])
    return { passed, served: new Map(past.served.map((id, turn) => [id, turn])) }
  }

  async function interestsFor(viewer: string): Promise<Awaited<ViewerContext['interests']>> {
    const readerId = readerIdOf(viewer)
    const { follows, recentIds, recentAt, disliked, blocked } = await interestsOf(db, viewer, readerId, RECENT)
    return {
      follows: new Set(follows),
      recent: recentIds.map((id, i) => ({ id, at: recentAt[i] ?? 0 })),
      disliked: new Set(disliked),
      blocked: new Set(blocked),
    }
  }

  const rank = async (asked: RankingRequest) => {
    const { watch, funnel } = watching()
    return { ...(await runPipeline<RankingRequest, RankingQuery, RankedArticle>(pipeline, asked, watch)), funnel }
  }
  const shared = createSharedLists({ ...needs, rank: async asked => (await rank(asked)).chosen, policy: POLICY })
  // Pages answered lately, signed already: a page never changes, so they need no looking up.
  const answers = new LRUCache<string, RecommendResponse>({ max: ANSWERS_MAX, ttl: RETRY_MS })
  const readers = new LRUCache<ReaderId, true>({ max: READERS_MAX })

  /** A reader's id that is no reader's makes its bearer a nobody: over gRPC it comes from outside. */
  async function recognise(viewer: Viewer): Promise<Viewer> {
    if (viewer.kind !== 'reader' || readers.has(viewer.id)) return viewer
    if (!(await isReader(db, viewer.id))) return ANONYMOUS
    readers.set(viewer.id, true)
    return viewer
  }

  async function recommend(ask: RecommendRequest): Promise<RecommendResponse> {
    check(ask)
    const viewer = viewerKeyOf(await recognise(ask.viewer))
    if (viewer === undefined) return shared.recommend(ask)
    const lately = answers.get(keyOf(viewer, ask.channelId, ask.cursor))
    if (lately && !ask.explain) return shownNow(lately) ?? recommend({ ...ask, cursor: lately.nextCursor })
    const remainder = remainders.take(viewer, ask)
    const next = remainder && remainder.left.length > 0 && (await servePage(viewer, ask, remainder.page, remainder, remainder.page))
    if (next) return { ...next, source: 'remainder' }
    for (let tries = STORE_TRIES; ; tries--) {
      // What the number means and who is asking are looked up side by side: a refresh needs both. Where a scroll goes on
      // from what this process ranked, the first is known.
      const about = lookUp(viewer, ask)
      const goesOn = tries === STORE_TRIES && remainder?.left.length === 0
      const known: Known | undefined = goesOn
        ? { kind: 'continued', page: remainder.page }
        : await knownStamp(db, viewer, ask.channelId, ask.cursor, RETRY_MS)
      if (known?.kind === 'stored') {
        const answer = await reread(viewer, ask, known.page)
        // All that stood on it has been withdrawn since: what came after it stands for it.
        return answer ?? recommend({ ...ask, cursor: Number(known.page.older) })
      }
      const answer = await rankPage(viewer, ask, known?.page, about)
      if (answer) return answer
      if (tries === 1) throw new Error('no page could be stored')
    }
  }

  async function rankPage(
    viewer: string,
    ask: RecommendRequest,
    continues: Page | undefined,
    about: ViewerContext,
  ): Promise<RecommendResponse | undefined> {
    const count = Math.max(ask.count, RANKED_AHEAD)
    const { at } = about
    const rankBesides = (besides: RecommendRequest['excludeIds']) =>
      rank({ viewer, channelId: ask.channelId, count, now: at, continues, about, besides })
    const last = (continues && ask.deprioritizedIds) || []
    let ranking = await rankBesides([...(ask.excludeIds ?? []), ...last])
    if (last.length > 0 && ranking.chosen.length === 0) ranking = await rankBesides(ask.excludeIds)
    const { chosen, ranked, funnel } = ranking
    if (chosen.length === 0) return { exposureToken: '', nextCursor: 0, isFirstPage: !continues, items: [] }
    const trials = ranked.filter(article => article.from.includes('explore'))
    return servePage(viewer, ask, continues, { left: chosen, trials, funnel, at })
  }

  /**
   * Cuts a page off a ranking, stores it and keeps the rest. Undefined when it could not be stored: another request was
   * quicker, an article was withdrawn, or another process has served this viewer since it was ranked.
   */
  async function servePage(
    viewer: string,
    ask: RecommendRequest,
    continues: Page | undefined,
    ranking: Omit<RankedBuffer, 'page'>,
    rankedFor?: Page,
  ): Promise<RecommendResponse | undefined> {
    const { channelId } = ask
    const chosen = withTrial(ranking.left.slice(0, ask.count), ranking.trials, catalogue, random)
    const page = await store({
      id: newId() as PageId,
      viewer,
      channelId,
      continues: continues && { scroll: continues.scroll, stamp: BigInt(ask.cursor) },
      asked: ask.cursor,
      retryMs: RETRY_MS,
      now: clock(),
      rankedFor,
      articleIds: chosen.map(article => article.id),
      sources: chosen.map(sourceOf),
      propensity: chosen.map(({ propensity = 1 }) => Math.max(1, Math.round(propensity * THOUSANDTHS))),
      policy: POLICY,
      why: { funnel: ranking.funnel, items: chosen.map(({ from, factors }) => ({ from, factors })) },
    })
    if (!page) return forgetWithdrawn(chosen)
    const served = new Set(page.articleIds)
    for (const id of served) catalogue.met(id, 'shown')
    const unserved = (articles: RankedArticle[]) => articles.filter(article => !served.has(article.id))
    remainders.put(viewer, channelId, { ...ranking, page, left: unserved(ranking.left), trials: unserved(ranking.trials) })
    const answer = await answerOf(viewer, ask, page)
    // Under the number the client sent: on a refresh only as long as the same again is a retry, as in the rows.
    if (!ask.explain) answers.set(keyOf(viewer, channelId, ask.cursor), answer, { ttl: RETRY_MS })
    return answer
  }

  /** A stored page once more, without what has been withdrawn since; undefined when nothing is left of it. */
  async function reread(viewer: string, ask: RecommendRequest, page: Page): Promise<RecommendResponse | undefined> {
    const answer = await answerOf(viewer, ask, page)
    if (!ask.explain)
      answers.set(keyOf(viewer, ask.channelId, ask.cursor), answer, { ttl: Math.max(1, RETRY_MS - (clock() - page.madeAt)) })
    return shownNow(answer)
  }

  function shownNow(answer: RecommendResponse): RecommendResponse | undefined {
    if (answer.items.every(item => catalogue.get(item.articleId))) return answer
    const items = answer.items.filter(item => catalogue.get(item.articleId))
    return items.length > 0 ? { ...answer, items } : undefined
  }

  /** The catalogue is a step behind the rows: what it should not have offered is taken out of it at once. */
  async function forgetWithdrawn(chosen: RankedArticle[]): Promise<undefined> {
    const ids = chosen.map(article => article.id)
    const published = await stillPublished(db, ids)
    for (const id of ids) if (!published.has(id)) catalogue.remove(id)
  }

  async function answerOf(viewer: string, { channelId, explain }: RecommendRequest, page: Page): Promise<RecommendResponse> {
    const sign = traces.forPage({ pageId: page.id, channelId, policy: page.policy, viewer, issuedAt: page.madeAt })
    const why = explain ? await whyOf(db, page.id) : undefined
    const items = page.articleIds.map((articleId, position) => {
      const propensity = (page.propensity[position] ?? THOUSANDTHS) / THOUSANDTHS
      const track = sign.track({ articleId, position, source: page.sources[position] ?? 0, propensity })
      const reasons = why?.items[position]
      return { articleId, track, ...(reasons && { why: { sources: reasons.from, factors: reasons.factors } }) }
    })
    const begins = page.scroll === page.id
    return { exposureToken: sign.exposure, nextCursor: Number(page.older), isFirstPage: begins, items, ...(why && { funnel: why.funnel }) }
  }

  // A number that was never given out: what is asked about is a refresh.
  const explain = createExplain({
    db,
    pipeline,
    count: RANKED_AHEAD,
    clock,
    lookUp: (viewer, channelId) => lookUp(viewer, { channelId, cursor: 0 }),
  })
  return { recommend, explain }
}

const keyOf = (viewer: string, channelId: ChannelId, stamp: number) => `${viewer} ${channelId} ${stamp}`

function check({ channelId, count, cursor: stamp }: RecommendRequest): void {
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`article_num must be from 1 to ${COUNT_MAX}`)
  if (!Number.isInteger(channelId) || channelId < 0) throw invalid('channel_id must be 0 or more')
  if (!Number.isSafeInteger(stamp) || stamp < 0) throw invalid('time_stamp must be milliseconds since 1970')
}

/** What fails before anybody waits for it, or when nobody ever will, is no failure of the process. */
function bothHandled(about: ViewerContext): ViewerContext {
  about.past.catch(() => {})
  about.interests.catch(() => {})
  return about
}

function sourceOf(article: RankedArticle): number {
  return Math.max(0, SOURCES.indexOf(article.from[0] as (typeof SOURCES)[number]))
}
