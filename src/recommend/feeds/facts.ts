import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { NO_FACTORS } from '../pipeline/factor-table.ts'
import type { RankedArticle, ViewerInterests } from '../ranking-query.ts'

/** Those of the articles whose titles have one of the words. */
export type FindWithWords = (ids: ArticleId[], words: readonly string[]) => Promise<ReadonlySet<ArticleId>>

export const createCandidate = (facts: ArticleFacts, from: readonly string[]): RankedArticle => ({
  id: facts.id,
  facts,
  from,
  score: 0,
  factors: NO_FACTORS,
  row: 0,
  similarity: undefined,
  appeal: undefined,
  ranker: undefined,
  hasMutedWord: undefined,
})

/** Titles are not in the catalogue: they are read for the few viewers who have muted words. */
export async function mutedWordsOf(findWithWords: FindWithWords, ids: ArticleId[], { dials }: Pick<ViewerInterests, 'dials'>) {
  const found = dials.mutedWords.length === 0 ? [] : await findWithWords(ids, dials.mutedWords)
  return new Map(Array.from(found, id => [id, { hasMutedWord: true }]))
}

/** The same of candidates. */
export function markMutedWords(findWithWords: FindWithWords, candidates: readonly RankedArticle[], interests: ViewerInterests) {
  if (interests.dials.mutedWords.length === 0) return 0
  const ids = candidates.map(({ id }) => id)
  return mutedWordsOf(findWithWords, ids, interests).then(found => {
    for (const candidate of candidates) if (found.has(candidate.id)) candidate.hasMutedWord = true
    return found.size
  })
}
