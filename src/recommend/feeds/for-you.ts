// The feed, whole: every step by its name. docs/recommender.md draws it.

import { DAY, HOUR } from '../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { type Click, type Taste, tasteOf } from '../affinity.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'
import type { Candidate, Pipeline } from '../pipeline/pipeline.ts'
import { diversify } from '../select/diversity.ts'
import { draw } from '../select/exploration.ts'
import type { Covisits } from '../sources/covisits.ts'

export interface RankingRequest {
  /** As base/viewer-key.ts writes it; undefined for an anonymous viewer. */
  viewer: string | undefined
  channelId: ChannelId
  /** Milliseconds since 1970. */
  now: number
  /** How many articles are wanted. */
  count: number
  /** What is looked up of the viewer, on its way already; nobody has none. */
  about?: ViewerContext
  /** On a continuation: what stood on the page before. */
  continues?: { articleIds: ArticleId[] }
  /** Stands above the page already. */
  besides?: readonly ArticleId[]
}

/** A viewer's rows, as they concern what may come up and what they like. */
export interface ViewerContext {
  /** When the looking up began: what the viewer does from then on may be missing. */
  at: number
  past: Promise<Pick<RankingQuery, 'passed' | 'served'>>
  interests: Promise<Pick<RankingQuery, 'follows' | 'recent' | 'disliked' | 'blocked'>>
}

export interface RankingQuery extends RankingRequest {
  /** May not come up: seen lately, or already in this scroll. */
  passed: ReadonlySet<ArticleId>
  /** Served lately and perhaps not seen, with the order in which: comes up when nothing else is left. */
  served: ReadonlyMap<ArticleId, number>
  follows: ReadonlySet<ReaderId>
  /** What was opened lately, the newest first. */
  recent: Click[]
  disliked: ReadonlySet<ArticleId>
  blocked: ReadonlySet<ReaderId>
  taste: Taste
  /** What goes with what was opened lately, each with how well, from 0 to 1. */
  near: ReadonlyMap<ArticleId, number>
}

export interface RankedArticle extends Candidate {
  facts: ArticleFacts
  /** How well it goes with what was read lately, from 0 to 1. */
  likeness?: number
  /** The chance with which it was put where it stands. */
  propensity?: number
}

export interface Needs {
  catalogue: Catalogue
  covisits: Covisits
}

/** The numbers by which pages and traces know their sources; never renumbered, for rows hold them. */
export const SOURCES = ['rest', 'trending', 'fresh', 'following', 'covisited', 'explore', 'pinned'] as const

// Enough to choose ten well from, few enough to rank in a fraction of a millisecond.
const PER_SOURCE = 200
const PER_AUTHOR = 5
const EXPLORE_POOL = 50
// What was shown a hundred times is no longer unknown, and what is two days old no longer new.
const EXPLORE_SHOWN_MAX = 100
const EXPLORE_AGE_MAX = 2 * DAY
// The fifth of ten: seen without scrolling far, and not in the way of the best.
const EXPLORE_PLACE = 4
const EXPLORE_COUNT_MIN = 5 // a shorter page has no place to give away

const NO_PAST = { passed: new Set<ArticleId>(), served: new Map<ArticleId, number>() }
const NO_INTERESTS = { follows: new Set<ReaderId>(), recent: [], disliked: new Set<ArticleId>(), blocked: new Set<ReaderId>() }

