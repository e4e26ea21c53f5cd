import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { deleteOldPages } from '../../src/recommend/pages/retention.sql.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'

// The gRPC response has no field for reasons.
const REMOTE = SETTING === 'cluster' && 'a recommender in another process gives no reasons'

let product: Product
let channels: number[]
let mobile = 13_900_000_000

before(async () => {
  product = await startProduct()
  channels = await Promise.all(['科技', '体育', '财经', '美食', '旅行', '健康', '汽车', '教育'].map(name => product.createChannel(name)))
  await product.publish(Array.from({ length: 400 }, (_, i) => ({ channel: channels[i % 8] as number, ageSeconds: i * 200 })))
})

const signInReader = () => product.signIn('someone', String(mobile++))
const feed = (cursor: number, channel = 0) => `/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=0`
const idsOf = (answer: Answer): bigint[] => answer.body.data.results.map((result: { art_id: bigint }) => result.art_id)
const share = (answer: Answer, channel: number) =>
  answer.body.data.results.filter((result: { ch_id: number }) => result.ch_id === channel).length

/** Opens an article as clients do, with the tracking token of a click if `trace` is given. */
async function open(reader: Person, id: bigint, trace?: string) {
  await reader.get(`/app/v1_0/articles/${id}`, trace === undefined ? {} : { headers: { trace } })
}

test('a reader who opens three articles of a channel gets at least three more of it on the next page', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(AN_HOUR_AGO))
  const [liked] = channels as [number]
  const [a, b, c] = idsOf(await reader.get(feed(AN_HOUR_AGO + 1, liked))) as [bigint, bigint, bigint]
  for (const id of [a, b, c]) await open(reader, id)
  await product.waitForBehaviours(`r${reader.id}`, 3)
  const next = await reader.get(feed(AN_HOUR_AGO + 2))
  assert.ok(share(next, liked) >= share(first, liked) + 3, `${share(first, liked)} before, ${share(next, liked)} after`)
})

test('an article that was opened is not shown again', async () => {
  const reader = await signInReader()
  const first = idsOf(await reader.get(feed(1)))
  await open(reader, first[0] as bigint)
  await product.waitForBehaviours(`r${reader.id}`, 1)
  for (let refresh = 2; refresh < 60; refresh++) assert.ok(!idsOf(await reader.get(feed(refresh))).includes(first[0] as bigint))
})

test('articles of creators whom the reader follows are found and raised', { skip: REMOTE }, async () => {
  const [reader, writer] = [await signInReader(), await signInReader()]
  const ids = await product.publish(
    Array.from({ length: 2 }, (_, i) => ({ channel: channels[1] as number, author: writer.id, ageSeconds: 3_600 * (i + 2) })),
  )
  const without = await reader.get(feed(AN_HOUR_AGO))
  await product.db.insertInto('following').values({ reader_id: reader.id, creator_id: writer.id }).execute()
  const follower = await signInReader()
  await product.db.insertInto('following').values({ reader_id: follower.id, creator_id: writer.id }).execute()
  const answer = await follower.get(`${feed(AN_HOUR_AGO)}&explain=1`)
  const found = answer.body.data.results.filter((result: { why: { sources: string[] } }) => result.why.sources.includes('following'))
  assert.ok(found.length >= 1)
  for (const result of found) {
    assert.ok(ids.includes(result.art_id))
    assert.equal(result.why.factors.closeness, 1.5)
  }
  assert.ok(idsOf(without).length === 10)
})

test('with explain=1 a page has the sources and factors of each article, and the funnel', { skip: REMOTE }, async () => {
  const reader = await signInReader()
  const plain = await reader.get(feed(AN_HOUR_AGO))
  assert.equal(plain.body.data.results[0].why, undefined)
  assert.equal(plain.body.data.funnel, undefined)
  const { data } = (await reader.get(`${feed(AN_HOUR_AGO)}&explain=1`)).body
  for (const { why } of data.results) {
    assert.ok(why.sources.length > 0)
    if (why.sources[0] !== 'explore') assert.ok(why.factors.freshness > 0)
  }
  const steps = new Set(data.funnel.map((one: { step: string }) => one.step))
  for (const step of ['source.trending', 'source.fresh', 'filter.unseen', 'select.diversity']) assert.ok(steps.has(step), step)
})

