// What a viewer gets who has read everything: it comes again, longest ago first, once in a feed session, behind what is new.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ChannelId } from '../../src/base/id.ts'
import { SEEN_LISTS_PER_VIEWER } from '../../src/recommend/pages/seen-lists.ts'
import { AN_HOUR_AGO, idsOf } from '../support/feed-pages.ts'
import { connectGrpcPeer } from '../support/grpc-peer.ts'
import { type Answer, type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually, pause } from '../support/waiting.ts'

const ARTICLES = 24
let product: Product
let refreshes = 0
let readers = 0

before(async () => {
  product = await useSharedProduct()
})

type Get = (path: string) => Promise<Answer>
const feed = (channel: number, cursor: number) => `/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=0`
const refresh = () => AN_HOUR_AGO + refreshes++
const signIn = (): Promise<Person> => product.signIn('reader', String(13_700_000_000 + readers++))
const deviceGet = (name: string): Get => {
  return path => product.request('GET', path, undefined, { headers: { authorization: `Anony ${name}` } })
}

async function createReading(articles = ARTICLES): Promise<{ channel: ChannelId; ids: ArticleId[] }> {
  const channel = await product.createChannel(`频道 ${refresh()}`)
  return { channel, ids: await product.publish(Array.from({ length: articles }, () => ({ channel }))) }
}

/** The pages from `cursor` to the end of the session, the empty one left out. */
async function scroll(get: Get, channel: number, cursor: number | null = refresh()): Promise<bigint[][]> {
  const pages: bigint[][] = []
  while (cursor !== null) {
    const answer: Answer = await get(feed(channel, cursor))
    assert.equal(answer.status, 200)
    cursor = answer.body.data.pre_timestamp
    assert.equal(idsOf(answer).length === 0, cursor === null, 'the cursor is null exactly on an empty page')
    if (cursor !== null) pages.push(idsOf(answer))
    assert.ok(pages.length < 500, 'the feed never ends') // the recommended channel has the articles of other files, too
  }
  return pages
}

const assertSame = (shown: bigint[], expected: bigint[]) => assert.deepEqual(shown.toSorted(), expected.toSorted())

const viewers: Record<string, () => Promise<Get>> = {
  reader: async () => (await signIn()).get,
  device: async () => deviceGet(`phone-${readers++}`),
}
for (const [kind, create] of Object.entries(viewers)) {
  test(`a ${kind} who has scrolled to the end gets everything again, longest ago first, as often as they come`, async () => {
    const get = await create()
    const { channel, ids } = await createReading()
    const visits = [await scroll(get, channel), await scroll(get, channel), await scroll(get, channel)]
    assertSame(visits[0]?.flat() ?? [], ids)
    assert.deepEqual(visits[1]?.flat(), visits[0]?.flat())
    assert.deepEqual(visits[2]?.flat(), visits[0]?.flat())
    assert.deepEqual(
      visits.map(pages => pages.map(page => page.length)),
      [10, 10, 4].map(() => [10, 10, 4]),
    )
  })

  test(`a ${kind} who has read the recommended channel to its end finds its articles in their own channel`, async () => {
    const get = await create()
    const { channel, ids } = await createReading()
    await scroll(get, 0)
    assertSame((await scroll(get, channel)).flat(), ids)
  })
}

test('what is new comes before what was seen, on the first page and in the middle of a session', async () => {
  const { get } = await signIn()
  const { channel, ids } = await createReading()
  await scroll(get, channel)
  const first = await product.publish([{ channel }, { channel }])
  const page = await get(feed(channel, refresh()))
  assertSame(idsOf(page).slice(0, 2), first)
  assert.equal(idsOf(page).length, 10, 'seen articles fill the page')
  const second = await product.publish([{ channel }])
  const next = await get(feed(channel, page.body.data.pre_timestamp))
  assert.equal(idsOf(next)[0], second[0])
  const rest = await scroll(get, channel, next.body.data.pre_timestamp)
  assertSame([...idsOf(page), ...idsOf(next), ...rest.flat()], [...ids, ...first, ...second])
})

