// The feed, whole: every step by its name. docs/recommender.md draws it.

import { HOUR } from '../base/clock.ts'
import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Catalogue, Facts } from './catalogue.ts'
import type { Candidate, Pipeline } from './pipeline.ts'
import { spread } from './select.ts'

export interface Asked {
  channelId: ChannelId
  /** Milliseconds since 1970. */
  now: number
  /** What may not come up: seen, served lately, or already in this scroll. */
  excluded: ReadonlySet<ArticleId>
  /** How many articles are wanted. */
  count: number
}

export interface Article extends Candidate {
  facts: Facts
}

/** The numbers by which pages and traces know their sources; never renumbered, for rows hold them. */
export const SOURCES = ['rest', 'trending', 'fresh'] as const

// Enough to choose ten well from, few enough to rank in a fraction of a millisecond.
const PER_SOURCE = 200

export const forYou = (catalogue: Catalogue): Pipeline<Asked, Asked, Article> => ({
  query: {},
  sources: {
    trending: asked => take(catalogue.hottest(asked.channelId), asked),
    fresh: asked => take(catalogue.newest(asked.channelId), asked),
  },
  hydrate: {
    must: { facts: ids => new Map(ids.flatMap(id => factsOf(catalogue, id))) },
    may: {},
  },
  filter: {
    due: ({ facts }, asked) => isDue(facts, asked),
    unseen: ({ id }, { excluded }) => !excluded.has(id),
  },
  score: {
    // log1p: the hundredth reader says less than the first. Half a click stands for an article nobody has met yet.
    appeal: ({ id }, { now }) => Math.log1p(0.5 + catalogue.heat(id, now)),
    // Half as good after a day: news. Never nothing: the end of a long scroll is old, and still in order.
    freshness: ({ facts }, { now }) => 0.02 + 0.5 ** (Math.max(0, now - facts.publishedAt) / (24 * HOUR)),
  },
  select: {
    // A second article of an author, or of a channel, has to be that much better to stand on the same page.
    diversity: (ranked, { count }) =>
      spread(ranked, {
        count,
        by: [
          [({ facts }) => facts.authorId, 0.5],
          [({ facts }) => facts.channelId, 0.8],
        ],
      }),
  },
})

/** Looks past what the filters would remove anyway, so that a source always finds what there is. */
function* take(articles: Iterable<Facts>, asked: Asked): Generator<ArticleId> {
  let left = PER_SOURCE
  for (const facts of articles) {
    if (asked.excluded.has(facts.id) || !isDue(facts, asked)) continue
    yield facts.id
    if (--left === 0) return
  }
}

const isDue = (facts: Facts, { now }: Asked) => facts.publishedAt <= now

function factsOf(catalogue: Catalogue, id: ArticleId): [ArticleId, { facts: Facts }][] {
  const facts = catalogue.get(id)
  return facts ? [[id, { facts }]] : []
}
