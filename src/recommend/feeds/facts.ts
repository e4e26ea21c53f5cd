import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts, Catalogue } from '../catalogue/catalogue.ts'

/** Of articles that are not in the catalogue there are none: they are not published. */
export const factsOf = (catalogue: Catalogue, ids: Iterable<ArticleId>): Map<ArticleId, { facts: ArticleFacts }> =>
  new Map(Array.from(catalogue.factsOf(ids), facts => [facts.id, { facts }]))
