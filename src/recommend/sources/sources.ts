// Where candidates come from. Each source gives articles of the catalogue, and skips those that a filter would remove, so
// that it finds what there is however far the viewer has scrolled.

import { DAY } from '../../base/clock.ts'
import { type ArticleId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'
import type { ReadersLike } from '../factors/readers-like.ts'
import { visibleTo } from '../filters.ts'
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

type ArticleSource = Source<RankingQuery, ArticleFacts>

export function createSources(needs: SourceNeeds): Record<string, ArticleSource> {
  const weighed = Object.entries(allSources(needs)).map(([name, source]): [string, ArticleSource] => [
    name,
    query => (query.policy.sources[name as SourceName] === 0 && !ALWAYS_ASKED.has(name) ? [] : source(query)),
  ])
  return Object.fromEntries(weighed)
}

const allSources = ({ catalogue, readersLike, leaderboards }: SourceNeeds): Record<string, ArticleSource> => ({
  following: query => {
    const isWanted = unservedTo(query)
    return Array.from(query.followedIds).flatMap(author => take(catalogue.byAuthor(author), PER_AUTHOR, isWanted))
  },
  covisited: query => Array.from(query.covisited.keys()),
  collaborative: query => {
    const { channelId, seenIds } = query
    const isInChannel = (id: ArticleId) => channelId === RECOMMENDED_CHANNEL || catalogue.get(id)?.channelId === channelId
    const clicked = query.recentClicks.map(({ id }) => id)
    const found = readersLike.next(clicked, PER_SOURCE, id => !seenIds.has(id) && isInChannel(id))
    return take(catalogue.factsOf(found), COLLABORATIVE_MAX, unservedTo(query))
  },
  interests: query =>
    query.channelId === RECOMMENDED_CHANNEL
      ? Array.from(query.dials.interests).flatMap(channel =>
          ownLanguageFirst(language => catalogue.newest(channel, language), query, PER_INTEREST),
        )
      : [],
  trending: query => {
    const all = () => catalogue.trending(query.channelId)
    return ownLanguageFirst(language => (language ? inOwnLanguage(all(), query) : all()), query, PER_SOURCE)
  },
  fresh: query => ownLanguageFirst(language => catalogue.newest(query.channelId, language), query, PER_SOURCE),
  explore: query =>
    query.viewerKey === undefined
      ? []
      : take(inOwnLanguage(hardlyShown(catalogue, query, query.policy), query), EXPLORE_MAX, unservedTo(query)),
  leaderboard: query => {
    const isWanted = unservedTo(query)
    return leaderboards
      .of(query.policy)
      .flatMap(({ articles, size }) => take(catalogue.factsOf(articles.values().map(({ id }) => id)), size, isWanted))
  },
  // Served lately and perhaps not seen: `select` puts these after all others, so that the feed ends only when nothing is left.
  rest: query => take(catalogue.factsOf(query.recentlyServed.keys()), PER_SOURCE, openTo(query)),
})

/** New articles with few impressions, newest first. */
export function* hardlyShown(
  catalogue: Catalogue,
  { channelId, now }: Pick<RankingQuery, 'channelId' | 'now'>,
  { exploration }: Policy,
): Generator<ArticleFacts> {
  for (const facts of catalogue.hardlyShown(channelId, exploration.showings)) {
    if (now - facts.publishedAt > EXPLORE_AGE_MAX_MS) return
    yield facts
  }
}

/** Of a viewer who has chosen a language, as many articles of it as the list has, then the others. */
function ownLanguageFirst(list: (language?: Language) => Iterable<ArticleFacts>, query: RankingQuery, limit: number): ArticleFacts[] {
  const { language } = query.dials
  const isWanted = unservedTo(query)
  if (language === undefined) return take(list(), limit, isWanted)
  const own = take(list(language), limit, isWanted)
  const found = new Set(own)
  return [...own, ...take(list(), limit - own.length, facts => isWanted(facts) && !found.has(facts))]
}

/** All, if the viewer has chosen no language; else those among the first of the list. */
function inOwnLanguage(articles: Iterable<ArticleFacts>, { dials: { language } }: RankingQuery): Iterable<ArticleFacts> {
  const isOwn = (facts: ArticleFacts) => facts.language === language
  return language === undefined ? articles : Iterator.from(articles).take(LOOKED_AT_MAX).filter(isOwn)
}

/** Those that no filter would remove. */
function openTo(query: RankingQuery): (facts: ArticleFacts) => boolean {
  const { seenIds } = query
  const isVisible = visibleTo(query)
  return facts => !seenIds.has(facts.id) && isVisible({ facts })
}

function unservedTo(query: RankingQuery): (facts: ArticleFacts) => boolean {
  const { recentlyServed } = query
  const isOpen = openTo(query)
  return recentlyServed.size === 0 ? isOpen : facts => isOpen(facts) && !recentlyServed.has(facts.id)
}

function take(articles: Iterable<ArticleFacts>, limit: number, isWanted: (facts: ArticleFacts) => boolean): ArticleFacts[] {
  const taken: ArticleFacts[] = []
  if (limit > 0)
    for (const facts of articles) {
      if (isWanted(facts) && taken.push(facts) === limit) break
    }
  return taken
}
