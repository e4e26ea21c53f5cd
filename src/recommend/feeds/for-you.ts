// The personal feed as a table of named steps. docs/recommender.md draws it.
// The names are metric labels and part of explanations: they do not change.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { channelAffinityOf } from '../affinity.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'
import { disinterestOf } from '../disinterest.ts'
import type { ReadersLike } from '../factors/readers-like.ts'
import { FILTERS } from '../filters.ts'
import type { Learner } from '../learn/learner.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Leaderboards } from '../policy/leaderboards.ts'
import { RANKERS } from '../policy/policy.ts'
import {
  NO_DIALS,
  type RankedArticle,
  type RankingQuery,
  type RankingRequest,
  type ViewerHistory,
  type ViewerInterests,
} from '../ranking-query.ts'
import { createScores, MODEL_SCORES, weigh } from '../scores.ts'
import { createSelectors } from '../select/select.ts'
import type { Covisits } from '../sources/covisits.ts'
import { createSources, PER_SOURCE } from '../sources/sources.ts'
import { type FindWithWords, factsOf, mutedWordsOf } from './facts.ts'

export interface ForYouNeeds {
  catalogue: Catalogue
  covisits: Covisits
  readersLike: Pick<ReadersLike, 'next'>
  leaderboards: Pick<Leaderboards, 'of'>
  findWithWords: FindWithWords
  learner: Pick<Learner, 'isTrusted' | 'appealOf' | 'hasTrees'>
}

const NO_HISTORY: ViewerHistory = { seenIds: new Set(), recentlyServed: new Map() }
const NO_INTERESTS: ViewerInterests = {
  followedIds: new Set<ReaderId>(),
  recentClicks: [],
  dislikedIds: new Set<ArticleId>(),
  blockedIds: new Set<ReaderId>(),
  dials: NO_DIALS,
}

export const createForYouFeed = ({
  catalogue,
  covisits,
  readersLike,
  leaderboards,
  findWithWords,
  learner,
}: ForYouNeeds): Pipeline<RankingRequest, RankingQuery, RankedArticle> => {
  const fiveFactors = createScores(catalogue)
  return {
    query: {
      past: ({ context }) => context?.history ?? NO_HISTORY,
      interests: async ({ context, now }) => {
        const interests = (await context?.interests) ?? NO_INTERESTS
        const { recentClicks } = interests
        return {
          ...interests,
          affinity: channelAffinityOf(recentClicks, catalogue.get, now),
          disinterest: disinterestOf(interests.dials.notInterestedIds, catalogue.get),
          covisited: covisits.relatedTo(
            recentClicks.map(click => click.id),
            PER_SOURCE,
          ),
        }
      },
    },
    sources: createSources({ catalogue, readersLike, leaderboards }),
    hydrate: {
      must: {
        facts: ids => factsOf(catalogue, ids),
      },
      may: {
        mutedWords: (ids, query) => mutedWordsOf(findWithWords, ids, query),
        likeness: (_ids, { covisited }) => new Map([...covisited].map(([id, similarity]) => [id, { similarity }])),
        model: (ids, query) => appeals(learner, [...catalogue.factsOf(ids)], query),
      },
    },
    filter: FILTERS,
    // All candidates or none have an answer of the model.
    score: ([first], { policy }) => weigh(first?.appeal === undefined ? fiveFactors : MODEL_SCORES, policy),
    select: createSelectors(catalogue),
  }
}

function appeals(
  learner: ForYouNeeds['learner'],
  articles: ArticleFacts[],
  { viewerKey: viewer, now, recentClicks, policy }: RankingQuery,
) {
  if (policy.factors.model === 0 || !learner.isTrusted()) return new Map<ArticleId, Partial<RankedArticle>>()
  const isTrial = policy.assignment?.isTrial
  const ranker = learner.hasTrees(isTrial) ? RANKERS.trees : RANKERS.model
  const values = learner.appealOf({ viewer, now, articles, clickedIds: recentClicks.map(({ id }) => id), isTrial })
  return new Map(articles.map(({ id }, i) => [id, { appeal: values[i] as number, ranker }]))
}