test('a page has seen articles only when fewer unseen ones are left than it has places', async () => {
  const { get } = await signIn()
  const { channel, ids } = await createReading()
  await scroll(get, channel)
  const news = await product.publish(Array.from({ length: 15 }, () => ({ channel })))
  const [first = [], second = [], ...rest] = await scroll(get, channel)
  assert.ok(first.every(id => news.includes(id as ArticleId)))
  assertSame([...first, ...second.slice(0, 5)], news)
  assertSame([...second.slice(5), ...rest.flat()], ids)
})

test('what was hidden, disliked or is by a blocked author does not come again', async () => {
  const [reader, author] = [await signIn(), await signIn()]
  const { channel, ids } = await createReading()
  const [blocked] = await product.publish([{ channel, author: author.id }])
  await scroll(reader.get, channel)
  const page = await reader.get(feed(channel, refresh()))
  // Already in the session's list of articles to come.
  const [hidden, disliked] = ids.filter(id => !idsOf(page).includes(id)) as [ArticleId, ArticleId]
  await product.db.updateTable('article').set({ status: 5 }).where('id', '=', hidden).execute()
  await reader.post('/v1_0/article/dislikes', { target: String(disliked) })
  await reader.post('/v1_0/user/blacklists', { target: String(author.id) })
  await product.publish([{ channel: await product.createChannel(`频道 ${refresh()}`) }]) // once this is applied, so is the rest
  const gone = new Set([hidden, disliked, blocked])
  const rest = (await scroll(reader.get, channel, page.body.data.pre_timestamp)).flat()
  assertSame(
    [...idsOf(page), ...rest].filter(id => id !== blocked),
    ids.filter(id => !gone.has(id)),
  )
  assert.ok(!rest.includes(blocked as bigint))
  assertSame(
    (await scroll(reader.get, channel)).flat(),
    ids.filter(id => !gone.has(id)),
  )
})

test('an author with more articles than a ranking looks at, blocked by the reader, does not end the feed early', async () => {
  const [reader, author] = [await signIn(), await signIn()]
  const channel = await product.createChannel(`频道 ${refresh()}`)
  const others = await product.publish(Array.from({ length: 12 }, () => ({ channel, ageSeconds: 9_000 })))
  await product.publish(Array.from({ length: 210 }, () => ({ channel, author: author.id })))
  await reader.post('/v1_0/user/blacklists', { target: String(author.id) })
  assertSame((await scroll(reader.get, channel)).flat(), others)
})

test('two devices of a reader who scroll by turns each get every article once', async () => {
  const { get } = await signIn()
  const { channel, ids } = await createReading()
  for (let visit = 0; visit < 2; visit++) {
    const sessions = [0, 1].map(() => ({ cursor: refresh() as number | null, shown: [] as bigint[] }))
    while (sessions.some(session => session.cursor !== null))
      for (const session of sessions) {
        if (session.cursor === null) continue
        const answer = await get(feed(channel, session.cursor))
        session.shown.push(...idsOf(answer))
        session.cursor = answer.body.data.pre_timestamp
      }
    for (const { shown } of sessions) assertSame(shown, ids)
  }
})

test('over gRPC what was seen comes again too, and time_stamp is 0 only at the end', async () => {
  const { id } = await signIn()
  const { channel, ids } = await createReading()
  const peer = connectGrpcPeer(product.grpc)
  for (let visit = 0; visit < 2; visit++) {
    const shown: string[] = []
    for (let cursor = String(refresh()); cursor !== '0'; ) {
      const page = await peer.recommend({ user_id: String(id), channel_id: channel, article_num: 10, time_stamp: cursor })
      cursor = page.time_stamp
      assert.equal(page.recommends.length === 0, cursor === '0')
      shown.push(...page.recommends.map(one => one.article_id))
    }
    assertSame(shown.map(BigInt), ids)
  }
})

