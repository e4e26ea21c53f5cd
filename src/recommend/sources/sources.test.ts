import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { completePolicy, DEFAULT_POLICY } from '../policy/policy.ts'
import type { RankingQuery } from '../ranking-query.ts'
import { createSources, hardlyShown } from './sources.ts'

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

test('what is in the language that the viewer chose is found behind any number of newer articles in the other, until it is read', async () => {
  const catalogue = createCatalogue(() => NOW)
  const articles = Array.from({ length: 6_000 }, (_, i) => ({
    id: BigInt(i + 1) as ArticleId,
    authorId: 1n as ReaderId,
    channelId: 3,
    publishedAt: NOW + i,
    language: i < 3 ? ('en' as const) : ('zh' as const),
  }))
  catalogue.putAll(articles)
  const sources = createSources({ catalogue, readersLike: { next: () => [] }, leaderboards: { of: () => [] } })
  const none = new Set()
  const dials = { language: 'en', interests: new Set([3]), notInterestedIds: none, mutedAuthors: none, mutedChannels: none, mutedWords: [] }
  const viewer = { dislikedIds: none, blockedIds: none, recentlyServed: new Map(), dials, policy: DEFAULT_POLICY }
  for (const channelId of [0, 3]) {
    const first = async (name: string, seenIds: bigint[]) => {
      const query = { ...viewer, channelId, seenIds: new Set(seenIds) } as unknown as RankingQuery
      return [...((await sources[name]?.(query)) ?? [])].slice(0, 4).map(({ id }) => Number(id))
    }
    assert.deepEqual(await first('fresh', []), [3, 2, 1, 6_000])
    assert.deepEqual(await first('fresh', [2n]), [3, 1, 6_000, 5_999])
    if (channelId === 0) assert.deepEqual(await first('interests', []), [3, 2, 1, 6_000])
  }
  // Lists of a language follow what changes.
  catalogue.put({ ...(articles[1] as (typeof articles)[number]), language: 'zh' })
  catalogue.remove(1n as ArticleId)
  assert.deepEqual(
    Array.from(catalogue.newest(3, 'en'), ({ id }) => Number(id)),
    [3],
  )
  assert.equal([...catalogue.newest(0, 'zh')].length, 5_998)
})
