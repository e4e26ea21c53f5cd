import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { editorOf } from '../support/editor.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let channel: number
let carol: Person
let alice: Person
let bob: Person
let articles: bigint[]
const STUDIO = '/v1_0/mp'

before(async () => {
  product = await useSharedProduct()
  channel = await product.createChannel('科技')
  ;[carol, alice, bob] = await Promise.all([product.signIn('carol'), product.signIn('alice'), product.signIn('bob')])
  articles = await product.publish([1, 2, 3].map(() => ({ channel, author: carol.id })))
})

test('an author answers, pins and deletes comments on their own articles, and on no others', async () => {
  const [article] = articles as [bigint]
  const say = async (who: Person, content: string) => (await who.post('/app/v1_0/comments', { target: article, content })).body.data.com_id
  const first = await say(alice, '第一')
  const second = await say(bob, '第二')
  const list = async () => (await carol.get(`${STUDIO}/comments?type=a&source=${article}`)).body.data.results
  const listed = await list()
  assert.deepEqual(
    listed.map((each: { com_id: string }) => each.com_id),
    [second, first].map(String),
  )
  assert.deepEqual([listed[0].art_id, listed[0].is_liking, typeof listed[0].art_title], [String(article), 0, 'string'])

  assert.equal((await carol.put(`${STUDIO}/comments/${first}/sticky`, { sticky: true })).status, 201)
  assert.deepEqual(
    (await list()).map((each: { com_id: string }) => each.com_id),
    [first, second].map(String),
  )
  assert.equal((await bob.put(`${STUDIO}/comments/${first}/sticky`, { sticky: false })).status, 403)

  const reply = await carol.post(`${STUDIO}/comments`, { target: first, content: '谢谢', art_id: article })
  assert.equal(reply.status, 201)
  assert.equal((await carol.put(`${STUDIO}/comments/${reply.body.data.com_id}/sticky`, { sticky: true })).status, 403)
  const refused = await alice.delete(`${STUDIO}/comments/${second}`)
  assert.deepEqual([refused.status, refused.body.message], [403, 'User has no permission to delete this comment.'])

  const count = async () => (await carol.get(`/app/v1_0/articles/${article}`)).body.data.comm_count
  assert.equal(await count(), 3)
  assert.equal((await carol.delete(`${STUDIO}/comments/${first}`)).status, 204, 'and its reply')
  assert.equal(await count(), 1)
  assert.equal((await bob.delete(`${STUDIO}/comments/${second}`)).status, 204, 'a reader deletes their own')
  assert.deepEqual(await list(), [])
})

test('an article whose comments are closed refuses a reply in the studio with 403', async () => {
  const [, article] = articles as [bigint, bigint]
  const { body } = await alice.post('/app/v1_0/comments', { target: article, content: '好' })
  await carol.put(`${STUDIO}/comments/status?article_id=${article}`, { allow_comment: false })
  const reply = { target: body.data.com_id, content: '谢谢', art_id: article }
  const answer = await carol.post(`${STUDIO}/comments`, reply)
  assert.deepEqual([answer.status, answer.body.message], [403, 'Article denied comment.'])
})