test('one place of a page is for exploration, and its propensity is stored', async () => {
  const reader = await signInReader()
  await reader.get(feed(AN_HOUR_AGO))
  const page = await product.db.selectFrom('page').selectAll().where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  assert.equal(page.sources[4], 5)
  assert.ok((page.propensity[4] as number) < 1000 && (page.propensity[4] as number) > 0)
  assert.deepEqual(
    page.propensity.toSpliced(4, 1),
    Array.from({ length: 9 }, () => 1000),
  )
})

test('a click without a token is attributed to the newest page with the article, and one with a token to its page', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(AN_HOUR_AGO))
  const [plain, traced] = first.body.data.results
  await open(reader, plain.art_id)
  await open(reader, traced.art_id, traced.trace.click)
  await open(reader, traced.art_id, traced.trace.click)
  await product.waitForBehaviours(`r${reader.id}`, 2)
  const page = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  const clicks = await product.db
    .selectFrom('behaviour')
    .select(['article_id', 'page_id', 'position'])
    .where('viewer', '=', `r${reader.id}`)
    .orderBy('position')
    .execute()
  assert.deepEqual(clicks, [
    { article_id: plain.art_id, page_id: page.id, position: 0 },
    { article_id: traced.art_id, page_id: page.id, position: 1 },
  ])
})

test('an article that was seen stays seen after its page was deleted', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(AN_HOUR_AGO))
  await reader.get(feed(first.body.data.pre_timestamp))
  const longAgo = new Date(Date.now() - 5 * 86_400_000)
  await product.db.updateTable('page').set({ made_at: longAgo }).where('viewer', '=', `r${reader.id}`).execute()
  while ((await deleteOldPages(product.db, { days: 3, perViewer: 1_000, limit: 500 })) > 0);
  assert.equal((await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).execute()).length, 0)
  const again = new Set<bigint>()
  for (let refresh = 0; refresh < 45; refresh++)
    for (const id of idsOf(await reader.get(feed(AN_HOUR_AGO + 1_000 + refresh)))) again.add(id)
  assert.deepEqual(
    idsOf(first).filter(id => again.has(id)),
    [],
  )
})

test('only the newest pages of a viewer are kept', async () => {
  const reader = await signInReader()
  for (let refresh = 1; refresh <= 6; refresh++) await reader.get(feed(refresh))
  await deleteOldPages(product.db, { days: 3, perViewer: 4, limit: 500 })
  const asked = await product.db.selectFrom('page').select('asked').where('viewer', '=', `r${reader.id}`).orderBy('asked').execute()
  assert.deepEqual(
    asked.map(row => Number(row.asked)),
    [3, 4, 5, 6],
  )
})

test('articles of a creator who was just blocked are not on the next page, although it was ranked ahead', async () => {
  const [reader, writer] = [await signInReader(), await signInReader()]
  const own = await product.createChannel('连载')
  await product.publish(Array.from({ length: 30 }, (_, i) => ({ channel: own, author: writer.id, ageSeconds: i + 1 })))
  const first = await reader.get(feed(AN_HOUR_AGO, own))
  assert.equal(idsOf(first).length, 10)
  await reader.post('/app/v1_0/user/blacklists', { target: writer.id })
  assert.deepEqual(idsOf(await reader.get(feed(first.body.data.pre_timestamp, own))), [])
})

for (const [who, isRemembered] of [
  ['reader', false],
  ['reader who was active a moment ago', true],
] as const)
  test(`a ${who} signs in while scrolling and continues without the articles already shown`, async () => {
    const own = await product.createChannel(isRemembered ? '晚报' : '副刊')
    await product.publish(Array.from({ length: 30 }, (_, i) => ({ channel: own, ageSeconds: i + 1 })))
    const first = await product.request('GET', feed(1, own))
    const second = await product.request('GET', feed(first.body.data.pre_timestamp, own))
    const reader = await signInReader()
    if (isRemembered) await reader.get(feed(Date.now()))
    const third = await reader.get(feed(second.body.data.pre_timestamp, own))
    assert.equal(idsOf(third).length, 10)
    const shown = new Set([first, second].flatMap(idsOf))
    assert.deepEqual(
      idsOf(third).filter(id => shown.has(id)),
      [],
    )
  })

