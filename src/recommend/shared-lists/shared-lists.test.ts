import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { DEFAULT_POLICY } from '../policy/policy.ts'
import { createTokenSigner } from '../tracking-tokens.ts'
import { createSharedLists } from './shared-lists.ts'

test('requests for more lists at once than the cache holds are all answered', async () => {
  const { db } = await testDatabase()
  const catalogue = createCatalogue(Date.now)
  const lists = createSharedLists({
    db,
    clock: Date.now,
    catalogue,
    tokenSigner: createTokenSigner('k'.repeat(32)),
    random: () => 0.5,
    rank: async () => [],
    policy: () => DEFAULT_POLICY,
  })
  const requests = Array.from({ length: 50 }, (_, i) =>
    lists.recommend({ viewer: ANONYMOUS, channelId: (i + 1) as ChannelId, count: 10, cursor: 1 }),
  )
  for (const response of await Promise.all(requests)) assert.deepEqual(response.items, [])
})

test('an article that comes after the list is on the next first page, at the fifth place, and on no continuation', async () => {
  const { db } = await testDatabase()
  let now = 1_800_000_000_000
  const catalogue = createCatalogue(() => now)
  const publish = (n: number, publishedAt = now) =>
    catalogue.put({ id: BigInt(n) as ArticleId, authorId: 1n as ReaderId, channelId: 3, publishedAt, language: 'en' })
  for (let n = 1; n <= 30; n++) publish(n, now - n * 1000)
  const lists = createSharedLists({
    db,
    clock: () => now,
    catalogue,
    tokenSigner: createTokenSigner('k'.repeat(32)),
    random: () => 0.5,
    rank: async () => [],
    policy: () => DEFAULT_POLICY,
  })
  const ask = async (cursor = 1) => {
    const { items, nextCursor } = await lists.recommend({ viewer: ANONYMOUS, channelId: 3, count: 10, cursor })
    return { ids: items.map(item => Number(item.articleId)), nextCursor }
  }
  assert.deepEqual((await ask()).ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])

  publish(100, now - 3_600_000) // older than all others: an import
  // A response is kept for a second.
  const first = await eventually(
    () => ask(),
    page => page.ids.includes(100),
  )
  assert.deepEqual(first.ids, [1, 2, 3, 4, 100, 5, 6, 7, 8, 9])
  const second = await ask(first.nextCursor)
  assert.deepEqual(second.ids, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19])

  now += 60_000
  assert.ok(!(await ask()).ids.includes(100), 'the next list ranks it with the others')
})

test('of articles that come after the list each is tried before one is tried again', async () => {
  const { db } = await testDatabase()
  const now = 1_800_000_000_000
  const catalogue = createCatalogue(() => now)
  const publish = (n: number) =>
    catalogue.put({ id: BigInt(n) as ArticleId, authorId: 1n as ReaderId, channelId: 3, publishedAt: now - n * 1000, language: 'en' })
  for (let n = 1; n <= 30; n++) publish(n)
  const tokenSigner = createTokenSigner('k'.repeat(32))
  const lists = createSharedLists({
    db,
    clock: () => now,
    catalogue,
    tokenSigner,
    random: () => 0.5,
    rank: async () => [],
    policy: () => DEFAULT_POLICY,
  })
  // Each count is another page, as another second would be.
  const triedAt = async (count: number) =>
    (await lists.recommend({ viewer: ANONYMOUS, channelId: 3, count, cursor: 1 })).items[4]?.articleId
  await triedAt(10)
  for (let n = 101; n <= 105; n++) publish(n)
  const round = async (first: number) =>
    new Set([await triedAt(first), await triedAt(first + 1), await triedAt(first + 2), await triedAt(first + 3), await triedAt(first + 4)])
  const all = new Set([101n, 102n, 103n, 104n, 105n])
  assert.deepEqual((await round(11)).symmetricDifference(all).size, 0)
  assert.deepEqual((await round(16)).symmetricDifference(all).size, 0)
  await triedAt(21)
  publish(106)
  assert.equal(await triedAt(22), 106n, 'what was never tried is before what had a turn in the round')
})

test('an article that had no turn before the next list is made is on the fifth place of its first pages', async () => {
  const { db } = await testDatabase()
  let now = 1_800_000_000_000
  const catalogue = createCatalogue(() => now)
  const publish = (n: number) => {
    const facts = {
      id: BigInt(n) as ArticleId,
      authorId: 1n as ReaderId,
      channelId: 3 as ChannelId,
      publishedAt: now - n * 1000,
      language: 'en' as const,
    }
    catalogue.put(facts)
    return facts.id
  }
  const ranked = Array.from({ length: 30 }, (_, i) => publish(i + 1))
  const rank = async () => ranked.map(id => ({ id })) as never
  const lists = createSharedLists({
    db,
    clock: () => now,
    catalogue,
    tokenSigner: createTokenSigner('k'.repeat(32)),
    random: () => 0,
    rank,
    policy: () => DEFAULT_POLICY,
  })
  const ask = async (count: number, cursor = 1) => {
    const { items, nextCursor } = await lists.recommend({ viewer: ANONYMOUS, channelId: 3, count, cursor })
    return { ids: items.map(item => Number(item.articleId)), nextCursor }
  }
  await ask(10)
  const [tried, ...others] = [publish(101), publish(102), publish(103)].map(Number)
  assert.equal((await ask(9)).ids[4], tried)
  now += 60_000
  const first = await ask(10)
  assert.deepEqual([first.ids[4], (await ask(10, first.nextCursor)).ids[4]], others)
})
