// The personal feed as a table of named steps. docs/recommender.md draws it.
// The names are metric labels and part of explanations: they do not change.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { type Click, channelAffinityOf } from '../affinity.ts'
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
import { createCandidate, type FindWithWords, markMutedWords } from './facts.ts'

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

  function covisitedWith(clicks: readonly Click[]): RankingQuery['covisited'] {
    const covisited = new Map<ArticleFacts, number>()
    for (const [id, similarity] of covisits.relatedTo(
      clicks.map(click => click.id),
      PER_SOURCE,
    )) {
      const facts = catalogue.get(id)
      if (facts) covisited.set(facts, similarity)
    }
    return covisited
  }

  return {
    query: {
      past: ({ context }) => context?.history ?? NO_HISTORY,
      interests: async ({ context, now }) => {
        // Both are waited for: an article that is replaced in the catalogue meanwhile would be another one to the sources.
        const [interests = NO_INTERESTS] = await Promise.all([context?.interests, context?.history])
        const { recentClicks } = interests
        return {
          ...interests,
          affinity: channelAffinityOf(recentClicks, catalogue.get, now),
          disinterest: disinterestOf(interests.dials.notInterestedIds, catalogue.get),
          covisited: covisitedWith(recentClicks),
        }
      },
    },
    sources: createSources({ catalogue, readersLike, leaderboards }),
    create: createCandidate,
    hydrate: {
      must: {},
      may: {
        mutedWords: (candidates, query) => markMutedWords(findWithWords, candidates, query),
        likeness: (candidates, { covisited }) => {
          if (covisited.size > 0) for (const candidate of candidates) candidate.similarity = covisited.get(candidate.facts)
          return covisited.size
        },
        model: (candidates, query) => expectAppeals(learner, candidates, query),
      },
    },
    filter: FILTERS,
    score: ([first], { policy }) => weigh(first?.appeal === undefined ? fiveFactors : MODEL_SCORES, policy),
    select: createSelectors(catalogue),
  }
}

/** All or none get an answer of the model. */
function expectAppeals(
  learner: ForYouNeeds['learner'],
  candidates: readonly RankedArticle[],
  { viewerKey: viewer, now, recentClicks, policy }: RankingQuery,
): number {
  if (policy.factors.model === 0 || !learner.isTrusted()) return 0
  const isTrial = policy.assignment?.isTrial
  const ranker = learner.hasTrees(isTrial) ? RANKERS.trees : RANKERS.model
  const articles = candidates.map(({ facts }) => facts)
  const appeals = learner.appealOf({ viewer, now, articles, clickedIds: recentClicks.map(({ id }) => id), isTrial })
  for (const [i, candidate] of candidates.entries()) {
    candidate.appeal = appeals[i]
    candidate.ranker = ranker
  }
  return candidates.length
}
