import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { MINUTE } from '../base/clock.ts'
import type { ArticleId, ChannelId, PageId, ReaderId } from '../base/id.ts'
import type { RecommendRequest } from './contract.ts'
import { loadedContext } from './loaded-context.fixture.ts'
import type { Page } from './pages/page.ts'
import { createRecentViewers, type RecentViewers } from './recent-viewers.ts'
import { encodeListCursor } from './shared-lists/list-cursor.ts'
import type { LoadedContext } from './viewer-context.ts'

const HEARD = { behaviours: { xid: '1', seq: 0n }, changes: { xid: '1', seq: 0n }, incarnation: '1' }
const [NEVER, START] = [Number.NEGATIVE_INFINITY, 1_800_000_000_000]
const channelId = 0 as ChannelId
let now = START
let viewers: RecentViewers

beforeEach(() => {
  now = START
  viewers = createRecentViewers(() => now)
  viewers.follow(() => HEARD)
})

const idsOf = (...ids: number[]) => ids.map(id => BigInt(id) as ArticleId)
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => BigInt(from + i) as ArticleId)

const loaded = (seen: ArticleId[] = []): LoadedContext => loadedContext(now, seen)

const pageOf = (id: number, articleIds: ArticleId[], pinnedIds: ArticleId[] = []): Page => ({
  id: BigInt(id) as PageId,
  feedSession: 1n as PageId,
  cursor: BigInt(START - id),
  nextCursor: BigInt(START - id - 1),
  articleIds,
  pinnedIds,
  sources: [],
  propensity: [],
  policy: 0,
  createdAt: now,
})

const at = (cursor: number): RecommendRequest => ({ viewer: { kind: 'device', id: '1' }, channelId, count: 10, cursor })

async function knows(viewer: string, cursor = now) {
  const { context, target, knowledge } = viewers.find(viewer, { channelId, cursor }) ?? {}
  const [history, interests] = [await context?.history, await context?.interests]
  return { history, interests, target, knowledge }
}

test('a viewer is what was read of them, with the pages that they got and continued since', async () => {
  await viewers.remember('d1', loaded(idsOf(1)), NEVER)
  const [first, second] = [pageOf(1, idsOf(10, 11), idsOf(99)), pageOf(2, idsOf(12, 10))]
  viewers.noteServed('d1', at(START), first)
  now++
  const refreshed = await knows('d1')
  assert.equal(refreshed.target, undefined)
  assert.deepEqual([...(refreshed.history?.seenIds ?? [])], idsOf(1))
  assert.deepEqual([...(refreshed.history?.recentlyServed.keys() ?? [])], idsOf(10, 11))
  viewers.noteServed('d1', at(Number(first.nextCursor)), second, first)
  const continued = await knows('d1', Number(second.nextCursor))
  assert.deepEqual(continued.target, { kind: 'continuation', page: second })
  assert.deepEqual(continued.history?.seenIds, new Set(idsOf(1, 10, 11, 12, 99)), 'what is pinned above the session is not shown in it')
  assert.deepEqual(continued.knowledge?.newestPageIds, [2n, 1n])
  const { recentlyServed } = continued.history ?? {}
  assert.ok((recentlyServed?.get(10n as ArticleId) ?? 0) > (recentlyServed?.get(11n as ArticleId) ?? 0), 'served again is served last')
  const ofList = encodeListCursor({ minute: Math.floor(now / MINUTE), offset: 20 })
  for (const cursor of [START, Number(first.nextCursor), START - MINUTE, ofList])
    assert.equal(viewers.find('d1', { channelId, cursor }), undefined, 'answered, or perhaps of an older page, or of a shared list')
})

test('a page that continues a session of which nothing is known forgets the viewer', async () => {
  await viewers.remember('d1', loaded(), NEVER)
  viewers.noteServed('d1', at(START), pageOf(1, idsOf(10)))
  viewers.noteServed('d1', at(START - 100), pageOf(3, idsOf(11)), pageOf(2, idsOf(12)))
  assert.equal((await knows('d1')).history, undefined)
})

