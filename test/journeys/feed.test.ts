import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let bob: Person
let tech: number
let sport: number

before(async () => {
  product = await startProduct()
  ;[alice, bob] = await Promise.all([product.signIn('alice'), product.signIn('bob')])
  tech = await product.createChannel('科技')
  sport = await product.createChannel('体育')
  await product.publish(
    Array.from({ length: 45 }, (_, i) => ({ channel: i % 3 === 0 ? sport : tech, title: `标题 ${i}`, ageSeconds: i * 60 })),
  )
})

const feed = (channel: number, cursor: number | bigint) => `/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=1`
const idsOf = (answer: { body: { data: { results: { art_id: bigint }[] } } }) => answer.body.data.results.map(result => result.art_id)

/** Scrolls to the end as existing clients do: with the cursor of the previous page, until a page is empty. */
async function scroll(get: (path: string) => Promise<{ status: number; body: any }>, channel: number, from = Date.now()) {
  const pages = []
  for (let cursor: number | null = from; cursor !== null; ) {
    const answer = await get(feed(channel, cursor))
    assert.equal(answer.status, 200)
    const { results, pre_timestamp } = answer.body.data
    assert.equal(results.length === 0, pre_timestamp === null, 'the cursor is null exactly on an empty page')
    pages.push(idsOf(answer))
    cursor = pre_timestamp
    assert.ok(pages.length < 100, 'the feed never ends')
  }
  return pages
}

const viewers: Record<string, () => (path: string) => Promise<{ status: number; body: any }>> = {
  'a reader': () => path => alice.get(path),
  'a device': () => path => product.request('GET', path, undefined, { headers: { authorization: 'Anony phone-1' } }),
  'an anonymous viewer': () => path => product.request('GET', path),
}
for (const [who, getAs] of Object.entries(viewers))
  test(`${who} who scrolls to the end sees every article once`, async () => {
    const pages = await scroll(getAs(), 0)
    const all = pages.flat()
    assert.equal(all.length, 45)
    assert.equal(new Set(all).size, 45, 'no article is shown twice')
    assert.equal(pages[0]?.length, 10)
  })

test('a page requested again by its cursor is the same page', async () => {
  const first = await bob.get(feed(tech, Date.now()))
  const second = await bob.get(feed(tech, first.body.data.pre_timestamp))
  const again = await bob.get(feed(tech, first.body.data.pre_timestamp))
  assert.deepEqual(again.body.data, second.body.data)
  assert.notDeepEqual(idsOf(second), idsOf(first))
})

test('a refresh that is sent again, as after a lost answer, gets the same page', async () => {
  const carol = await product.signIn('carol')
  const first = await carol.get(feed(0, AN_HOUR_AGO + 123))
  const again = await carol.get(feed(0, AN_HOUR_AGO + 123))
  assert.deepEqual(again.body.data, first.body.data)
})

test('the same refresh sent eight times at once stores one page', async () => {
  const dora = await product.signIn('dora', '13800000010')
  const answers = await Promise.all(Array.from({ length: 8 }, () => dora.get(feed(0, AN_HOUR_AGO + 456))))
  for (const answer of answers) assert.deepEqual(answer.body.data, answers[0]?.body.data)
})

test('a cursor is never a number that the client sent for a refresh', async () => {
  const kim = await product.signIn('kim', '13800000017')
  // A few milliseconds behind the server's clock: cursors that count down from there pass this number.
  const sent = Date.now() - 3
  const cursors = []
  for (let cursor: number | null = sent; cursor !== null; ) {
    const answer = await kim.get(feed(0, cursor))
    cursor = answer.body.data.pre_timestamp
    if (cursor !== null) cursors.push(cursor)
    assert.ok(cursors.length < 10)
  }
  assert.ok(!cursors.includes(sent))
})

