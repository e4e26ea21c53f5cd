import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { runCli } from '../support/cli.ts'
import { editorOf } from '../support/editor.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { lastOperation } from '../support/office.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually, pause } from '../support/waiting.ts'

const NOW = AN_HOUR_AGO
let product: Product
let alice: Person
let tech: number
let sport: number
let articles: bigint[]
let pinned: bigint[]

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
  tech = await product.createChannel('科技')
  sport = await product.createChannel('体育')
  articles = await product.publish(Array.from({ length: 40 }, (_, i) => ({ channel: i < 30 ? tech : sport, ageSeconds: i * 60 + 1 })))
  pinned = [articles[25], articles[3]] as bigint[]
  for (const id of pinned.toReversed()) assert.equal((await top('add', String(tech), String(id))).code, 0)
  await pin(0, articles[3])
  await product.waitOnAllApis(feed(tech, NOW), answer => pinnedCardsOf(answer).length === 2)
  await product.waitOnAllApis(feed(0, NOW), answer => pinnedCardsOf(answer).length === 1)
})

const pin = (channel: number, id: bigint | undefined) => editorOf(product).pin(channel, id as ArticleId)
const unpin = (channel: number, id: bigint | undefined) => editorOf(product).unpin(channel, id as ArticleId)

/** The command line, as an editor uses it. */
const top = (...words: string[]) => runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['top', ...words, '--json'])

const feed = (channel: number, cursor: number, top: 0 | 1 = 1) =>
  `/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=${top}`
const results = (answer: Answer): any[] => answer.body.data.results
const idsOf = (answer: Answer): bigint[] => results(answer).map(card => BigInt(card.art_id))
const pinnedCardsOf = (answer: Answer) => results(answer).filter(card => card.is_top === 1)

let phone = 13_900_000_000
const signInReader = () => product.signIn('someone', String(phone++))
const viewers: Record<string, () => Promise<(path: string) => Promise<Answer>>> = {
  'a reader': async () => (await signInReader()).get,
  'a device': async () => path => product.request('GET', path, undefined, { headers: { authorization: 'Anony phone-1' } }),
  'an anonymous viewer': async () => path => product.request('GET', path),
}

for (const [who, getAs] of Object.entries(viewers)) {
  test(`${who} sees pinned articles above the ten of a first page, and on no other page`, async () => {
    const get = await getAs()
    const first = await get(feed(tech, NOW))
    assert.deepEqual(idsOf(first).slice(0, 2), pinned)
    assert.deepEqual(
      results(first).map(card => card.is_top),
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
    const shown = idsOf(first)
    for (let cursor = first.body.data.pre_timestamp; cursor !== null; ) {
      const next = await get(feed(tech, cursor))
      assert.deepEqual(pinnedCardsOf(next), [])
      shown.push(...idsOf(next))
      cursor = next.body.data.pre_timestamp
    }
    assert.equal(shown.length, 30)
    assert.equal(new Set(shown).size, 30, 'every article is shown once')
  })

  test(`${who} who sends with_top=0 sees pinned articles where they are ranked`, async () => {
    const get = await getAs()
    const first = await get(feed(tech, NOW + 1, 0))
    assert.equal(idsOf(first).length, 10)
    assert.deepEqual(pinnedCardsOf(first), [])
  })

  test(`${who} sees pinned articles in the generation with text ids, too`, async () => {
    const get = await getAs()
    const { text } = await get(`/v1_0/articles?channel_id=${tech}&timestamp=${NOW + 2}&with_top=1`)
    assert.deepEqual(
      JSON.parse(text)
        .data.results.slice(0, 2)
        .map((card: any) => [card.art_id, card.is_top]),
      pinned.map(id => [String(id), 1]),
    )
    assert.deepEqual(pinnedCardsOf(await get(`/v1_0/articles?channel_id=${tech}&timestamp=${NOW + 3}`)), [])
  })
}

test('each channel has its own pinned articles, and so has the recommended channel', async () => {
  assert.deepEqual(idsOf(await alice.get(feed(0, NOW)))[0], articles[3])
  assert.equal(pinnedCardsOf(await alice.get(feed(0, NOW))).length, 1)
  assert.deepEqual(pinnedCardsOf(await alice.get(feed(sport, NOW))), [])
})

test('a refresh that is sent again gets the same bytes, with the pinned articles', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(tech, NOW))
  assert.equal(pinnedCardsOf(first).length, 2)
  assert.equal((await reader.get(feed(tech, NOW))).text, first.text)
})

