// What a feed session shows when nothing unseen is left: seen articles in the order of a list, which is their ranking.

import type { ArticleId } from '../../base/id.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { VISIBLE } from '../filters.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { RankedArticle, RankingRequest, ViewerInterests } from '../ranking-query.ts'
import { createCandidate, type FindWithWords, markMutedWords } from './facts.ts'

export interface SeenAgainRequest extends RankingRequest {
  context: NonNullable<RankingRequest['context']>
  seenIds: readonly ArticleId[]
  /** The index of the first one in the session's list. */
  start: number
}

export const createSeenAgainFeed = (
  catalogue: Catalogue,
  findWithWords: FindWithWords,
): Pipeline<SeenAgainRequest, SeenAgainRequest & ViewerInterests, RankedArticle & { seenIndex: number }> => ({
  query: { interests: ({ context }) => context.interests },
  sources: { seen: ({ seenIds }) => seenIds.flatMap(id => catalogue.get(id) ?? []) },
  create: (facts, from) => ({ ...createCandidate(facts, from), seenIndex: 0 }),
  hydrate: {
    must: {
      place: (candidates, { seenIds, start }) => {
        const places = new Map(seenIds.map((id, i) => [id, start + i]))
        for (const candidate of candidates) candidate.seenIndex = places.get(candidate.id) ?? start
        return candidates
      },
    },
    may: { mutedWords: (candidates, query) => markMutedWords(findWithWords, candidates, query) },
  },
  filter: VISIBLE,
  score: () => ({ factors: {} }),
  select: { order: (seen, { count }) => seen.toSorted((a, b) => a.seenIndex - b.seenIndex).slice(0, count) },
})