export const createForYouFeed = ({ catalogue, covisits }: Needs): Pipeline<RankingRequest, RankingQuery, RankedArticle> => ({
  query: {
    past: ({ about }) => about?.past ?? NO_PAST,
    interests: async ({ about, now }) => {
      const interests = (await about?.interests) ?? NO_INTERESTS
      const taste = tasteOf(interests.recent, id => catalogue.get(id), now)
      const near = covisits.near(
        interests.recent.map(click => click.id),
        PER_SOURCE,
      )
      return { ...interests, taste, near }
    },
  },
  sources: {
    following: query => [...query.follows].flatMap(author => [...take(catalogue.by(author), query, PER_AUTHOR)]),
    covisited: query => query.near.keys(),
    trending: query => take(catalogue.hottest(query.channelId), query, PER_SOURCE),
    fresh: query => take(catalogue.newest(query.channelId), query, PER_SOURCE),
    explore: query => (query.viewer === undefined ? [] : take(unknown(catalogue, query), query, EXPLORE_POOL)),
    rest: query => take(factsOf(catalogue, query.served.keys()), query, PER_SOURCE, false),
  },
  hydrate: {
    must: { facts: ids => new Map(ids.flatMap(id => fact(catalogue, id))) },
    may: {
      likeness: (_ids, { near }) => new Map([...near].map(([id, likeness]) => [id, { likeness }])),
    },
  },
  filter: {
    channel: ({ facts }, { channelId }) => channelId === 0 || facts.channelId === channelId,
    due: ({ facts }, query) => isDue(facts, query),
    unseen: ({ id }, { passed }) => !passed.has(id),
    liked: ({ id }, { disliked }) => !disliked.has(id),
    unblocked: ({ facts }, { blocked }) => !blocked.has(facts.authorId),
    pinned: ({ id }, { besides }) => !besides?.includes(id),
  },
  score: {
    // log1p: the hundredth reader says less than the first. Half a click stands for an article nobody has met yet.
    appeal: ({ id }, { now }) => Math.log1p(0.5 + catalogue.heat(id, now)),
    // Half as good after a day: news. Never nothing: the end of a long scroll is old, and still in order.
    freshness: ({ facts }, { now }) => 0.02 + 0.5 ** (Math.max(0, now - facts.publishedAt) / (24 * HOUR)),
    closeness: ({ facts }, { follows }) => (follows.has(facts.authorId) ? 1.5 : 1),
    taste: ({ facts }, { taste }) => 1 + 4 * taste.channel(facts.channelId),
    likeness: ({ likeness = 0 }) => 1 + 2 * likeness,
  },
  select: {
    // A second article of an author, or of a channel, has to be that much better to stand on the same page, and a little
    // better if the page before had one. A channel that was asked for is no repetition.
    diversity: (ranked, { count, channelId, continues, served }) => {
      const before = [...factsOf(catalogue, continues?.articleIds ?? [])]
      const chosen = diversify(
        ranked.filter(article => !served.has(article.id)),
        {
          count,
          by: [
            { of: ({ facts }) => facts.authorId, factor: 0.6, before: before.map(facts => facts.authorId) },
            { of: ({ facts }) => facts.channelId, factor: channelId === 0 ? 0.85 : 1, before: [] },
          ],
        },
      )
      // What was served lately comes after everything that was not, the longest ago first.
      const turn = (article: RankedArticle) => served.get(article.id) ?? 0
      const rest = ranked.filter(article => served.has(article.id)).toSorted((a, b) => turn(a) - turn(b))
      return [...chosen, ...rest.slice(0, count - chosen.length)]
    },
  },
})

/** Gives one place of a page to an article nobody knows yet; `trials` may hold some that stand on it already. */
export function withTrial(page: RankedArticle[], trials: RankedArticle[], catalogue: Catalogue, random: () => number): RankedArticle[] {
  if (page.length < EXPLORE_COUNT_MIN) return page
  const open = trials.filter(trial => !page.includes(trial))
  const drawn = draw(
    open.map(article => ({ article, ...catalogue.meetings(article.id) })),
    random(),
  )
  if (!drawn) return page
  const trial = { ...drawn.chosen.article, from: ['explore'], propensity: drawn.propensity }
  return [...page.slice(0, EXPLORE_PLACE), trial, ...page.slice(EXPLORE_PLACE, -1)]
}

/** New articles that have hardly been shown. */
function* unknown(catalogue: Catalogue, { channelId, now }: RankingQuery): Generator<ArticleFacts> {
  for (const facts of catalogue.newest(channelId)) {
    if (now - facts.publishedAt > EXPLORE_AGE_MAX) return
    if (catalogue.meetings(facts.id).shown < EXPLORE_SHOWN_MAX) yield facts
  }
}

/** Looks past what may not come up anyway, so that a source finds what there is, however long the scroll. */
function* take(articles: Iterable<ArticleFacts>, query: RankingQuery, most: number, unserved = true): Generator<ArticleId> {
  let left = most
  for (const facts of articles) {
    if (query.passed.has(facts.id) || (unserved && query.served.has(facts.id)) || !isDue(facts, query)) continue
    if (query.channelId !== 0 && facts.channelId !== query.channelId) continue
    yield facts.id
    if (--left === 0) return
  }
}

function* factsOf(catalogue: Catalogue, ids: Iterable<ArticleId>): Generator<ArticleFacts> {
  for (const id of ids) {
    const facts = catalogue.get(id)
    if (facts) yield facts
  }
}

const isDue = (facts: ArticleFacts, { now }: RankingRequest) => facts.publishedAt <= now

function fact(catalogue: Catalogue, id: ArticleId): [ArticleId, { facts: ArticleFacts }][] {
  const facts = catalogue.get(id)
  return facts ? [[id, { facts }]] : []
}