/** Thirty articles in a channel of its own, three authors in turn. */
async function publishColumn(name: string, ageSeconds = 0) {
  const channel = await product.createChannel(name)
  const authors = [await signInReader(), await signInReader(), await signInReader()].map(({ id }) => id)
  const drafts = Array.from({ length: 30 }, (_, i) => ({
    channel,
    author: authors[i % 3] as Person['id'],
    title: i % 2 ? `第 ${i} 篇` : `Part ${i}`,
    ageSeconds: ageSeconds + i + 1,
  }))
  return { channel, authors, ids: await product.publish(drafts) }
}
const phone = (path: string, method = 'GET', json?: unknown) =>
  product.request(method, path, json, { headers: { authorization: 'Anony dialling' } })
const authorsOf = (answer: Answer) => new Set<bigint>(answer.body.data.results.map((result: { aut_id: bigint }) => result.aut_id))

test('what a reader or a device is not interested in is not on their next page, nor on it when it is read again', async () => {
  const { channel } = await publishColumn('小说')
  const reader = await signInReader()
  const viewers = [reader, { get: (path: string) => phone(path), post: (path: string, json: unknown) => phone(path, 'POST', json) }]
  for (const viewer of viewers) {
    const first = await viewer.get(feed(AN_HOUR_AGO, channel))
    // It would be on the next page: the buffer is ranked ahead.
    const unwanted = (await product.request('GET', feed(AN_HOUR_AGO, channel))).body.data.results
      .map((result: { art_id: bigint }) => result.art_id)
      .find((id: bigint) => !idsOf(first).includes(id))
    const target = unwanted ?? idsOf(first)[3]
    assert.equal((await viewer.post('/v1/not-interested', { article_id: String(target) })).status, 204)
    for (let cursor = first.body.data.pre_timestamp; cursor !== null; ) {
      const page = await viewer.get(feed(cursor, channel))
      assert.ok(!idsOf(page).includes(target as bigint))
      cursor = page.body.data.pre_timestamp
    }
    const { results } = (await viewer.get('/v1/not-interested')).body.data
    assert.deepEqual(
      results.map((card: { art_id: string }) => card.art_id),
      [String(target)],
    )
  }
})

test('articles of a muted author, and with a muted word, are on no page until they are taken back', async () => {
  const { channel, authors, ids } = await publishColumn('随笔')
  const reader = await signInReader()
  const muted = authors[0] as bigint
  const first = await reader.get(feed(1, channel))
  assert.ok(authorsOf(first).has(muted))
  assert.equal((await reader.post('/v1/mutes', { kind: 'author', target: String(muted) })).status, 204)
  assert.equal((await reader.post('/v1/mutes', { kind: 'word', target: 'pART' })).status, 204)
  const page = await reader.get(feed(2, channel))
  assert.ok(!authorsOf(page).has(muted))
  for (const { title } of page.body.data.results) assert.doesNotMatch(title, /part/i)
  const { mutes } = (await reader.get('/v1/dials')).body.data
  assert.deepEqual(
    mutes.map(({ kind, target }: { kind: string; target: string }) => [kind, target]),
    [
      ['author', String(muted)],
      ['word', 'part'],
    ],
  )
  const why = async (id: bigint | undefined) => (await reader.get(`/v1/explain?article_id=${id}&channel_id=${channel}`)).body.data
  // Every third article is by the author. Of one that was on the first page, for exploration too, the answer is that it was shown.
  const unseen = ids.find((id, i) => i % 3 === 0 && !idsOf(first).includes(id))
  if (!REMOTE) assert.equal((await why(unseen)).removed_by, 'filter.unmuted')
  assert.equal((await reader.delete(`/v1/mutes/author/${muted}`)).status, 204)
  assert.equal((await reader.delete('/v1/mutes/word/Part')).status, 204)
  assert.deepEqual((await reader.get('/v1/dials')).body.data.mutes, [])
  const all = new Set<bigint>()
  for (let cursor: number | null = 3; cursor !== null; ) {
    const next = await reader.get(feed(cursor, channel))
    for (const id of authorsOf(next)) all.add(id)
    cursor = next.body.data.pre_timestamp
  }
  assert.ok(all.has(muted))
})

