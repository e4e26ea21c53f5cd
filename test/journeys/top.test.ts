import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { createPinnedArticles } from '../../src/features/pinned/pinned.ts'
import { runCli } from '../support/cli.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually, pause } from '../support/waiting.ts'

const NOW = 1_700_000_000_000
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
  await product.waitOnAllApis(feed(tech, NOW), answer => topsOf(answer).length === 2)
  await product.waitOnAllApis(feed(0, NOW), answer => topsOf(answer).length === 1)
})

const tops = () => createPinnedArticles({ db: product.db, clock: Date.now })
const pin = (channel: number, id: bigint | undefined) => tops().add(channel, id as ArticleId)
const unpin = (channel: number, id: bigint | undefined) => tops().remove(channel, id as ArticleId)

/** The command line, as an editor uses it. */
const top = (...words: string[]) => runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['top', ...words, '--json'])

const feed = (channel: number, stamp: number, top: 0 | 1 = 1) =>
  `/app/v1_1/articles?channel_id=${channel}&timestamp=${stamp}&with_top=${top}`
const results = (answer: Answer): any[] => answer.body.data.results
const idsOf = (answer: Answer): bigint[] => results(answer).map(one => BigInt(one.art_id))
const topsOf = (answer: Answer) => results(answer).filter(one => one.is_top === 1)

let phone = 13_900_000_000
const someone = () => product.signIn('someone', String(phone++))
const askers: Record<string, () => Promise<(path: string) => Promise<Answer>>> = {
  'a reader': async () => (await someone()).get,
  'a device': async () => path => product.request('GET', path, undefined, { headers: { authorization: 'Anony phone-1' } }),
  nobody: async () => path => product.request('GET', path),
}

for (const [who, asker] of Object.entries(askers)) {
  test(`${who} sees what is pinned before ten others, on the page that begins a scroll and on no other`, async () => {
    const get = await asker()
    const first = await get(feed(tech, NOW))
    assert.deepEqual(idsOf(first).slice(0, 2), pinned)
    assert.deepEqual(
      results(first).map(one => one.is_top),
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
    const shown = idsOf(first)
    for (let stamp = first.body.data.pre_timestamp; stamp !== null; ) {
      const next = await get(feed(tech, stamp))
      assert.deepEqual(topsOf(next), [])
      shown.push(...idsOf(next))
      stamp = next.body.data.pre_timestamp
    }
    assert.equal(shown.length, 30)
    assert.equal(new Set(shown).size, 30, 'what is pinned comes once, and nothing is missing')
  })

  test(`${who} who does not ask for what is pinned finds it in its place`, async () => {
    const get = await asker()
    const first = await get(feed(tech, NOW + 1, 0))
    assert.equal(idsOf(first).length, 10)
    assert.deepEqual(topsOf(first), [])
  })

  test(`${who} finds what is pinned in the generation with text ids as well`, async () => {
    const get = await asker()
    const { text } = await get(`/v1_0/articles?channel_id=${tech}&timestamp=${NOW + 2}&with_top=1`)
    assert.deepEqual(
      JSON.parse(text)
        .data.results.slice(0, 2)
        .map((one: any) => [one.art_id, one.is_top]),
      pinned.map(id => [String(id), 1]),
    )
    assert.deepEqual(topsOf(await get(`/v1_0/articles?channel_id=${tech}&timestamp=${NOW + 3}`)), [])
  })
}

test('each channel has its own, and the recommended one too', async () => {
  assert.deepEqual(idsOf(await alice.get(feed(0, NOW)))[0], articles[3])
  assert.equal(topsOf(await alice.get(feed(0, NOW))).length, 1)
  assert.deepEqual(topsOf(await alice.get(feed(sport, NOW))), [])
})

test('a refresh sent once more brings the same page with what is pinned, to the byte', async () => {
  const reader = await someone()
  const first = await reader.get(feed(tech, NOW))
  assert.equal(topsOf(first).length, 2)
  assert.equal((await reader.get(feed(tech, NOW))).text, first.text)
})

test('an older page is read again without what is pinned', async () => {
  const reader = await someone()
  const first = await reader.get(feed(tech, NOW))
  const next = await reader.get(feed(tech, first.body.data.pre_timestamp))
  assert.deepEqual(idsOf(await reader.get(feed(tech, first.body.data.pre_timestamp))), idsOf(next))
  assert.deepEqual(topsOf(next), [])
})

test('what is pinned does not count as served: it is there again on the next refresh', async () => {
  const reader = await someone()
  const first = await reader.get(feed(tech, NOW))
  const pages = await product.db.selectFrom('page').select('article_ids').where('viewer', '=', `r${reader.id}`).execute()
  assert.deepEqual(
    pages.map(page => page.article_ids),
    [idsOf(first).slice(2)],
  )
  assert.deepEqual(idsOf(await reader.get(feed(tech, NOW + 1))).slice(0, 2), pinned)
})

test('a click on what is pinned is laid to the page it was shown with, and to no place of it', async () => {
  const reader = await someone()
  const [top] = results(await reader.get(feed(tech, NOW)))
  for (const trace of Object.values(top.trace)) assert.match(trace as string, /^[cksr][A-Za-z0-9_-]{64}$/)
  for (let i = 0; i < 3; i++) await reader.get(`/app/v1_0/articles/${top.art_id}`, { headers: { trace: top.trace.click } })
  await product.waitForBehaviours(`r${reader.id}`, 1)
  await pause(100) // for one more than there should be
  const { id } = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  const clicks = await product.db.selectFrom('behaviour').select(['page_id', 'position']).where('viewer', '=', `r${reader.id}`).execute()
  assert.deepEqual(clicks, [{ page_id: id, position: 255 }])
})

test('a reader who blocks its author, or dislikes it, is not shown what is pinned', async () => {
  const [reader, author] = [await someone(), await someone()]
  const own = await product.createChannel('副刊')
  const ids = await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: own, author: author.id, ageSeconds: i + 1 })))
  const others = await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: own, ageSeconds: i + 100 })))
  await pin(own, ids[0])
  await pin(own, others[0])
  await product.waitOnAllApis(feed(own, NOW), answer => topsOf(answer).length === 2)
  await reader.post('/app/v1_0/user/blacklists', { target: author.id })
  assert.deepEqual(
    topsOf(await reader.get(feed(own, NOW + 1))).map(one => one.art_id),
    [others[0]],
  )
  await reader.post('/app/v1_0/article/dislikes', { target: others[0] })
  assert.deepEqual(topsOf(await reader.get(feed(own, NOW + 2))), [])
})

