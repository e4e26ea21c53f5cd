import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { completePolicy } from '../policy/policy.ts'
import { hardlyShown } from './sources.ts'

const NOW = 1_800_000_000_000

test('an article is tried until it was shown as often as the policy says, and while it is new', () => {
  const catalogue = createCatalogue(() => NOW)
  const publish = (n: number, ageH: number, shown: number) => {
    const id = BigInt(n) as ArticleId
    catalogue.put({ id, authorId: 1n as ReaderId, channelId: 3, publishedAt: NOW - ageH * HOUR, language: 'en' })
    for (let i = 0; i < shown; i++) catalogue.addImpressions(id, 'shown')
  }
  publish(1, 1, 4)
  publish(2, 2, 5)
  publish(3, 3, 0)
  publish(4, 49, 0)
  const tried = (showings: number) =>
    [...hardlyShown(catalogue, { channelId: 3, now: NOW }, completePolicy({ exploration: { showings } }, 1))].map(({ id }) => Number(id))
  assert.deepEqual(tried(5), [1, 3])
  assert.deepEqual(tried(6), [1, 2, 3])
})
