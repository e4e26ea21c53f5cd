// Every published article in memory, as ranking needs it: by age and by trending score for each channel, by age for each
// author. The consumer loads it from the rows and keeps it current.

import type { Clock } from '../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import { PINNED_SHOWN_MAX } from '../contract.ts'
import { createAgeOrders } from './age-orders.ts'
import { createArticleWeights, type SavedWeights, type Weights } from './article-weights.ts'
import { createTrendingOrder } from './trending-order.ts'

export interface ArticleFacts {
  id: ArticleId
  authorId: ReaderId
  channelId: ChannelId
  /** Milliseconds since 1970. */
  publishedAt: number
  /** Of its title. */
  language: Language
}

/** How often an article was on a page, and clicked. */
export interface ImpressionStats {
  shown: number
  clicks: number
}

export interface Catalogue {
  get(id: ArticleId): ArticleFacts | undefined
  /** The facts of those articles that are in the catalogue. */
  factsOf(ids: Iterable<ArticleId>): Iterable<ArticleFacts>
  put(facts: ArticleFacts): void
  /** For many articles, each given once: each list is sorted once. */
  putAll(facts: Iterable<ArticleFacts>): void
  remove(id: ArticleId): void
  /** The articles of a channel, or those of them in one language, newest first; channel 0 has all. */
  newest(channelId: ChannelId, language?: Language): Iterable<ArticleFacts>
  /** The articles of an author, newest first. */
  byAuthor(authorId: ReaderId): Iterable<ArticleFacts>
  /** The articles of a channel with a trending score, highest first. */
  trending(channelId: ChannelId): Iterable<ArticleFacts>
  /** Adds an action to an article's trending score; `weight` is in clicks. Of viewers who are not known, all count for little. */
  addWeight(id: ArticleId, weight: number, at: number, isKnown: boolean): void
  /** Before all are added again, with other weights. */
  clearWeights(): void
  /** In clicks made at this moment: one made a half-life ago counts 0.5. */
  trendingScore(id: ArticleId, at: number): number
  /** The same of articles that were taken from the catalogue: for many of them at one moment, without looking for each. */
  trendingScoresAt(at: number): (facts: ArticleFacts) => number
  addImpressions(id: ArticleId, kind: keyof ImpressionStats, count?: number): void
  /** An article that was taken from the catalogue is on one more page. */
  noteShown(facts: ArticleFacts): void
  impressionStats(id: ArticleId): ImpressionStats
  /** The same of an article that was taken from the catalogue. */
  impressionStatsOf(facts: ArticleFacts): Readonly<ImpressionStats>
  /** The articles of a channel that were shown fewer times than `showings`, newest first. */
  hardlyShown(channelId: ChannelId, showings: number): Iterable<ArticleFacts>
  setPinned(pinned: ReadonlyMap<ChannelId, readonly ArticleId[]>): void
  /** What is pinned above a channel, the first on top. */
  pinned(channelId: ChannelId): readonly ArticleId[]
  /** When the channel last got an article. Milliseconds since 1970; 0 if it never did. */
  lastNewsAt(channelId: ChannelId): number
  size(): number
  save(): SavedCatalogue
  /** Into an empty catalogue. */
  restore(saved: SavedCatalogue): void
}

/** As a snapshot has it, without what is pinned: the oldest first. */
export interface SavedCatalogue {
  articles: { ids: BigInt64Array; authorIds: BigInt64Array; channelIds: Int32Array; publishedAt: Float64Array; isChinese: Uint8Array }
  impressions: { ids: BigInt64Array; shown: Int32Array; clicks: Int32Array }
  weights: SavedWeights
}

/** What the catalogue holds beside the facts: a ranking asks for it of hundreds of articles, and a look-up by id costs more than all else. */
interface Article extends ArticleFacts {
  weights: Weights | undefined
  stats: ImpressionStats | undefined
  /** It was removed, or replaced by another object. */
  isGone: boolean
}

const NEVER_SHOWN: Readonly<ImpressionStats> = { shown: 0, clicks: 0 }
const KEYS = ['channelId', 'publishedAt', 'authorId', 'language'] as const