test('a withdrawn article is pinned no longer, and the next one takes its place: three at most', async () => {
  const own = await product.createChannel('汽车')
  const ids = await product.publish(Array.from({ length: 20 }, (_, i) => ({ channel: own, ageSeconds: i + 1 })))
  for (const id of ids.slice(0, 4)) await pin(own, id)
  const shown = async () => topsOf(await product.request('GET', feed(own, NOW))).map(one => one.art_id)
  assert.deepEqual(await eventually(shown, tops => tops.length === 3), [ids[3], ids[2], ids[1]])
  await product.db
    .updateTable('article')
    .set({ status: 5 })
    .where('id', '=', ids[2] as never)
    .execute()
  assert.deepEqual(await eventually(shown, tops => !tops.includes(ids[2])), [ids[3], ids[1], ids[0]])
  await unpin(own, ids[3])
  assert.deepEqual(await eventually(shown, tops => !tops.includes(ids[3])), [ids[1], ids[0]])
})

for (const [who, asker] of Object.entries(askers))
  test(`${who} comes to the end of a channel that holds nothing but what is pinned`, async () => {
    const get = await asker()
    const own = await product.createChannel(`只有置顶 ${who}`)
    const [only] = await product.publish([{ channel: own }])
    await pin(own, only)
    await eventually(
      () => product.request('GET', feed(own, NOW)),
      answer => topsOf(answer).length === 1,
    )
    const first = await get(feed(own, NOW + 1))
    assert.deepEqual(
      results(first).map(one => [one.art_id, one.is_top]),
      [[only, 1]],
    )
    await pause(300) // for a quarter of a second it is sent as the same bytes
    assert.deepEqual((await get(feed(own, NOW + 1))).body.data, first.body.data, 'a refresh sent once more')
    const last = await get(feed(own, first.body.data.pre_timestamp))
    assert.deepEqual(last.body.data, { pre_timestamp: null, results: [] })
  })

test('what stood above a scroll and gave way to another comes in its rest only when nothing else is left', async () => {
  const reader = await someone()
  const own = await product.createChannel('健康')
  const ids = await product.publish(Array.from({ length: 100 }, (_, i) => ({ channel: own, ageSeconds: i + 1 })))
  for (const id of ids.slice(0, 3)) await pin(own, id)
  const topIds = (answer: Answer) => topsOf(answer).map(one => BigInt(one.art_id))
  const refreshed = (at: number, first: bigint | undefined) =>
    product.waitOnAllApis(feed(own, at), answer => topIds(answer)[0] === first && topIds(answer).length === 3)
  await refreshed(NOW, ids[2])
  const first = await reader.get(feed(own, NOW))
  assert.deepEqual(topIds(first), [ids[2], ids[1], ids[0]])
  await pin(own, ids[99])
  await refreshed(NOW + 1, ids[99])
  const pages: bigint[][] = []
  for (let stamp = first.body.data.pre_timestamp; stamp !== null; ) {
    const next = await reader.get(feed(own, stamp))
    pages.push(idsOf(next))
    stamp = next.body.data.pre_timestamp
  }
  assert.deepEqual(pages.splice(-2), [[ids[0]], []])
  assert.ok(!pages.flat().includes(ids[0] as bigint))
  const shown = [...idsOf(first), ...pages.flat()]
  assert.equal(new Set(shown).size, shown.length, 'nothing comes twice')
  assert.equal(shown.length, 99, 'what was pinned amid the scroll is above the next one')
})

test('the lists of an author say what is pinned in its own channel', async () => {
  const author = await someone()
  const own = await product.createChannel('美食')
  const [a, b] = await product.publish([
    { channel: own, author: author.id },
    { channel: own, author: author.id },
  ])
  await pin(own, a)
  await pin(0, b)
  const answer = await product.request('GET', `/app/v1_0/users/${author.id}/articles`)
  assert.deepEqual(
    results(answer).map(one => [one.art_id, one.is_top]),
    [
      [a, 1],
      [b, 0],
    ],
  )
  await unpin(0, b)
})

test('the command line lists what is pinned, and refuses what cannot be', async () => {
  const { json: listed, err } = await top('list')
  assert.equal(err.split('\n').length, listed.count + 1, 'people read a line on each')
  assert.deepEqual(
    listed.tops.filter((one: any) => Number(one.channel_id) === tech).map((one: any) => one.article_id),
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
