import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'
import type { ViewerInterests } from '../ranking-query.ts'

/** Those of the articles whose titles have one of the words. */
export type FindWithWords = (ids: ArticleId[], words: readonly string[]) => Promise<ReadonlySet<ArticleId>>

/** Of articles that are not in the catalogue there are none: they are not published. */
export const factsOf = (catalogue: Catalogue, ids: Iterable<ArticleId>): Map<ArticleId, { facts: ArticleFacts }> =>
  new Map(Array.from(catalogue.factsOf(ids), facts => [facts.id, { facts }]))

/** Titles are not in the catalogue: they are read for the few viewers who have muted words. */
export async function mutedWordsOf(findWithWords: FindWithWords, ids: ArticleId[], { dials }: Pick<ViewerInterests, 'dials'>) {
  const found = dials.mutedWords.length === 0 ? [] : await findWithWords(ids, dials.mutedWords)
  return new Map(Array.from(found, id => [id, { hasMutedWord: true }]))
}
