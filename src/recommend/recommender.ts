// Answers "what should this viewer see now". The feed's clock: a timestamp we gave out asks for its page, which never
// changes once served; any other, whatever its value, is a refresh, for the clocks of clients are wrong.

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import type { ChannelId, PageId, ReaderId } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { invalid } from '../base/problem.ts'
import { NOBODY, type Viewer, viewerKey } from '../base/viewer.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue.ts'
import { type Answer, type Ask, COUNT_MAX, type Recommender } from './contract.ts'
import type { Covisits } from './covisits.ts'
import { type Article, type Asked, forYou, type Query, SOURCES, withTrial } from './for-you.ts'
import { observe } from './observer.ts'
import { interestsOf, isReader, knownStamp, type Page, pastOf, sharedList, stillPublished, storePage, whyOf } from './pages.sql.ts'
import { run } from './pipeline.ts'
import { placeOf } from './places.ts'
import type { Remainder, Remainders } from './remainders.ts'
import { createSharedLists } from './shared-lists.ts'
import type { Traces } from './traces.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  clock: Clock
  /** At least 0 and less than 1. */
  random: () => number
  catalogue: Catalogue
  covisits: Covisits
  remainders: Remainders
  traces: Traces
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
// Four pages from one ranking: by then the reader has mostly done something that asks for a new one.
const RANKED_AHEAD = 40
const THOUSANDTHS = 1_000
const ANSWERS_MAX = 5_000 // some 20 MB
const READERS_MAX = 100_000 // ids known to be readers'; one that ceases to be leaves pages behind that harm nobody; some 10 MB

