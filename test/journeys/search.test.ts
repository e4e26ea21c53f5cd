import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../src/base/id.ts'
import { addChannel } from '../../src/features/search/named-channels.ts'
import { fetchAnswer } from '../support/http-answer.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let bob: Person
let ids: ArticleId[]
let channel: ChannelId

const TITLES = ['华为手机发布会回顾', '华为手机拍照技巧', '景德镇的当代艺术家', '《武林外传》为何没有续集', 'iPhone 8 plus 值得买吗']

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  channel = await product.createChannel('科技')
  ids = await product.publish(TITLES.map(title => ({ title, channel, author: bob.id })))
  await eventually(
    () => titlesFor('武林外传'),
    titles => titles.length === 1,
  )
})

const search = (q: string, more = '') => product.request('GET', `/v1_0/search?q=${encodeURIComponent(q)}${more}`)
const titlesFor = async (q: string, more = ''): Promise<string[]> =>
  (await search(q, more)).body.data.results.map((card: { title: string }) => card.title)
const forget = () => sql`delete from search_list`.execute(product.db)

test('a reader who searches in traditional characters finds the article, and where its title has the words', async () => {
  const { body, headers } = await search('華為手機發佈會')
  assert.equal(body.data.results[0].title, TITLES[0])
  assert.deepEqual(body.data.results[0].highlights, [[0, 7]])
  assert.equal(headers.get('x-search-source'), 'postgres')
  assert.equal(typeof body.data.results[0].art_id, 'string')
})

test('a reader who searches for what was edited, withdrawn or banned, no longer finds it', async () => {
  const [id] = await product.publish([{ title: '昙花一现的新闻', channel, author: bob.id }])
  await eventually(
    () => titlesFor('昙花'),
    titles => titles.length === 1,
  )
  await sql`update article set title = '流星划过夜空' where id = ${id}`.execute(product.db)
  await sql`update article_content set html = '' where article_id = ${id}`.execute(product.db)
  await eventually(
    () => titlesFor('流星'),
    titles => titles.length === 1,
  )
  await eventually(
    () => titlesFor('昙花'),
    titles => titles.length === 0,
  )
  await sql`update article set status = 5 where id = ${id}`.execute(product.db)
  await eventually(
    () => titlesFor('流星'),
    titles => titles.length === 0,
  )
})

test('what a reader excludes is not searched instead, nor what sounds like it', async () => {
  // On a slow machine the job that makes them has run by now.
  await sql`insert into search_key (key, phrase, way, kind, weight) values ('xuji', '续集', 1, 'word', 9), ('paizhao', '拍照', 1, 'word', 9)
    on conflict (key, phrase, kind) do update set weight = excluded.weight`.execute(product.db)
  assert.equal((await search('续机')).body.data.instead, '续集')
  for (const q of ['-续集', '手机 -回顾 -拍照']) {
    const { body } = await search(q)
    assert.deepEqual([body.data.total_count, body.data.instead], [0, undefined], q)
  }
})

test('a reader who blocks an author does not find their articles, and others still do', async () => {
  const own = async (person: Person) => (await person.get(`/app/v1_0/search?q=${encodeURIComponent('景德镇')}`)).body.data.results.length
  assert.equal(await own(alice), 1)
  await alice.post('/app/v1_0/user/blacklists', { target: bob.id.toString() })
  assert.equal(await own(alice), 0)
  assert.equal(await own(bob), 1)
  await alice.delete(`/app/v1_0/user/blacklists/${bob.id}`)
})

test('a reader who pages to the end sees every article once, whatever is published meanwhile', async () => {
  await product.publish(Array.from({ length: 25 }, (_, i) => ({ title: `深海探测第${i + 1}期`, channel, author: bob.id })))
  await eventually(
    async () => (await search('深海探测', '&page=1')).body.data.total_count,
    count => count === 25,
  )
  const first = await titlesFor('深海探测', '&page=1&per_page=10')
  await product.publish([{ title: '深海探测特刊', channel, author: bob.id }])
  const all = [first, await titlesFor('深海探测', '&page=2&per_page=10'), await titlesFor('深海探测', '&page=3&per_page=10')].flat()
  assert.equal(new Set(all).size, 25)
  assert.deepEqual(await titlesFor('深海探测', '&page=4&per_page=10'), [])
})

test('a reader who searched sees the last four words, newest first, and can delete one or all', async () => {
  for (const q of ['一', '二', '三', '四', '五']) await alice.get(`/app/v1_0/search?q=${encodeURIComponent(q)}`)
  const keywords = async () => (await alice.get('/app/v1_0/search/histories')).body.data.keywords
  assert.deepEqual(await keywords(), ['五', '四', '三', '二'])
  assert.equal((await alice.delete(`/app/v1_0/search/histories?q=${encodeURIComponent('四')}`)).status, 204)
  assert.deepEqual(await keywords(), ['五', '三', '二', '一'])
  assert.equal((await alice.delete('/app/v1_0/search/histories')).status, 204)
  assert.deepEqual(await keywords(), [])
  assert.equal((await product.request('GET', '/app/v1_0/search/histories')).status, 401)
})

test('a query that three viewers have searched for is suggested and hot, a private one never', async () => {
  for (const device of ['one', 'two', 'three'])
    for (const q of ['华为手机', '13812345678 华为', '138 1234 5678', '一三八一二三四五六七八'])
      await product.request('GET', `/app/v1_0/search?q=${encodeURIComponent(q)}`, undefined, {
        headers: { authorization: `Anony ${device}` },
      })
  await eventually(
    async () => (await product.request('GET', '/app/v1_0/search/hot')).body.data.queries,
    queries => queries.some((each: { query: string }) => each.query === '华为手机'),
    60_000,
  )
  const { rows } = await sql<{ query: string }>`select distinct query from search_asked`.execute(product.db)
  assert.deepEqual(
    rows.filter(row => /\d|一/.test(row.query)),
    [],
  )
})