test('a later page that is read again has no pinned articles', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(tech, NOW))
  const next = await reader.get(feed(tech, first.body.data.pre_timestamp))
  assert.deepEqual(idsOf(await reader.get(feed(tech, first.body.data.pre_timestamp))), idsOf(next))
  assert.deepEqual(pinnedCardsOf(next), [])
})

test('a pinned article does not count as served: it is above the next refresh again', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(tech, NOW))
  const pages = await product.db.selectFrom('page').select('article_ids').where('viewer', '=', `r${reader.id}`).execute()
  assert.deepEqual(
    pages.map(page => page.article_ids),
    [idsOf(first).slice(2)],
  )
  assert.deepEqual(idsOf(await reader.get(feed(tech, NOW + 1))).slice(0, 2), pinned)
})

test('a click on a pinned article is attributed to the page below it, without a position', async () => {
  const reader = await signInReader()
  const [top] = results(await reader.get(feed(tech, NOW)))
  for (const trace of Object.values(top.trace)) assert.match(trace as string, /^[cksr][A-Za-z0-9_-]{64}$/)
  for (let i = 0; i < 3; i++) await reader.get(`/app/v1_0/articles/${top.art_id}`, { headers: { trace: top.trace.click } })
  await product.waitForBehaviours(`r${reader.id}`, 1)
  await pause(100) // a second row would be written within this time
  const { id } = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  const clicks = await product.db.selectFrom('behaviour').select(['page_id', 'position']).where('viewer', '=', `r${reader.id}`).execute()
  assert.deepEqual(clicks, [{ page_id: id, position: 255 }])
})

test('a reader does not see pinned articles that they dislike or whose author they block', async () => {
  const [reader, author] = [await signInReader(), await signInReader()]
  const own = await product.createChannel('副刊')
  const ids = await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: own, author: author.id, ageSeconds: i + 1 })))
  const others = await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: own, ageSeconds: i + 100 })))
  await pin(own, ids[0])
  await pin(own, others[0])
  await product.waitOnAllApis(feed(own, NOW), answer => pinnedCardsOf(answer).length === 2)
  await reader.post('/app/v1_0/user/blacklists', { target: author.id })
  assert.deepEqual(
    pinnedCardsOf(await reader.get(feed(own, NOW + 1))).map(card => card.art_id),
    [others[0]],
  )
  await reader.post('/app/v1_0/article/dislikes', { target: others[0] })
  assert.deepEqual(pinnedCardsOf(await reader.get(feed(own, NOW + 2))), [])
})

test('when a pinned article is withdrawn the next card takes its place, three at most', async () => {
  const own = await product.createChannel('汽车')
  const ids = await product.publish(Array.from({ length: 20 }, (_, i) => ({ channel: own, ageSeconds: i + 1 })))
  for (const id of ids.slice(0, 4)) await pin(own, id)
  const shown = async () => pinnedCardsOf(await product.request('GET', feed(own, NOW))).map(card => card.art_id)
  assert.deepEqual(await eventually(shown, tops => tops[0] === ids[3]), [ids[3], ids[2], ids[1]])
  await product.db
    .updateTable('article')
    .set({ status: 5 })
    .where('id', '=', ids[2] as never)
    .execute()
  assert.deepEqual(await eventually(shown, tops => !tops.includes(ids[2]) && tops.length === 3), [ids[3], ids[1], ids[0]])
  await unpin(own, ids[3])
  assert.deepEqual(await eventually(shown, tops => !tops.includes(ids[3])), [ids[1], ids[0]])
})

for (const [who, getAs] of Object.entries(viewers))
  test(`${who} reaches the end of a channel that has only a pinned article`, async () => {
    const get = await getAs()
    const own = await product.createChannel(`只有置顶 ${who}`)
    const [only] = await product.publish([{ channel: own }])
    await pin(own, only)
    await eventually(
      () => product.request('GET', feed(own, NOW)),
      answer => pinnedCardsOf(answer).length === 1,
    )
    let [minute, first, again] = [-1] as unknown as [number, Answer, Answer]
    // An anonymous viewer gets another list in each minute.
    while (minute !== Math.floor(Date.now() / 60_000)) {
      minute = Math.floor(Date.now() / 60_000)
      first = await get(feed(own, NOW + 1))
      await pause(300) // the same bytes are sent for a quarter of a second
      again = await get(feed(own, NOW + 1))
    }
    assert.deepEqual(
      results(first).map(card => [card.art_id, card.is_top]),
      [[only, 1]],
    )
    assert.deepEqual(again.body.data, first.body.data, 'the same refresh again')
    const last = await get(feed(own, first.body.data.pre_timestamp))
    assert.deepEqual(last.body.data, { pre_timestamp: null, results: [] })
  })

