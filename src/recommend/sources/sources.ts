// Where candidates come from. Each source yields article ids from memory, and skips those that a filter would remove, so
// that it finds what there is however far the viewer has scrolled.

import { DAY } from '../../base/clock.ts'
import { type ArticleId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'
import type { ReadersLike } from '../factors/readers-like.ts'
import { isVisible } from '../filters.ts'
import type { Source } from '../pipeline/pipeline.ts'
import type { Leaderboards } from '../policy/leaderboards.ts'
import type { Policy } from '../policy/policy.ts'
import type { SourceName } from '../policy/policy-schema.ts'
import type { RankedArticle, RankingQuery } from '../ranking-query.ts'
import { SOURCE_NAMES } from './source-names.ts'

export const sourceIndexOf = (article: RankedArticle): number =>
  Math.max(0, SOURCE_NAMES.indexOf(article.from[0] as (typeof SOURCE_NAMES)[number]))

// Enough to choose ten well from, few enough to rank in a fraction of a millisecond.
export const PER_SOURCE = 200
const PER_AUTHOR = 5
const COLLABORATIVE_MAX = 100
const PER_INTEREST = 20 // two pages of each
const EXPLORE_MAX = 50
// Of a list that has no order of its own for each language: to walk through so many took 0.6 ms on two busy cores.
const LOOKED_AT_MAX = 5_000
// An article two days old is no longer new.
const EXPLORE_AGE_MAX_MS = 2 * DAY

export interface SourceNeeds {
  catalogue: Catalogue
  readersLike: Pick<ReadersLike, 'next'>
  leaderboards: Pick<Leaderboards, 'of'>
}

/** Without these a feed would end while something is left: with a weight of 0 their articles come last. */
const ALWAYS_ASKED = new Set(['fresh', 'rest'])

export function createSources(needs: SourceNeeds): Record<string, Source<RankingQuery>> {
  const weighed = Object.entries(allSources(needs)).map(([name, source]): [string, Source<RankingQuery>] => [
    name,
    query => (query.policy.sources[name as SourceName] === 0 && !ALWAYS_ASKED.has(name) ? [] : source(query)),
  ])
  return Object.fromEntries(weighed)
}

const allSources = ({ catalogue, readersLike, leaderboards }: SourceNeeds): Record<string, Source<RankingQuery>> => ({
  following: query => [...query.followedIds].flatMap(author => [...unserved(catalogue.byAuthor(author), query, PER_AUTHOR)]),
  covisited: query => query.covisited.keys(),
  collaborative: query => {
    const clicked = query.recentClicks.map(({ id }) => id)
    const isOpen = (id: ArticleId) =>
      !query.seenIds.has(id) && (catalogue.get(id)?.channelId === query.channelId || query.channelId === RECOMMENDED_CHANNEL)
    return unserved(catalogue.factsOf(readersLike.next(clicked, PER_SOURCE, isOpen)), query, COLLABORATIVE_MAX)
  },
  interests: query =>
    query.channelId === RECOMMENDED_CHANNEL
      ? [...query.dials.interests].flatMap(channel => [
          ...ownLanguageFirst(language => catalogue.newest(channel, language), query, PER_INTEREST),
        ])
      : [],
  trending: query => {
    const all = () => catalogue.trending(query.channelId)
    return ownLanguageFirst(language => (language ? inOwnLanguage(all(), query) : all()), query, PER_SOURCE)
  },
  fresh: query => ownLanguageFirst(language => catalogue.newest(query.channelId, language), query, PER_SOURCE),
  explore: query =>
    query.viewerKey === undefined ? [] : unserved(inOwnLanguage(hardlyShown(catalogue, query, query.policy), query), query, EXPLORE_MAX),
  leaderboard: query =>
    leaderboards
      .of(query.policy)
      .flatMap(({ articles, size }) => [...unserved(catalogue.factsOf(articles.values().map(({ id }) => id)), query, size)]),
  // Served lately and perhaps not seen: `select` puts these after all others, so that the feed ends only when nothing is left.
  rest: query => take(catalogue.factsOf(query.recentlyServed.keys()), query, PER_SOURCE),
})

/** New articles with few impressions, newest first. */
export function* hardlyShown(
  catalogue: Catalogue,
  { channelId, now }: Pick<RankingQuery, 'channelId' | 'now'>,
  { exploration }: Policy,
): Generator<ArticleFacts> {
  for (const facts of catalogue.newest(channelId)) {
    if (now - facts.publishedAt > EXPLORE_AGE_MAX_MS) return
    if (catalogue.impressionStats(facts.id).shown < exploration.showings) yield facts
  }
}

/** Of a viewer who has chosen a language, as many articles of it as the list has, then the others. */
function* ownLanguageFirst(
  list: (language?: Language) => Iterable<ArticleFacts>,
  query: RankingQuery,
  limit: number,
): Generator<ArticleId> {
  const { language } = query.dials
  const own = language === undefined ? [] : [...unserved(list(language), query, limit)]
  yield* own
  if (own.length === limit) return
  const found = new Set(own)
  yield* take(list(), query, limit - own.length, id => !query.recentlyServed.has(id) && !found.has(id))
}

/** All, if the viewer has chosen no language; else those among the first of the list. */
function* inOwnLanguage(articles: Iterable<ArticleFacts>, { dials }: RankingQuery): Generator<ArticleFacts> {
  let left = LOOKED_AT_MAX
  for (const facts of articles) {
    if (dials.language === undefined || dials.language === facts.language) yield facts
    if (--left === 0) return
  }
}

const unserved = (articles: Iterable<ArticleFacts>, query: RankingQuery, limit: number) =>
  take(articles, query, limit, id => !query.recentlyServed.has(id))

function* take(
  articles: Iterable<ArticleFacts>,
  query: RankingQuery,
  limit: number,
  isWanted: (id: ArticleId) => boolean = () => true,
): Generator<ArticleId> {
  let left = limit
  for (const facts of articles) {
    if (query.seenIds.has(facts.id) || !isWanted(facts.id) || !isVisible({ facts }, query)) continue
    yield facts.id
    if (--left === 0) return
  }
}