test('a click is seen and liked, an exposure seen, a like forgets', async () => {
  await viewers.remember('d1', loaded(), NEVER)
  viewers.noteAction('d1', { action: 'exposure', id: 1n as ArticleId, at: 40 })
  viewers.noteAction('d1', { action: 'click', id: 2n as ArticleId, at: 20 })
  viewers.noteAction('d1', { action: 'click', id: 3n as ArticleId, at: 10 })
  viewers.noteAction('d1', { action: 'read', id: 4n as ArticleId, at: 50 })
  const { history, interests } = await knows('d1')
  assert.deepEqual(history?.seenIds, new Set(idsOf(1, 2, 3)))
  assert.deepEqual(interests?.recentClicks, [
    { id: 3n, at: 30 },
    { id: 2n, at: 20 },
  ])
  viewers.noteAction('d1', { action: 'like', id: 2n as ArticleId, at: 60 })
  assert.equal((await knows('d1')).history, undefined)
})

test('nobody is remembered whose session shows seen articles again, who comes from a shared list, who acted while they were read, whose memory failed, or for longer than minutes', async () => {
  await viewers.remember('acted', loaded(), now)
  assert.equal((await knows('acted')).history, undefined)
  const again = loaded()
  const seenAgain = { listId: 1n, start: 0, ids: [], isAllThatIsLeft: true }
  await viewers.remember('again', { ...again, history: again.history.then(history => ({ ...history, seenAgain })) }, NEVER)
  assert.equal((await knows('again')).history, undefined)
  const listed = loaded()
  await viewers.remember('listed', loaded(), NEVER)
  await viewers.remember('listed', { ...listed, history: listed.history.then(history => ({ ...history, wasInList: true })) }, NEVER)
  assert.equal((await knows('listed')).history, undefined)
  await viewers.remember('doubted', loaded(), NEVER)
  const { knowledge } = await knows('doubted')
  assert.ok(knowledge)
  viewers.doubt('doubted', { ...knowledge, newestPageIds: [9n as PageId] })
  assert.ok((await knows('doubted')).history, 'another request has stored a page meanwhile')
  viewers.doubt('doubted', knowledge)
  await viewers.remember('doubted', loaded(), NEVER)
  assert.equal((await knows('doubted')).history, undefined)
  await viewers.remember('old', loaded(), NEVER)
  assert.ok((await knows('old')).history)
  now += 11 * MINUTE
  assert.equal((await knows('old')).history, undefined)
})

test('the memory of those who are too long in it is given back, also if they have left', async () => {
  for (const viewer of ['found', 'left']) await viewers.remember(viewer, loaded(), NEVER)
  now += 11 * MINUTE
  assert.equal((await knows('found')).history, undefined)
  now = START
  assert.equal((await knows('found')).history, undefined)
  now += 11 * MINUTE
  await viewers.remember('new', loaded(), NEVER)
  now = START
  assert.equal((await knows('left')).history, undefined)
  assert.ok((await knows('new')).history)
})

test('a viewer who was served more than a call takes arguments is remembered', async () => {
  const read = loaded()
  const recentlyServed = new Map(range(1, 150_000).map((id, rank) => [id, rank]))
  await viewers.remember('d1', { ...read, history: read.history.then(history => ({ ...history, recentlyServed })) }, NEVER)
  viewers.noteServed('d1', at(START), pageOf(1, idsOf(1)))
  now++
  assert.equal((await knows('d1')).history?.recentlyServed.get(1n as ArticleId), 150_000)
})

test('memory is bounded by how many viewers there are and by what each has seen, likes and was served, also later', async () => {
  const countFound = (count: number) => range(0, count).filter(i => viewers.find(`d${i}`, { channelId, cursor: now })).length
  for (let i = 0; i < 600; i++) await viewers.remember(`d${i}`, loaded(range(0, 1_000)), NEVER)
  assert.equal(countFound(600), 484)
  for (const id of range(1_000, 100_000)) viewers.noteAction('d599', { action: 'exposure', id, at: 0 })
  assert.equal(countFound(600), 387)

  const read = loaded()
  const followedIds = new Set(range(0, 1_000)) as ReadonlySet<bigint> as ReadonlySet<ReaderId>
  for (let i = 0; i < 600; i++)
    await viewers.remember(`d${i}`, { ...read, interests: read.interests.then(interests => ({ ...interests, followedIds })) }, NEVER)
  assert.equal(countFound(600), 484)

  for (let i = 0; i < 20_000; i++) await viewers.remember(`d${i}`, loaded(), NEVER)
  assert.equal(countFound(20_000), 15_503)
  for (let i = 0; i < 20_000; i++) viewers.noteServed(`d${i}`, at(now + 1), pageOf(i, range(0, 10)))
  assert.equal(countFound(20_000), 8_639)
})