test('devices of one reader that refresh at the same moment get feed sessions of their own', async () => {
  const erin = await product.signIn('erin', '13800000011')
  const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => erin.get(feed(0, AN_HOUR_AGO + 1_000 + i))))
  const cursors = answers.map(answer => answer.body.data.pre_timestamp)
  assert.equal(new Set(cursors).size, 6)
})

test('a phone whose clock is years slow gets a new page and can scroll on', async () => {
  const frank = await product.signIn('frank', '13800000012')
  const pages = await scroll(path => frank.get(path), tech, 1)
  assert.equal(new Set(pages.flat()).size, 30)
})

test('a refresh after a first page brings other articles', async () => {
  const gina = await product.signIn('gina', '13800000013')
  const first = idsOf(await gina.get(feed(0, AN_HOUR_AGO)))
  const second = idsOf(await gina.get(feed(0, AN_HOUR_AGO + 1)))
  assert.equal(second.length, 10)
  assert.deepEqual(
    second.filter(id => first.includes(id)),
    [],
  )
})

test('articles that were served and not seen return when no others are left, before the feed ends', async () => {
  const hugo = await product.signIn('hugo', '13800000014')
  const seen = new Set<bigint>()
  for (let refresh = 0; refresh < 5; refresh++) for (const id of idsOf(await hugo.get(feed(0, AN_HOUR_AGO + refresh)))) seen.add(id)
  assert.equal(seen.size, 45)
  assert.equal(idsOf(await hugo.get(feed(0, AN_HOUR_AGO + 9_999))).length, 10)
})

test('an article withdrawn after it was served is missing when the page is read again', async () => {
  const ida = await product.signIn('ida', '13800000015')
  const other = await product.createChannel('新闻')
  const ids = await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: other, title: `新闻 ${i}` })))
  const first = await ida.get(feed(other, AN_HOUR_AGO))
  const [withdrawn] = idsOf(first)
  await product.db
    .updateTable('article')
    .set({ status: 5 })
    .where('id', '=', withdrawn as never)
    .execute()
  const again = await eventually(
    () => ida.get(feed(other, AN_HOUR_AGO)),
    answer => idsOf(answer).length < 10,
  )
  assert.deepEqual(idsOf(again), idsOf(first).slice(1))
  const rest = await ida.get(feed(other, first.body.data.pre_timestamp))
  assert.equal(idsOf(rest).length, ids.length - 10)
})

test('a page that is read again is without the articles that the reader has disliked, or whose author they have blocked, since', async () => {
  const [kim, lou] = [await product.signIn('kim', '13800000017'), await product.signIn('lou', '13800000018')]
  const other = await product.createChannel('评论')
  await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel: other, author: i === 4 ? lou.id : undefined })))
  const page = feed(other, AN_HOUR_AGO + 789) // for two minutes the same page; a number that is years old is a new refresh after two seconds
  const first = await kim.get(page)
  const [disliked] = idsOf(first)
  const blocked = first.body.data.results.find((card: { aut_id: bigint }) => card.aut_id === lou.id).art_id
  await kim.post('/app/v1_0/article/dislikes', { target: disliked })
  await kim.post('/app/v1_0/user/blacklists', { target: lou.id })
  const kept = idsOf(first).filter(id => id !== disliked && id !== blocked)
  assert.equal(kept.length, 8)
  await eventually(
    async () => idsOf(await kim.get(page)),
    ids => ids.length === 8,
  )
  // The same page, now from memory.
  assert.deepEqual(idsOf(await kim.get(page)), kept)
})

test('an article published while a reader scrolls is shown at most once in the session', async () => {
  const jan = await product.signIn('jan', '13800000016')
  const busy = await product.createChannel('快讯')
  await product.publish(Array.from({ length: 40 }, () => ({ channel: busy })))
  const all: bigint[] = []
  for (let cursor: number | null = Date.now(); cursor !== null; ) {
    const [answer]: [Answer, unknown] = await Promise.all([
      jan.get(feed(busy, cursor)),
      all.length < 40 ? product.publish([{ channel: busy, ageSeconds: 0 }]) : undefined,
    ])
    all.push(...idsOf(answer))
    cursor = answer.body.data.pre_timestamp
  }
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.length >= 40)
})