test("a creator's statistics equal the public counts and the rows, whatever readers do", async () => {
  const mine = await product.publish([1, 2, 3, 4].map(() => ({ channel, author: bob.id })))
  const readers = await Promise.all(Array.from({ length: 6 }, (_, i) => product.signIn(`reader ${i}`, `1380000010${i}`)))
  await alice.post('/app/v1_0/user/followings', { target: bob.id })
  await alice.get(`/app/v1_0/articles/${mine[0]}`)
  const random = createSeededRandom('statistics', 1)
  const editor = editorOf(product)
  const said: { by: Person; id: bigint }[] = []
  const say = async (by: Person, body: object) => {
    const { data } = (await by.post('/app/v1_0/comments', body)).body
    if (data) said.push({ by, id: data.com_id })
  }
  const ACTIONS = [
    'read',
    'comment',
    'reply',
    'uncomment',
    'like',
    'unlike',
    'collect',
    'uncollect',
    'share',
    'edit',
    'ban',
    'unban',
  ] as const
  for (let i = 0; i < 90; i++) {
    const reader = random.pick(readers)
    const id = random.pick(mine)
    const action = random.pick(ACTIONS)
    if (action === 'read') await reader.get(`/app/v1_0/articles/${id}`)
    if (action === 'comment') await say(reader, { target: id, content: `第 ${i} 条` })
    if (action === 'reply' && said.length > 0) await say(reader, { target: random.pick(said).id, content: `回复 ${i}`, art_id: id })
    if (action === 'uncomment' && said.length > 0) {
      const { by, id: comment } = random.pick(said)
      await by.delete(`${STUDIO}/comments/${comment}`)
    }
    if (action === 'like') await reader.post('/app/v1_0/article/likings', { target: id })
    if (action === 'unlike') await reader.delete(`/app/v1_0/article/likings/${id}`)
    if (action === 'collect') await reader.post('/app/v1_0/article/collections', { target: id })
    if (action === 'uncollect') await reader.delete(`/app/v1_0/article/collections/${id}`)
    if (action === 'share')
      await reader.post('/v1/behaviours', { events: [{ id: `share-${i}`, action: 'share', article_id: String(id), at: Date.now() }] })
    const by = { reason: 'x' }
    if (action === 'edit') {
      const edit = { title: `改过的标题 ${i}`, content: '<p>改过的正文。</p>', cover: { type: 0 }, channel_id: channel }
      if ((await bob.put(`${STUDIO}/articles/${id}`, edit)).status === 201) await editor.decide(id as ArticleId, 'approve', by)
    }
    // Refused if it is banned already, or not banned.
    if (action === 'ban' || action === 'unban') await editor.decide(id as ArticleId, action, by).catch(() => {})
  }
  for (const id of mine) await editor.decide(id as ArticleId, 'unban').catch(() => {})
  const get = async (path: string) => (await bob.get(`${STUDIO}/${path}`)).body.data
  const sum = (items: Record<string, number>[], field: string) => items.reduce((total, item) => total + (item[field] as number), 0)
  const FIELDS = ['read_count', 'comment_count', 'collect_count', 'repost_count']
  const read = async () => ({ items: (await get('articles?response_type=statistic')).results, totals: await get('statistics/articles') })
  const { items, totals } = await eventually(read, found => FIELDS.every(field => found.totals[field] === sum(found.items, field)))
  assert.equal(items.length, mine.length)
  for (const field of FIELDS) assert.ok(totals[field] > 0, field)
  const rows = await product.db
    .selectFrom('attitude')
    .select('article_id')
    .where('article_id', 'in', mine as never)
    .where('value', '=', 1)
    .execute()
  assert.equal(sum(items, 'like_count'), rows.length)
  const each = await Promise.all(mine.map(id => get(`statistics/articles/${id}`)))
  assert.equal(
    sum(
      each.map(one => one.conversion),
      'read_count',
    ),
    totals.read_count,
  )
  assert.equal(
    sum(
      each.map(one => one.conversion),
      'fans_read_count',
    ),
    1,
  )
  assert.equal(
    sum(
      each.map(one => one.conversion),
      'comment_count',
    ),
    totals.comment_count,
  )

  // Periods: the rows are spread over eleven days at random. Wherever these are cut, the parts add up, and before them is nothing.
  for (const [table, column] of [
    ['behaviour', 'at'],
    ['collection', 'at'],
    ['comment', 'created_at'],
  ] as const)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = '2026-05-01T12:00:00+08:00'::timestamptz + (${sql.ref(column)} - now()) + floor(random() * 11) * interval '1 day'
               where article_id = any(${mine}::bigint[])`.execute(product.db)
  const EMPTY = 'begin_pubdate=2020-01-01&end_pubdate=2020-02-01'
  const numbersOf = (figures: object): number[] =>
    Object.values(figures).flatMap(value => (typeof value === 'object' ? numbersOf(value) : [value]))
  for (const path of ['articles', ...mine.map(id => `articles/${id}`)]) {
    const figuresOf = (period: string) => get(`statistics/${path}?${period}`)
    const countsOf = ({ conversion, origin, ...rest }: { conversion?: object; origin?: object }) =>
      numbersOf(conversion ? { conversion, origin } : rest)
    const whole = await figuresOf('')
    assert.deepEqual(countsOf(whole), countsOf(path === 'articles' ? totals : each[mine.findIndex(id => path.endsWith(`/${id}`))]))
    const cut = random.int(1, 10)
    const day = (n: number) => `2026-05-${String(n).padStart(2, '0')}`
    const parts = [await figuresOf(`end_pubdate=${day(cut)}`), await figuresOf(`begin_pubdate=${day(cut + 1)}`)].map(countsOf)
    assert.deepEqual(
      countsOf(whole),
      countsOf(whole).map((_, i) => (parts[0]?.[i] ?? 0) + (parts[1]?.[i] ?? 0)),
      `cut after ${day(cut)}`,
    )
    assert.deepEqual(new Set(numbersOf(await figuresOf(EMPTY))), new Set([0]))
    assert.deepEqual(new Set(numbersOf(await figuresOf('begin_pubdate=2026-05-09&end_pubdate=2026-05-02'))), new Set([0]))
  }
  assert.equal((await alice.get(`${STUDIO}/statistics/articles/${mine[0]}`)).status, 400, "another creator's")
})

test('where reads came from, how long they took and who follows are computed from what readers did', async () => {
  const reader = await product.signIn('dave', '13800000041')
  const agent = { headers: { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)' } }
  await product.request('POST', '/app/v1_0/authorizations', { mobile: reader.mobile, code: '246810' }, agent)
  await reader.patch('/app/v1_0/user/profile', { gender: 1, birthday: '1990-05-01' })
  await reader.post('/app/v1_0/user/followings', { target: carol.id })
  const page = (await reader.get(`/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=0`)).body.data.results
  const shown = page.find((each: { aut_id: bigint }) => each.aut_id === carol.id)
  const path = `/app/v1_0/articles/${shown.art_id}`
  await reader.get(path, { headers: { trace: shown.trace.click } })
  const reading = { art_id: shown.art_id, duration: 60 }
  await reader.post('/app/v1_0/reading/durations', reading, { headers: { trace: shown.trace.read } })
  const figures = async () => (await carol.get(`${STUDIO}/statistics/articles/${shown.art_id}`)).body.data
  const found = await eventually(figures, ({ origin, completed }) => origin.recommend === 1 && completed.gt80 === 1)
  assert.deepEqual([found.avg_read_proc, found.bounce_rate, found.completed], [1, 0, { gt80: 1, lt80: 0, lt20: 0 }])
  const followers = (await carol.get(`${STUDIO}/statistics/followers`)).body.data
  assert.deepEqual([followers.gender, followers.age.le40, followers.device], [{ male: 0, female: 1 }, 1, { ios: 1, android: 0 }])
  assert.deepEqual(
    (await carol.get(`${STUDIO}/followers`)).body.data.results.map((each: { id: string }) => each.id),
    [String(reader.id)],
  )
})

test('a creator keeps pictures for articles: collected ones first, and a deleted one stays in the articles that show it', async () => {
  const upload = async () => {
    const form = formOf({ image: await jpegOf(40, 30) })
    const headers = { authorization: `Bearer ${carol.token}` }
    const answer = await fetch(`${product.url}${STUDIO}/user/images`, { method: 'POST', headers, body: form })
    return ((await answer.json()) as { data: { id: number; url: string } }).data
  }
  const [first, second] = [await upload(), await upload()]
  const list = async (query = '') => (await carol.get(`${STUDIO}/user/images?${query}`)).body.data
  assert.deepEqual(
    (await list()).results.map((each: { id: number }) => each.id),
    [second.id, first.id],
  )
  assert.equal((await carol.put(`${STUDIO}/user/images/${first.id}`, { collect: true })).status, 201)
  assert.deepEqual(
    (await list()).results.map((each: { is_collected: boolean }) => each.is_collected),
    [true, false],
  )
  assert.deepEqual((await list('collect=true')).total_count, 1)
  assert.equal((await alice.put(`${STUDIO}/user/images/${first.id}`, { collect: true })).status, 404)
  assert.equal((await alice.delete(`${STUDIO}/user/images/${first.id}`)).status, 404)
  const draft = {
    title: '一张照片的故事',
    content: `<p><img src="${first.url}"></p>`,
    cover: { type: 1, images: [second.url] },
    channel_id: channel,
  }
  assert.equal((await carol.post(`${STUDIO}/articles?draft=true`, draft)).status, 201)
  for (const { id } of [first, second]) assert.equal((await carol.delete(`${STUDIO}/user/images/${id}`)).status, 204)
  const names = [first, second].map(({ url }) => url.split('/').at(-1) as string)
  const unused = await product.db
    .selectFrom('stored_file')
    .select('name')
    .where('name', 'in', names)
    .where('unused_since', 'is not', null)
    .execute()
  assert.deepEqual(unused, [], 'the article uses both')
})

test("a creator's profile in the studio has an address, which must look like one", async () => {
  const patch = async (json: object) => {
    const { status, body } = await carol.patch(`${STUDIO}/user/profile`, json)
    return status === 201 ? body.data : [status, body.message]
  }
  assert.deepEqual(await patch({ email: 'carol@example.org', intro: '写科技' }), {
    id: String(carol.id),
    email: 'carol@example.org',
    intro: '写科技',
  })
  assert.deepEqual(await patch({ email: 'nothing' }), [400, 'email is no address'])
  const { data } = (await carol.get(`${STUDIO}/user/profile`)).body
  assert.deepEqual([data.email, data.intro, data.mobile], ['carol@example.org', '写科技', carol.mobile])
})