export function createRecommender(needs: Needs): Recommender {
  const { db, newId, clock, random, catalogue, covisits, remainders, traces } = needs
  const watching = observe(needs)
  const pipeline = forYou({
    catalogue,
    covisits,
    async pastOf({ viewer, channelId, continues, place }) {
      if (viewer === undefined) return { passed: new Set(), served: new Map() }
      const past = await pastOf(db, viewer, continues?.scroll, { seenDays: SEEN_DAYS, servedMs: SERVED_MS })
      // Somebody who scrolled in a shared list so far: they signed in meanwhile, or the list stood in for us.
      const shown = place && (await sharedList(db, channelId, place.minute))?.slice(0, place.offset)
      const passed = new Set([...past.passed, ...(continues?.articleIds ?? []), ...(shown ?? [])])
      return { passed, served: new Map(past.served.map((id, turn) => [id, turn])) }
    },
    async interestsOf({ viewer }) {
      if (viewer === undefined) return { follows: new Set(), recent: [], disliked: new Set(), blocked: new Set() }
      const readerId = viewer.startsWith('r') ? (BigInt(viewer.slice(1)) as ReaderId) : undefined
      const { follows, recentIds, recentAt, disliked, blocked } = await interestsOf(db, viewer, readerId, RECENT)
      return {
        follows: new Set(follows),
        recent: recentIds.map((id, i) => ({ id, at: recentAt[i] ?? 0 })),
        disliked: new Set(disliked),
        blocked: new Set(blocked),
      }
    },
  })
  const rank = async (asked: Asked) => {
    const { watch, funnel } = watching()
    return { ...(await run<Asked, Query, Article>(pipeline, asked, watch)), funnel }
  }
  const shared = createSharedLists({ ...needs, rank: async asked => (await rank(asked)).chosen, policy: POLICY })
  // Pages answered lately, signed already: a page never changes, so they need no looking up.
  const answers = new LRUCache<string, Answer>({ max: ANSWERS_MAX, ttl: RETRY_MS })
  const readers = new LRUCache<ReaderId, true>({ max: READERS_MAX })

  /** A reader's id that is no reader's makes its bearer a nobody: over gRPC it comes from outside. */
  async function recognise(viewer: Viewer): Promise<Viewer> {
    if (viewer.kind !== 'reader' || readers.has(viewer.id)) return viewer
    if (!(await isReader(db, viewer.id))) return NOBODY
    readers.set(viewer.id, true)
    return viewer
  }

  async function recommend(ask: Ask): Promise<Answer> {
    check(ask)
    const viewer = viewerKey(await recognise(ask.viewer))
    if (viewer === undefined) return shared.recommend(ask)
    const lately = answers.get(keyOf(viewer, ask.channelId, ask.stamp))
    if (lately && !ask.explain) return shownNow(lately) ?? recommend({ ...ask, stamp: lately.stamp })
    const remainder = remainders.take(viewer, ask)
    const next = remainder && (await servePage(viewer, ask, remainder.page, remainder))
    if (next) return { ...next, source: 'remainder' }
    for (let tries = STORE_TRIES; ; tries--) {
      const known = await knownStamp(db, viewer, ask.channelId, ask.stamp, RETRY_MS)
      if (known?.kind === 'stored') {
        const answer = await reread(viewer, ask, known.page)
        // All that stood on it has been withdrawn since: what came after it stands for it.
        return answer ?? recommend({ ...ask, stamp: Number(known.page.older) })
      }
      const answer = await rankPage(viewer, ask, known?.page)
      if (answer) return answer
      if (tries === 1) throw new Error('no page could be stored')
    }
  }

  async function rankPage(viewer: string, ask: Ask, continues: Page | undefined): Promise<Answer | undefined> {
    const count = Math.max(ask.count, RANKED_AHEAD)
    const at = clock()
    const { chosen, ranked, funnel } = await rank({
      viewer,
      channelId: ask.channelId,
      count,
      now: at,
      continues,
      place: continues ? undefined : placeOf(ask.stamp, at),
    })
    if (chosen.length === 0) return { exposure: '', stamp: 0, items: [] }
    const trials = ranked.filter(article => article.from.includes('explore'))
    return servePage(viewer, ask, continues, { left: chosen, trials, funnel, at })
  }

  /**
   * Cuts a page off a ranking, stores it and keeps the rest. Undefined when it could not be stored: another request was
   * quicker, or an article was withdrawn meanwhile.
   */
  async function servePage(
    viewer: string,
    ask: Ask,
    continues: Page | undefined,
    ranking: Omit<Remainder, 'page'>,
  ): Promise<Answer | undefined> {
    const { channelId } = ask
    const chosen = withTrial(ranking.left.slice(0, ask.count), ranking.trials, catalogue, random)
    const page = await storePage(db, {
      id: newId() as PageId,
      viewer,
      channelId,
      continues: continues && { scroll: continues.scroll, stamp: BigInt(ask.stamp) },
      asked: ask.stamp,
      retryMs: RETRY_MS,
      now: clock(),
      articleIds: chosen.map(article => article.id),
      sources: chosen.map(sourceOf),
      propensity: chosen.map(({ propensity = 1 }) => Math.max(1, Math.round(propensity * THOUSANDTHS))),
      policy: POLICY,
      why: { funnel: ranking.funnel, items: chosen.map(({ from, factors }) => ({ from, factors: rounded(factors) })) },
    })
    if (!page) return forgetWithdrawn(chosen)
    const served = new Set(page.articleIds)
    for (const id of served) catalogue.met(id, 'shown')
    const unserved = (articles: Article[]) => articles.filter(article => !served.has(article.id))
    remainders.put(viewer, channelId, { ...ranking, page, left: unserved(ranking.left), trials: unserved(ranking.trials) })
    const answer = await answerOf(viewer, ask, page)
    // Under the number the client sent: on a refresh only as long as the same again is a retry, as in the rows.
    if (!ask.explain) answers.set(keyOf(viewer, channelId, ask.stamp), answer, { ttl: RETRY_MS })
    return answer
  }

  /** A stored page once more, without what has been withdrawn since; undefined when nothing is left of it. */
  async function reread(viewer: string, ask: Ask, page: Page): Promise<Answer | undefined> {
    const answer = await answerOf(viewer, ask, page)
    if (!ask.explain) answers.set(keyOf(viewer, ask.channelId, ask.stamp), answer, { ttl: Math.max(1, RETRY_MS - (clock() - page.madeAt)) })
    return shownNow(answer)
  }

  function shownNow(answer: Answer): Answer | undefined {
    if (answer.items.every(item => catalogue.get(item.articleId))) return answer
    const items = answer.items.filter(item => catalogue.get(item.articleId))
    return items.length > 0 ? { ...answer, items } : undefined
  }

  /** The catalogue is a step behind the rows: what it should not have offered is taken out of it at once. */
  async function forgetWithdrawn(chosen: Article[]): Promise<undefined> {
    const ids = chosen.map(article => article.id)
    const published = await stillPublished(db, ids)
    for (const id of ids) if (!published.has(id)) catalogue.remove(id)
  }

  async function answerOf(viewer: string, { channelId, explain }: Ask, page: Page): Promise<Answer> {
    const sign = traces.page({ pageId: page.id, channelId, policy: page.policy, viewer, issuedAt: page.madeAt })
    const why = explain ? await whyOf(db, page.id) : undefined
    const items = page.articleIds.map((articleId, position) => {
      const propensity = (page.propensity[position] ?? THOUSANDTHS) / THOUSANDTHS
      const track = sign.track({ articleId, position, source: page.sources[position] ?? 0, propensity })
      const reasons = why?.items[position]
      return { articleId, track, ...(reasons && { why: { sources: reasons.from, factors: reasons.factors } }) }
    })
    return { exposure: sign.exposure, stamp: Number(page.older), items, ...(why && { funnel: why.funnel }) }
  }

  return { recommend }
}

const keyOf = (viewer: string, channelId: ChannelId, stamp: number) => `${viewer} ${channelId} ${stamp}`

function check({ channelId, count, stamp }: Ask): void {
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`article_num must be from 1 to ${COUNT_MAX}`)
  if (!Number.isInteger(channelId) || channelId < 0) throw invalid('channel_id must be 0 or more')
  if (!Number.isSafeInteger(stamp) || stamp < 0) throw invalid('time_stamp must be milliseconds since 1970')
}

function sourceOf(article: Article): number {
  return Math.max(0, SOURCES.indexOf(article.from[0] as (typeof SOURCES)[number]))
}

/** Three digits say all that a person asks of a factor. */
function rounded(factors: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(factors).map(([name, factor]) => [name, Number(factor.toPrecision(3))]))
}