test('ids are numbers under /app and text in the flat generation, exact in both', async () => {
  // The second page: a cursor names its list, and each minute has another one.
  const cursor = (await product.request('GET', feed(tech, 5))).body.data.pre_timestamp
  const numbers = await product.request('GET', feed(tech, cursor))
  const texts = await product.request('GET', `/v1_0/articles?channel_id=${tech}&timestamp=${cursor}`)
  assert.match(numbers.text, /"art_id":\d{19},/)
  assert.match(texts.text, /"art_id":"\d{19}",/)
  assert.deepEqual(idsOf(texts).map(BigInt), idsOf(numbers))
  assert.match((await product.request('GET', `/v1_1/articles?channel_id=${tech}&timestamp=5&with_top=0`)).text, /"art_id":\d{19},/)
})

test('every article has a cover, its counts and its tracking tokens', async () => {
  const { body } = await alice.get(feed(tech, AN_HOUR_AGO + 77_000))
  const article = body.data.results[0] ?? (await bob.get(feed(sport, AN_HOUR_AGO + 77_000))).body.data.results[0]
  assert.deepEqual(article.cover, { type: 0, images: [] })
  assert.deepEqual([article.is_top, article.comm_count, article.like_count, article.collect_count], [0, 0, 0, 0])
  assert.match(article.pubdate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.deepEqual(Object.keys(article.trace), ['click', 'collect', 'share', 'read'])
  for (const trace of Object.values(article.trace)) assert.match(trace as string, /^[cksr][A-Za-z0-9_-]{64}$/)
})

test('a page matches its schema in every generation', async () => {
  const { default: Ajv } = await import('ajv')
  const { body } = await product.request('GET', '/openapi.json')
  for (const prefix of ['/app/v1_0', '/app/v1_1', '/v1_0', '/v1_1']) {
    const schema = body.paths[`${prefix}/articles`].get.responses['200'].content['application/json'].schema
    const validate = new Ajv.default({ strict: false }).compile(schema)
    const { text } = await alice.get(`${prefix}/articles?channel_id=0&timestamp=1700000123456&with_top=0&explain=1`)
    assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors))
  }
})

test('with dek=1 an article with a long text has its first lines, up to the end of a word, and no page has them without', async () => {
  const own = await product.createChannel('特写')
  const [long, english, short] = (await product.publish([{ channel: own }, { channel: own }, { channel: own }])) as ArticleId[]
  const html = `<h2>河上的&amp;人</h2><p>清晨的河面上，雾还没有散。</p>${'<p>船夫说起从前。</p>'.repeat(40)}<p><img src="${'x'.repeat(900)}"></p>`
  const texts = { [String(long)]: html, [String(english)]: '<p>The ferry came in early.</p>'.repeat(30) }
  for (const [id, html] of Object.entries(texts))
    await product.db
      .updateTable('article_content')
      .set({ html })
      .where('article_id', '=', BigInt(id) as ArticleId)
      .execute()
  const deks = ({ body }: Answer) => Object.fromEntries(body.data.results.map((card: any) => [card.art_id, card.dek]))
  const found = await eventually(
    async () => deks(await product.request('GET', `${feed(own, AN_HOUR_AGO)}&dek=1`)),
    found => found[String(long)] !== undefined && found[String(english)] !== undefined,
  )
  assert.match(found[String(long)], /^河上的&人 清晨的河面上，雾还没有散。 船夫说起从前。.*…$/)
  assert.ok([...found[String(long)]].length <= 141)
  assert.match(found[String(english)], /^The ferry came in early\. .* (early\.|The|ferry|came|in)…$/)
  assert.equal(found[String(short)], undefined)
  assert.equal(deks(await product.request('GET', feed(own, AN_HOUR_AGO)))[String(long)], undefined)
})
