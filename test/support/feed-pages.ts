// Checks of a feed page.

import assert from 'node:assert/strict'
import type { ArticleId } from '../../src/base/id.ts'
import type { Answer } from './http-answer.ts'

/**
 * A client's timestamp that is no cursor of ours, and the ones after it. The same one again within two minutes is a retry, as of
 * a number further from the clock only within two seconds.
 */
export const AN_HOUR_AGO = Date.now() - 3_600_000

export const idsOf = (answer: Answer): bigint[] => answer.body.data.results.map((one: { art_id: bigint }) => one.art_id)
export const sourceOf = (answer: Answer) => answer.headers.get('x-feed-source')
/** On a busy machine a recommender may be late; the API then answers with a fallback page. test/chaos/recommender tests that. */
export const isFallbackPage = (answer: Answer): boolean => !['model', 'remainder'].includes(sourceOf(answer) ?? 'model')

/** A full page of these articles that did not come from the remote recommender. */
export function assertFallbackPage(answer: Answer, published: ArticleId[]): void {
  assert.equal(answer.status, 200)
  assert.match(sourceOf(answer) ?? '', /^(trending|memory|newest)$/)
  assert.equal(new Set(idsOf(answer)).size, 10)
  for (const id of idsOf(answer)) assert.ok(published.includes(id as ArticleId))
}