test('pull to refresh brings other articles even when all have been seen', async () => {
  const { get } = await signIn()
  const { channel } = await createReading()
  await scroll(get, channel)
  const [first, second] = [idsOf(await get(feed(channel, refresh()))), idsOf(await get(feed(channel, refresh())))]
  assert.equal(new Set([...first, ...second]).size, 20)
})

test('a reader who refreshes again and again keeps the lists of a few sessions, and one that goes on for longer still shows everything once', async () => {
  const { id, get } = await signIn()
  const { channel, ids } = await createReading()
  await scroll(get, channel)
  const page = await get(feed(channel, refresh()))
  for (let i = 0; i < 2 * SEEN_LISTS_PER_VIEWER; i++) await get(feed(channel, refresh()))
  const lists = await product.db
    .selectFrom('seen_list')
    .select('id')
    .where('id', 'in', product.db.selectFrom('page').select('seen_list').where('viewer', '=', `r${id}`))
    .execute()
  assert.equal(lists.length, SEEN_LISTS_PER_VIEWER)
  const rest = await scroll(get, channel, page.body.data.pre_timestamp)
  assertSame([...idsOf(page), ...rest.flat()], ids)
})

test('an author whom the reader unblocks, and an article no longer disliked, come within the session that shows seen articles again', async () => {
  const [reader, author] = [await signIn(), await signIn()]
  const { channel, ids } = await createReading()
  const theirs = await product.publish([{ channel, author: author.id }])
  const all = [...ids, ...theirs]
  await scroll(reader.get, channel)
  const disliked = ids[3] as ArticleId
  await reader.post('/v1_0/article/dislikes', { target: String(disliked) })
  await reader.post('/v1_0/user/blacklists', { target: String(author.id) })
  const page = await reader.get(feed(channel, refresh()))
  await reader.delete(`/v1_0/article/dislikes/${disliked}`)
  await reader.delete(`/v1_0/user/blacklists/${author.id}`)
  assertSame([...idsOf(page), ...(await scroll(reader.get, channel, page.body.data.pre_timestamp)).flat()], all)
})

const CONSTANT = 1_556_789_000_001
test('a client that sends a constant timestamp gets a new page each time, but for a retry within two seconds', async () => {
  const { get } = await signIn()
  const { channel } = await createReading()
  // Another constant each time: the page of a measurement that was too slow may be nearly two seconds old.
  for (let isMeasured = false, at = CONSTANT; !isMeasured; at--) {
    const began = performance.now()
    const [first, retry] = await Promise.all([get(feed(channel, at)), get(feed(channel, at))])
    const again = await get(feed(channel, at))
    isMeasured = performance.now() - began < 1_900
    if (isMeasured) assert.deepEqual([retry.body.data, again.body.data], [first.body.data, first.body.data])
  }
  const first = await get(feed(channel, CONSTANT))
  await eventually(
    () => get(feed(channel, CONSTANT)),
    answer => answer.body.data.pre_timestamp !== first.body.data.pre_timestamp && idsOf(answer)[0] !== idsOf(first)[0],
  )
})

test('a number near the clock is still a retry after two seconds, and one that we issued is a page for days', async () => {
  const { get } = await signIn()
  const { channel } = await createReading()
  const at = refresh()
  const first = await get(feed(channel, at))
  const second = await get(feed(channel, first.body.data.pre_timestamp))
  await product.db
    .updateTable('page')
    .set({ stamp: 1_556_789_000_000n })
    .where('older', '=', BigInt(second.body.data.pre_timestamp))
    .execute()
  await pause(2_100)
  assert.deepEqual((await get(feed(channel, at))).body.data, first.body.data)
  assert.deepEqual((await get(feed(channel, 1_556_789_000_000))).body.data, second.body.data)
})