test('a search is a behaviour, and so is what is opened from its results', async () => {
  await alice.get(`/app/v1_0/search?q=${encodeURIComponent('武林外传')}`)
  await alice.get(`/app/v1_0/articles/${ids[3]}`)
  await eventually(
    async () =>
      (
        await sql<{ query: string; position: number }>`select query, position from search_opening where article_id = ${ids[3]}`.execute(
          product.db,
        )
      ).rows,
    rows => rows.length === 1 && rows[0]?.query === '武林外传' && rows[0].position === 0,
  )
  await eventually(
    async () => (await sql`select from behaviour where action = 'search' and article_id = ${ids[3]}`.execute(product.db)).rows.length,
    count => count >= 1,
  )
})

test('a channel is found by its name, in either language or in pinyin, with all that is in it', async () => {
  await product.publish([{ title: 'A valve that hums', channel, ageSeconds: 90_000 }])
  const all = (await search('科技', '&per_page=50')).body.data
  assert.deepEqual(all.channels, [{ id: channel, name: '科技' }])
  assert.ok(all.total_count >= TITLES.length + 1 && all.results.at(-1).title === 'A valve that hums')
  for (const name of ['Technology', 'TECHNOLOGY ', 'keji']) {
    const { channels, total_count, instead, results } = (await search(name)).body.data
    assert.deepEqual([channels, total_count, instead], [all.channels, all.total_count, undefined], name)
    // Those in the language of the name first; pinyin spells the Chinese one.
    assert.equal(results[0].title === 'A valve that hums', name !== 'keji', name)
  }
  const newest = (await search('technology', '&sort=time&per_page=50')).body.data.results as { art_id: string; pubdate: string }[]
  const dates = newest.map(({ pubdate }) => pubdate)
  assert.deepEqual(dates, dates.toSorted().toReversed())
  // As many older matches as a list has places leave them to what is newer.
  const results = newest.map(({ art_id }) => BigInt(art_id) as ArticleId)
  const found = { ids: results.slice(-2), allWordsCount: 2 }
  const filters = { hiddenAuthors: [] }
  const request = {
    typed: '科技',
    filters,
    order: 'time',
    limit: 2,
    now: Date.now(),
    channelId: channel,
    reader: undefined,
    language: 'zh',
  } as const
  assert.deepEqual((await addChannel(product.db, found, request)).ids, results.slice(0, 2))
  assert.deepEqual((await search('科')).body.data.channels, all.channels)
  assert.equal((await search('technology', '&channel_id=99999')).body.data.total_count, 0)
})

test('a query that is empty, too long, or nothing but signs gets a clear answer', async () => {
  for (const q of ['', ' ', '\u0007', 'x'.repeat(51)]) assert.equal((await search(q)).status, 400, JSON.stringify(q))
  for (const q of ['-', '"', '& | !', "'; drop table article; --", '(a+)+$'.repeat(8), '%', '\\', '*:*']) {
    const { status, body } = await search(q)
    assert.deepEqual([status, Array.isArray(body.data.results)], [200, true], q)
  }
  assert.equal((await product.request('GET', '/v1_0/search?q=%ED%A0%80')).status, 400)
  for (const q of ['%E0%A4%A', '%00', '%25', '_']) {
    const { status, body } = await product.request('GET', `/v1_0/suggestion?q=${q}`)
    assert.ok(status === 400 || (status === 200 && body.data.options.every((option: unknown) => typeof option === 'string')), q)
  }
  assert.deepEqual((await product.request('GET', `/v1_0/suggestion?q=${encodeURIComponent('龘')}`)).body.data, { options: [] })
})

test('a title is suggested as its author wrote it, and only if it may be searched for', async () => {
  const titles = ['Zucchini 上市，第一批卖给了「邻居」', `Zucchini ${'很长'.repeat(21)}`]
  await product.publish(titles.map(title => ({ title, channel, author: bob.id })))
  const suggested = await eventually(
    async () => (await product.request('GET', '/v1_0/suggestion?q=zucchini')).body.data.options as string[],
    options => options.length > 0,
  )
  assert.deepEqual(suggested, [titles[0]])
})

test('a reader whose list of results was lost is shown the page all the same', async () => {
  await forget()
  assert.equal((await search('深海探测', '&page=2')).status, 200)
})

test('while the engine does not answer, a search is refused and a suggestion is an empty list that says so', async () => {
  await product.db.transaction().execute(async tx => {
    await sql`lock table search_article_a, search_article_b, search_key`.execute(tx)
    const [found, suggested] = await Promise.all([
      fetchAnswer(product.url, 'GET', `/v1_0/search?q=${encodeURIComponent('景德镇')}`), // once: the product's client tries again
      product.request('GET', `/v1_0/suggestion?q=${encodeURIComponent('景德')}`),
    ])
    assert.deepEqual([found.status, found.body], [503, { message: 'The search took too long. Please try again.' }])
    assert.equal(found.headers.get('retry-after'), '1')
    assert.deepEqual([suggested.status, suggested.body.data, suggested.headers.get('x-search-source')], [200, { options: [] }, 'none'])
  })
  await eventually(
    () => product.request('GET', `/v1_0/suggestion?q=${encodeURIComponent('景德')}`),
    ({ headers }) => headers.get('x-search-source') === 'postgres', // on a busy machine one more may be late
  )
})