test('the interests a device chooses are found and raised on its next page, and a muted channel is only on its own', async () => {
  const { channel } = await publishColumn('天文', 12 * 3_600)
  const viewer = (path: string, method = 'GET', json?: unknown) =>
    product.request(method, path, json, { headers: { authorization: 'Anony choosing' } })
  const first = await viewer(feed(AN_HOUR_AGO))
  const chosen = await viewer('/v1/dials', 'PATCH', { interests: [channel], language: 'zh' })
  assert.deepEqual([chosen.body.data.interests, chosen.body.data.language], [[channel], 'zh'])
  // The continuation was ranked ahead, without the interests.
  const next = await viewer(`${feed(first.body.data.pre_timestamp)}&explain=1`)
  assert.ok(share(next, channel) > share(first, channel) && share(next, channel) >= 3, `${share(first, channel)}, ${share(next, channel)}`)
  const found = next.body.data.results.find((result: { ch_id: number }) => result.ch_id === channel)
  if (!REMOTE) assert.deepEqual([found.why.factors.choice, found.why.sources.includes('interests')], [3, true])
  await viewer('/v1/mutes', 'POST', { kind: 'channel', target: String(channel) })
  assert.equal(share(await viewer(feed(AN_HOUR_AGO + 5)), channel), 0)
  assert.equal(share(await viewer(feed(AN_HOUR_AGO + 5, channel)), channel), 10)
})

test('whoever has chosen a language gets all that is left in it before anything else, also beside an article', async () => {
  const channel = await product.createChannel('双语')
  const title = (i: number) => (i % 3 === 0 ? `Ferries of Lowmere ${i}` : `渡口见闻 ${i}`)
  // The English ones are four days older, and so score lower.
  const age = (i: number) => i * 60 + (i % 3 === 0 ? 345_600 : 0)
  const ids = await product.publish(Array.from({ length: 45 }, (_, i) => ({ channel, title: title(i), ageSeconds: age(i) })))
  const viewer = (path: string, method = 'GET', json?: unknown) =>
    product.request(method, path, json, { headers: { authorization: 'Anony bilingual' } })
  await viewer('/v1/dials', 'PATCH', { language: 'en' })
  for (const [place, sessions] of [
    [channel, [AN_HOUR_AGO, AN_HOUR_AGO + 9]],
    [0, [AN_HOUR_AGO]],
  ] as const)
    for (const start of sessions) {
      const titles: string[] = []
      for (let cursor: number | null = start; cursor !== null && titles.length < 20; ) {
        const next = await viewer(feed(cursor, place))
        titles.push(...next.body.data.results.map((result: { title: string }) => result.title))
        cursor = next.body.data.pre_timestamp
      }
      const english = titles.findLastIndex(each => each.startsWith('Ferries')) + 1
      assert.ok(titles.length >= 20 && titles.slice(0, english).every(each => each.startsWith('Ferries')), titles.join())
      if (start === AN_HOUR_AGO && place === channel) assert.equal(english, 15)
    }
  const beside = (await viewer(`/v1_0/articles/${ids[3]}`)).body.data.recomments as { title: string }[]
  assert.ok(beside.length > 0 && beside.every(each => each.title.startsWith('Ferries')))
})

test('a dial that means nothing is refused, and an anonymous viewer has none', async () => {
  const reader = await signInReader()
  const statuses = await Promise.all([
    reader.post('/v1/mutes', { kind: 'author', target: '12345' }),
    reader.post('/v1/mutes', { kind: 'channel', target: '99999' }),
    reader.post('/v1/mutes', { kind: 'author', target: String(reader.id) }),
    reader.post('/v1/mutes', { kind: 'word', target: '\u200b' }),
    reader.post('/v1/not-interested', { article_id: '12345' }),
    reader.patch('/v1/dials', { interests: [99_999] }),
    product.request('POST', '/v1/mutes', { kind: 'word', target: 'x' }),
    product.request('GET', '/v1/dials'),
  ])
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [404, 404, 400, 400, 404, 404, 401, 200],
  )
  await repeat(200, i => reader.post('/v1/mutes', { kind: 'word', target: `w${i}` }))
  assert.equal((await reader.post('/v1/mutes', { kind: 'word', target: 'one more' })).status, 400)
  assert.equal((await reader.post('/v1/mutes', { kind: 'word', target: 'W7' })).status, 204)
  assert.equal((await reader.get('/v1/dials')).body.data.mutes.length, 200)
})