export function createCatalogue(clock: Clock): Catalogue {
  const articles = new Map<ArticleId, Article>()
  const orders = createAgeOrders<Article>(clock)
  let allPinned: ReadonlyMap<ChannelId, readonly ArticleId[]> = new Map()
  const stats = new Map<ArticleId, ImpressionStats>()
  const weights = createArticleWeights({
    clock,
    isKept: id => articles.has(id),
    onRebase() {
      for (const id of stats.keys()) if (!articles.has(id)) stats.delete(id)
    },
  })

  const trending = createTrendingOrder({ clock, weights, find: id => articles.get(id), isCurrent: facts => !(facts as Article).isGone })

  function remove(id: ArticleId): void {
    const facts = articles.get(id)
    if (!facts) return
    facts.isGone = true
    articles.delete(id)
    orders.remove(facts)
  }

  /** Replaces what is known of an article, which is then in no list. Undefined if it is known like this. */
  function replace({ id, authorId, channelId, publishedAt, language }: ArticleFacts): Article | undefined {
    const article = {
      id,
      authorId,
      channelId,
      publishedAt,
      language,
      weights: weights.find(id),
      stats: stats.get(id),
      isGone: false,
    }
    const known = articles.get(id)
    if (known && KEYS.every(key => known[key] === article[key])) return undefined
    if (known) remove(id)
    articles.set(id, article)
    trending.noteChange(id)
    return article
  }

  function statsOf(id: ArticleId): ImpressionStats {
    let known = stats.get(id)
    if (!known) stats.set(id, (known = { shown: 0, clicks: 0 }))
    const article = articles.get(id)
    if (article) article.stats = known
    return known
  }

  function putAll(all: Iterable<ArticleFacts>): void {
    orders.addAll(Array.from(all).flatMap(facts => replace(facts) ?? []))
  }

  return {
    get: id => articles.get(id),
    *factsOf(ids) {
      for (const id of ids) {
        const facts = articles.get(id)
        if (facts) yield facts
      }
    },
    put(facts) {
      const article = replace(facts)
      if (article) orders.add(article)
    },
    putAll,
    remove,
    newest: orders.newest,
    byAuthor: orders.byAuthor,
    trending: trending.of,
    addWeight(id, weight, at, isKnown) {
      const sums = weights.add(id, weight, at, isKnown)
      const article = articles.get(id)
      if (article) article.weights = sums
      trending.noteChange(id)
    },
    clearWeights() {
      weights.clear()
      trending.noteChange()
    },
    trendingScore: weights.at,
    trendingScoresAt(at) {
      const weigh = weights.weigherAt(at)
      return facts => weigh((facts as Article).weights)
    },
    addImpressions(id, kind, count = 1) {
      statsOf(id)[kind] += count
    },
    noteShown(facts) {
      const known = (facts as Article).stats ?? statsOf(facts.id)
      known.shown++
    },
    impressionStats: id => stats.get(id) ?? { shown: 0, clicks: 0 },
    impressionStatsOf: facts => (facts as Article).stats ?? NEVER_SHOWN,
    hardlyShown: orders.hardlyShown,
    setPinned(pinned) {
      allPinned = pinned
    },
    pinned: channelId => (allPinned.get(channelId) ?? []).filter(id => articles.has(id)).slice(0, PINNED_SHOWN_MAX),
    lastNewsAt: orders.lastNewsAt,
    size: () => articles.size,
    save() {
      const byAge = orders.all()
      const counts = [...stats.values()]
      return {
        articles: {
          ids: BigInt64Array.from(byAge, facts => facts.id),
          authorIds: BigInt64Array.from(byAge, facts => facts.authorId),
          channelIds: Int32Array.from(byAge, facts => facts.channelId),
          publishedAt: Float64Array.from(byAge, facts => facts.publishedAt),
          isChinese: Uint8Array.from(byAge, facts => Number(facts.language === 'zh')),
        },
        impressions: {
          ids: BigInt64Array.from(stats.keys()),
          shown: Int32Array.from(counts, ({ shown }) => shown),
          clicks: Int32Array.from(counts, ({ clicks }) => clicks),
        },
        weights: weights.save(),
      }
    },
    restore({ articles: saved, impressions, weights: savedWeights }) {
      for (const [i, id] of impressions.ids.entries())
        stats.set(id as ArticleId, { shown: impressions.shown[i] as number, clicks: impressions.clicks[i] as number })
      weights.restore(savedWeights)
      putAll(factsOf(saved)) // after what they refer to
      trending.noteChange()
    },
  }
}

function* factsOf({ ids, authorIds, channelIds, publishedAt, isChinese }: SavedCatalogue['articles']): Generator<ArticleFacts> {
  for (const [i, id] of ids.entries())
    yield {
      id: id as ArticleId,
      authorId: authorIds[i] as ReaderId,
      channelId: channelIds[i] as ChannelId,
      publishedAt: publishedAt[i] as number,
      language: isChinese[i] ? 'zh' : 'en',
    }
}
