import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import { createMetrics } from '../base/metrics.ts'
import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { RecommendRequest } from './contract.ts'
import { loadedContext } from './loaded-context.fixture.ts'
import type { PageQuery } from './page-ranker.ts'
import type { Page } from './pages/page.ts'
import type { Ranking } from './pages/ranked-buffer.ts'
import type { Policy } from './policy/policy.ts'
import { createRankAhead } from './rank-ahead.ts'
import type { RankedArticle, ViewerContext } from './ranking-query.ts'
import { createRecentViewers, type RecentViewers } from './recent-viewers.ts'

const START = 1_800_000_000_000
const VIEWER = 'd1'
const POLICIES = [{}, {}] as Policy[]
let now: number
let newsAt: number
let policy: Policy
let ranked: PageQuery[]
/** What a ranking finds, and how many of its steps fail. */
let left: number
let failed: string[]
let pinned: ArticleId[]
let catalogued: Map<ArticleId, ArticleFacts>
let recentViewers: RecentViewers
let ahead: ReturnType<typeof createRankAhead>

const request = (change: Partial<RecommendRequest> = {}): RecommendRequest => ({
  viewer: { kind: 'device', id: '1' },
  channelId: 0 as ChannelId,
  count: 10,
  cursor: now,
  withPinned: true,
  ...change,
})
const click = (id = 1, action = 'click', viewer = VIEWER) =>
  recentViewers.noteAction(viewer, { action, id: BigInt(id) as ArticleId, at: now })
/** Returns what a refresh is ranked by, and whether that was made ahead. */
async function refresh(change: Partial<RecommendRequest> = {}, { previousPage, version }: Partial<PageQuery & { version: object }> = {}) {
  const before = ranked.length
  const found = recentViewers.find(VIEWER, request(change))
  const query = { viewerKey: VIEWER, request: request(change), previousPage, context: found?.context as ViewerContext }
  const ranking = await ahead.rankPage({ ...query, version: version ?? found?.version })
  return { ranking, isAhead: ranked.length === before }
}

const serve = (viewer = VIEWER) =>
  recentViewers.noteServed(viewer, request({ cursor: now - 1 }), { id: 1n as PageId, articleIds: [], pinnedIds: [] } as unknown as Page)

beforeEach(async () => {
  ;[now, newsAt, left, failed, ranked, pinned] = [START, START - 1_000, 10, [], [], []]
  catalogued = new Map(Array.from({ length: 11 }, (_, i) => BigInt(i) as ArticleId).map(id => [id, { id } as ArticleFacts]))
  policy = POLICIES[0] as Policy
  const clock = () => now
  recentViewers = createRecentViewers(clock)
  recentViewers.follow(() => ({ behaviours: { xid: '1', seq: 0n }, changes: { xid: '1', seq: 0n }, incarnation: '1' }))
  ahead = createRankAhead({
    clock,
    metrics: createMetrics(),
    catalogue: { lastNewsAt: () => newsAt, pinned: () => pinned, get: id => catalogued.get(id) },
    policies: { of: () => policy },
    recentViewers,
    async rankPage(query) {
      ranked.push(query)
      return {
        articles: [...catalogued.values()].slice(0, left).map(facts => ({ facts }) as RankedArticle),
        explorationCandidates: [...catalogued.values()].slice(left).map(facts => ({ facts }) as RankedArticle),
        failedSteps: failed,
        policy,
        rankedAt: now,
      } as unknown as Ranking
    },
  })
  await remember(VIEWER)
})

async function remember(viewer: string): Promise<void> {
  await recentViewers.remember(viewer, loadedContext(now), 0)
  serve(viewer)
}

test('the refresh after a click is ranked with the click, like the last request, and used once', async () => {
  await ahead.rankForLastClicked()
  assert.equal(ranked.length, 0, 'no viewer has clicked')
  now += 5
  click(7)
  await ahead.rankForLastClicked()
  await ahead.rankForLastClicked()
  const [query] = ranked
  assert.equal(ranked.length, 1)
  assert.deepEqual(query?.request, request())
  assert.ok((await query?.context.history)?.seenIds.has(7n as ArticleId))
  now += 9_000
  const { ranking, isAhead } = await refresh()
  assert.ok(isAhead)
  assert.equal(ranking.rankedAt, now, 'so that the rest may be cut from it')
  assert.equal((await refresh()).isAhead, false)
})

test('what was ranked is not used after anything that may rank otherwise', async () => {
  const changes: Record<string, () => Promise<{ isAhead: boolean }>> = {
    'it stays': () => refresh(),
    'another click': () => (click(2), refresh()),
    'an exposure': () => (click(2, 'exposure'), refresh()),
    'another page': () => (serve(), refresh()),
    'a continuation': () => refresh({}, { previousPage: {} as Page }),
    'read from the rows': () => refresh({}, { version: {} }),
    'another channel': () => refresh({ channelId: 1 as ChannelId }),
    'another count': () => refresh({ count: 9 }),
    'pinned articles are not wanted': () => refresh({ withPinned: false }),
    'an article was published': () => ((newsAt = now), refresh()),
    'an article was pinned': () => ((pinned = [1n as ArticleId]), refresh()),
    'another policy': () => ((policy = POLICIES[1] as Policy), refresh()),
    'ten seconds': () => ((now += 10_000), refresh()),
    'an article to explore was withdrawn': () => (catalogued.delete(10n as ArticleId), refresh()),
    'an article was withdrawn': () => (catalogued.delete(9n as ArticleId), refresh()),
  }
  for (const [name, change] of Object.entries(changes)) {
    now += 1_000
    ;[newsAt, policy] = [now - 1_000, POLICIES[0] as Policy]
    const before = ranked.length
    click()
    await ahead.rankForLastClicked()
    assert.equal(ranked.length, before + 1)
    assert.equal(ranked.at(-1)?.isAhead, true)
    assert.equal((await change()).isAhead, name === 'it stays', name)
  }
})

test('a ranking that is too short for a page, or that left a step out, is made anew by the refresh', async () => {
  for (const bad of [() => (left = 9), () => ([left, failed] = [10, ['source.fresh']])]) {
    bad()
    click()
    await ahead.rankForLastClicked()
    assert.equal(ranked.at(-1)?.isAhead, true, 'so that no list of seen articles is stored')
    assert.equal((await refresh()).isAhead, false)
    now += 1_000
  }
})

test('not ranked ahead: who is not in memory, who did something else, and more than forty a second', async () => {
  recentViewers.noteAction('d2', { action: 'click', id: 1n as ArticleId, at: now })
  click(1, 'exposure')
  click(1, 'like')
  click()
  await ahead.rankForLastClicked()
  assert.equal(ranked.length, 0)

  for (let i = 0; i < 1_000; i++, now++) {
    if (i % 100 === 0) await remember(`d${i}`)
    click(i, 'click', `d${i - (i % 100)}`)
    await ahead.rankForLastClicked()
  }
  assert.equal(ranked.length, 40)
})