test('an article that was pinned above a session and then replaced is not shown in it again, and the one that replaced it is shown once', async () => {
  const reader = await signInReader()
  const own = await product.createChannel('健康')
  const ids = await product.publish(Array.from({ length: 100 }, (_, i) => ({ channel: own, ageSeconds: i + 1 })))
  for (const id of ids.slice(0, 3)) await pin(own, id)
  const topIds = (answer: Answer) => pinnedCardsOf(answer).map(card => BigInt(card.art_id))
  const refreshed = (at: number, first: bigint | undefined) =>
    product.waitOnAllApis(feed(own, at), answer => topIds(answer)[0] === first && topIds(answer).length === 3)
  await refreshed(NOW, ids[2])
  const first = await reader.get(feed(own, NOW))
  assert.deepEqual(topIds(first), [ids[2], ids[1], ids[0]])
  await pin(own, ids[99])
  await refreshed(NOW + 1, ids[99])
  const pages: bigint[][] = []
  for (let cursor = first.body.data.pre_timestamp; cursor !== null; ) {
    const next = await reader.get(feed(own, cursor))
    pages.push(idsOf(next))
    cursor = next.body.data.pre_timestamp
  }
  const shown = [...idsOf(first), ...pages.flat()]
  assert.equal(new Set(shown).size, shown.length, 'no article is shown twice')
  assert.equal(shown.length, 100)
})

test('a page that was stored with pinned articles and is asked for without them has the others', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(tech, NOW))
  assert.deepEqual(idsOf(await reader.get(feed(tech, NOW, 0))), idsOf(first).slice(2))
  assert.equal((await reader.get(feed(tech, NOW))).text, first.text)
})

test('the list of an author marks articles pinned in their own channel', async () => {
  const author = await signInReader()
  const own = await product.createChannel('美食')
  const [a, b] = await product.publish([
    { channel: own, author: author.id },
    { channel: own, author: author.id },
  ])
  await pin(own, a)
  await pin(0, b)
  const answer = await product.request('GET', `/app/v1_0/users/${author.id}/articles`)
  assert.deepEqual(
    results(answer).map(card => [card.art_id, card.is_top]),
    [
      [a, 1],
      [b, 0],
    ],
  )
  await unpin(0, b)
})

test('the command line lists pinned articles, and refuses invalid operands', async () => {
  const { json: listed } = await top('list')
  assert.deepEqual(
    listed.tops.filter((card: any) => Number(card.channel_id) === tech).map((card: any) => card.article_id),
    pinned,
  )
  const codes = await Promise.all(
    [
      ['add', '99999', String(articles[0])],
      ['add', String(tech), '5'],
      ['remove', String(tech), String(articles[0])],
      ['add', 'x', '1'],
      ['add', '1'],
    ].map(async words => (await top(...words)).code),
  )
  assert.deepEqual(codes, [1, 1, 1, 2, 2])
})

test('a pin is in the operation log, before and after, or is not made; editors who pin at once have ranks of their own', async () => {
  const { db } = product
  const own = await product.createChannel('旅行')
  const [a, b, ...others] = await product.publish(Array.from({ length: 8 }, () => ({ channel: own })))
  assert.deepEqual([(await top('add', String(own), String(a))).code, (await top('add', String(own), String(b))).code], [0, 0])
  const { administrator_name, operation, description, before, after } = await lastOperation(product)
  assert.deepEqual(
    { administrator_name, operation, description, before, after },
    {
      administrator_name: 'command line',
      operation: 'pin article',
      description: `${b} above channel ${own}`,
      before: { pinned: [String(a)] },
      after: { pinned: [String(b), String(a)] },
    },
  )
  await Promise.all(others.map(id => pin(own, id)))
  const ranks = async () =>
    (await db.selectFrom('top_article').select('rank').where('channel_id', '=', own).execute()).map(({ rank }) => rank)
  assert.equal(new Set(await ranks()).size, 8)

  await sql`alter table operation_log add constraint unwritable check (operation <> 'unpin article') not valid`.execute(db)
  try {
    await assert.rejects(unpin(own, a), /unwritable/)
  } finally {
    await sql`alter table operation_log drop constraint unwritable`.execute(db)
  }
  assert.equal((await ranks()).length, 8)
})
