import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { HOUR } from '../../src/base/clock.ts'
import type { ArticleId } from '../../src/base/id.ts'
import { SAVE_LIMIT } from '../../src/features/writing/writing.ts'
import { editorOf } from '../support/editor.ts'
import { lastOperation } from '../support/office.ts'
import { type Person, type Product } from '../support/product.ts'
import { newRowId } from '../support/product-rows.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let channel: number
/** A verified creator, with the tokens of the studio. */
let carol: Person
let alice: Person
let editor: ReturnType<typeof editorOf>

before(async () => {
  product = await useSharedProduct()
  channel = await product.createChannel('科技')
  carol = await product.signInToStudio('carol')
  alice = await product.signIn('alice')
  editor = editorOf(product)
  await sql`
    insert into stored_file (id, name, widths, bytes, stored)
    select ${newRowId()}::bigint + n, 'picture-' || n || '.jpg', '{1}', '{1}', true from generate_series(1, 7) n`.execute(product.db)
})

const picture = (n: number) => `${product.url}/files/picture-${n}.jpg`
const draftOf = (more: object = {}) => ({
  title: '火星土壤里找到水',
  content: '<p>探测器在火星的土壤里找到了水。</p>',
  cover: { type: 0, images: [] },
  channel_id: channel,
  ...more,
})
const write = async (more: object = {}, query = '') => (await carol.post(`/mp/v1_0/articles${query}`, draftOf(more))).body.data.id
const opens = async (id: bigint) => (await alice.get(`/app/v1_0/articles/${id}`)).status
const statusOf = async (id: bigint) => (await carol.get(`/mp/v1_0/articles/${id}`)).body.data.status
const approve = (id: bigint) => editor.decide(id as ArticleId, 'approve')
const dateOf = async (id: bigint) => {
  const row = await product.db
    .selectFrom('article')
    .select('published_at')
    .where('id', '=', id as ArticleId)
    .executeTakeFirst()
  return row?.published_at
}
const countOf = async () => (await carol.get('/app/v1_0/user')).body.data.art_count

test('an article that is submitted waits for a review: until it is approved no reader, list, search or count has it', async () => {
  const before = await countOf()
  const id = await write({ title: '量子纠缠的新实验' })
  assert.equal(await statusOf(id), 1)
  assert.equal(await opens(id), 404)
  assert.equal(await countOf(), before)
  await approve(id)
  await eventually(
    () => opens(id),
    status => status === 200,
  )
  assert.equal(await eventually(countOf, count => count === before + 1), before + 1)
  const find = async () => (await alice.get(`/v1_0/search?q=${encodeURIComponent('量子纠缠')}`)).body.data.results
  assert.equal((await eventually(find, results => results.length === 1))[0].art_id, String(id))
})

test('an edit takes a published article back until it is approved again, and the date of publication stays', async () => {
  const id = await write()
  await approve(id)
  await eventually(
    () => opens(id),
    status => status === 200,
  )
  const edit = { ...draftOf({ title: '火星土壤里找到了水' }), id }
  assert.equal((await carol.put(`/mp/v1_0/articles/${id}`, edit)).status, 201)
  await eventually(
    () => opens(id),
    status => status === 404,
  )
  const date = new Date(Date.now() - 3_600_000)
  await product.db.updateTable('article').set({ published_at: date }).where('id', '=', id).execute()
  await approve(id)
  assert.deepEqual(await dateOf(id), date)
  const page = await eventually(
    () => alice.get(`/app/v1_0/articles/${id}`),
    ({ status }) => status === 200,
  )
  assert.equal(page.body.data.title, '火星土壤里找到了水')
})

test('until an article has appeared its author can move its date or remove it, and later an edit can be scheduled', async () => {
  const at = (hours: number) => new Date(Date.now() + hours * HOUR)
  const edit = async (id: ArticleId, publishAt: Date | null) => {
    await carol.put(`/mp/v1_0/articles/${id}`, draftOf({ publish_at: publishAt?.toISOString() }))
    await approve(id)
  }
  const scheduled = (await write({ publish_at: at(24).toISOString() })) as ArticleId
  await approve(scheduled)
  const nextWeek = at(7 * 24)
  await edit(scheduled, nextWeek)
  assert.deepEqual(await dateOf(scheduled), nextWeek)
  await edit(scheduled, null)
  await eventually(
    () => opens(scheduled),
    status => status === 200,
  )
  const tomorrow = at(24)
  await edit(scheduled, tomorrow)
  assert.deepEqual(await dateOf(scheduled), tomorrow)
  await eventually(
    () => opens(scheduled),
    status => status === 404,
  )
})

test('a rejected article shows its author the reason, can be edited, and can then be submitted again', async () => {
  const id = await write()
  await assert.rejects(editor.decide(id as ArticleId, 'reject'), /reason/)
  await editor.decide(id as ArticleId, 'reject', { reason: '标题党' })
  const { data } = (await carol.get(`/mp/v1_0/articles/${id}`)).body
  assert.deepEqual([data.status, data.reject_reason], [3, '标题党'])
  const { operation, description, before: was, after } = await lastOperation(product)
  assert.deepEqual(
    [operation, description, was, after],
    ['reject article', `article ${id}`, { status: 1 }, { status: 3, reason: '标题党' }],
  )
  await carol.put(`/mp/v1_0/articles/${id}`, draftOf())
  assert.equal(await statusOf(id), 1)
})

test('only one of two editors who decide at once decides, and a decision that the status does not allow is refused', async () => {
  const id = (await write()) as ArticleId
  const decisions = await Promise.allSettled([
    editor.decide(id, 'approve'),
    editor.decide(id, 'reject', { reason: 'x' }),
    editor.decide(id, 'ban'),
  ])
  const reviews = await product.db.selectFrom('article_review').select('action').where('article_id', '=', id).execute()
  assert.equal(decisions.filter(({ status }) => status === 'fulfilled').length, reviews.length)
  const waiting = (await write()) as ArticleId
  for (const action of ['ban', 'unban'] as const)
    await assert.rejects(editor.decide(waiting, action), new RegExp(`does not allow ${action}`))
})

test('a decision about a version that its author has edited since is refused, and the article still waits', async () => {
  const id = (await write()) as ArticleId
  const waiting = async () => (await editor.listWaiting()).find(article => article.id === id)
  const { version } = (await waiting()) ?? {}
  await carol.put(`/mp/v1_0/articles/${id}`, draftOf({ content: '<p>换过的正文。</p>' }))
  await assert.rejects(editor.decide(id, 'approve', { version }), /changed since/)
  assert.equal(await statusOf(id), 1)
  await editor.decide(id, 'approve', { version: (await waiting())?.version })
  assert.equal(await statusOf(id), 2)
})

test('an author who saves without end is asked to wait', async () => {
  const mallory = await product.signInToStudio('mallory')
  const save = () => mallory.post('/mp/v1_0/articles?draft=true', draftOf({ title: '短' }))
  const saves = await Promise.all(Array.from({ length: SAVE_LIMIT.points }, save))
  assert.ok(saves.every(saved => saved.status === 400))
  const { status, headers } = await save()
  assert.equal(status, 429)
  assert.ok(Number(headers.get('retry-after')) > 0)
})

test('an article with a time of publication is seen from then on, and not before', async () => {
  const id = await write({ publish_at: new Date(Date.now() + 3_600_000).toISOString() })
  await approve(id)
  assert.equal(await opens(id), 404)
  await product.db
    .updateTable('article')
    .set({ published_at: new Date(Date.now() - 1_000) })
    .where('id', '=', id)
    .execute()
  await eventually(
    () => opens(id),
    status => status === 200,
  )
})

test('a draft is seen by its author only, and deleting is for what is not published', async () => {
  const id = await write({}, '?draft=true')
  assert.equal(await statusOf(id), 0)
  assert.deepEqual((await alice.get(`/v1_0/mp/articles/${id}`)).body.data, {})
  assert.equal((await alice.put(`/v1_0/mp/articles/${id}`, draftOf())).status, 400)
  assert.equal((await alice.delete(`/v1_0/mp/articles/${id}`)).status, 400)
  assert.equal((await carol.delete(`/mp/v1_0/articles/${id}`)).status, 204)
  assert.deepEqual((await carol.get(`/mp/v1_0/articles/${id}`)).body.data, {})
  const published = await write()
  await approve(published)
  const refused = await carol.delete(`/mp/v1_0/articles/${published}`)
  assert.deepEqual([refused.status, refused.body.message], [400, 'Invalid article.'])
})

test('covers: none, one, three, or taken from the text; two pictures of type 2 become one; anything else is refused in words', async () => {
  const html = [1, 2, 3, 4].map(n => `<p><img src="${picture(n)}"></p>`).join('')
  const coverOf = async (cover: object, content = html) => {
    const { status, body } = await carol.post('/mp/v1_0/articles?draft=true', draftOf({ cover, content }))
    return status === 201 ? (await carol.get(`/mp/v1_0/articles/${body.data.id}`)).body.data.cover : [status, body.message]
  }
  const pictures = (...numbers: number[]) => ({ type: numbers.length, images: numbers.map(picture) })
  assert.deepEqual(await coverOf(pictures()), pictures())
  assert.deepEqual(await coverOf(pictures(1)), pictures(1))
  assert.deepEqual(await coverOf(pictures(1, 2, 3)), pictures(1, 2, 3))
  assert.deepEqual(await coverOf({ type: 2, images: [picture(1), picture(2)] }), pictures(1))
  assert.deepEqual(await coverOf({ type: -1, images: [] }), pictures(1, 2, 3))
  assert.deepEqual(await coverOf({ type: -1 }, `<img src="${picture(7)}">`), pictures(7))
  assert.deepEqual(await coverOf({ type: -1 }, `<img src="${picture(8)}">`), pictures())
  assert.deepEqual(await coverOf({ type: -1 }, '<p>ohne Bild</p>'), pictures())
  const wrong = [
    { type: 1, images: [] },
    { type: 3, images: [picture(1)] },
    { type: 2, images: [picture(1)] },
    { type: 2, images: [picture(1), picture(1), picture(1)] },
    { type: 1, images: ['https://elsewhere.example/a.jpg'] },
    { type: 1, images: [picture(8)] }, // never uploaded
    { type: 1, images: [null] },
  ]
  for (const cover of wrong) assert.match(String(await coverOf(cover)), /^400,cover: /)
})

test('stored pictures are paths, so they follow the address of the server', async () => {
  const id = await write({ content: `<p><img src="${picture(1)}" onerror="alert(1)"></p>`, cover: { type: 1, images: [picture(1)] } })
  const row = await product.db
    .selectFrom('article')
    .innerJoin('article_content', 'article_id', 'id')
    .select(['cover', 'html'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  assert.deepEqual(row, { cover: ['files/picture-1.jpg'], html: '<p><img src="files/picture-1.jpg" /></p>' })
  assert.match((await carol.get(`/mp/v1_0/articles/${id}`)).body.data.content, new RegExp(picture(1)))
})

test('titles of 5 to 30 characters, an existing channel and a text are needed; a megabyte is accepted, more is refused', async () => {
  const post = async (more: object) => {
    const { status, body } = await carol.post('/mp/v1_0/articles', draftOf(more))
    return [status, body.message]
  }
  assert.deepEqual(await post({ title: '四个字啊' }), [400, 'title must have 5 to 30 characters'])
  for (const title of ['长'.repeat(31), '长'.repeat(200), '   '])
    assert.deepEqual(await post({ title }), [400, 'title must have 5 to 30 characters'], title)
  for (const publish_at of ['9999-12-31T00:00:00Z', '2999-12-31T00:00:00Z'])
    assert.deepEqual(await post({ publish_at }), [400, 'publish_at must be a date at most a year ahead'])
  assert.deepEqual(await post({ channel_id: 0 }), [400, 'Invalid channel id.'])
  assert.deepEqual(await post({ channel_id: 99_999 }), [400, 'Invalid channel id.'])
  assert.deepEqual(await post({ content: '<p> </p><script>x</script>' }), [400, 'content: the article is empty'])
  assert.equal((await post({ content: `<p>${'长文。'.repeat(100_000)}</p>` }))[0], 201)
  assert.match(String(await post({ content: `<p>${'长文。'.repeat(130_000)}</p>` })), /^400,content/)
  assert.match(String(await post({ content: '<div>'.repeat(600) })), /^400,content: nested/)
})

test('the list of own articles is filtered by status, channel and date, in every form that clients send', async () => {
  const frank = await product.signIn('frank', '13800000031')
  const other = await product.createChannel('体育')
  const make = async (more: object, draft: boolean) => (await frank.post(`/v1_0/mp/articles?draft=${draft}`, draftOf(more))).body.data.id
  const drafts = [await make({}, true), await make({ channel_id: other }, true)]
  const waiting = await make({}, false)
  await approve(BigInt(waiting))
  const list = async (query: string) => {
    const { status, body } = await frank.get(`/v1_0/mp/articles?${query}`)
    if (status !== 200) return [status, body.message]
    assert.equal(body.data.total_count, body.data.results.length)
    return body.data.results.map((item: { id: string }) => item.id).toSorted()
  }
  const all = [...drafts, waiting].toSorted()
  for (const query of ['', 'status=-1', 'status=', 'page=1&per_page=10']) assert.deepEqual(await list(query), all, query)
  assert.deepEqual(await list('status=0'), drafts.toSorted())
  assert.deepEqual(await list('status=0&status=2'), all)
  assert.deepEqual(await list('status[]=0&status[]=2'), all)
  assert.deepEqual(await list('status=7'), [])
  assert.deepEqual(await list(`channel_id=${other}`), [drafts[1]])
  assert.deepEqual(await list('response_type=comment'), [waiting])
  assert.deepEqual(await list(`status=0&q=${encodeURIComponent('土壤')}`), drafts.toSorted())
  assert.deepEqual(await list(`q=${encodeURIComponent('没有这个词')}`), [])
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  for (const day of [today, `${today} 00:00:00`, `${new Date(Date.now() - 3_600_000).toISOString()}`])
    assert.deepEqual(await list(`begin_pubdate=${encodeURIComponent(day)}`), all, day)
  for (const day of [today, `${today} 00:00:00`, new Date(`${today}T00:00:00+08:00`).toISOString()])
    assert.deepEqual(await list(`begin_pubdate=${encodeURIComponent(day)}&end_pubdate=${encodeURIComponent(day)}`), all, day)
  assert.deepEqual(await list('end_pubdate=2019-01-01'), [])
  for (const bad of ['begin_pubdate=2023-02-30', 'end_pubdate=yesterday'])
    assert.deepEqual(await list(bad), [400, 'Invalid pubdate param.'])
})

test('a text that is nearly the same as another is stored, with a warning that names the other', async () => {
  const sentences = ['探测器在火星的土壤里找到了水', '科学家认为这是一个重要的发现', '未来的宇航员可能会用到它', '研究还在继续进行之中']
  const text = (last: string) => `<p>${[...sentences, ...sentences.map(each => `${each}的消息`), last].join('。')}。</p>`
  const first = await write({ content: text('记者李明报道') })
  const { body } = await carol.post('/mp/v1_0/articles', draftOf({ content: text('记者王芳报道') }))
  assert.ok(body.data.similar.some((each: { id: bigint }) => each.id === first))
  const unlike = await carol.post('/mp/v1_0/articles', draftOf({ content: `<p>${'足球比赛昨晚结束主队两球获胜球迷欢呼'.repeat(3)}</p>` }))
  assert.deepEqual(unlike.body.data.similar, [])
})

test('an edit of an earlier version is refused if it names the version, and each save tells the new one', async () => {
  const { id, version } = (await carol.post('/mp/v1_0/articles?draft=true', draftOf())).body.data
  const path = `/mp/v1_0/articles/${id}`
  assert.equal((await carol.get(path)).body.data.version, version)
  const first = await carol.put(`${path}?draft=true&version=${version}`, draftOf({ title: '第一个标签页的标题' }))
  assert.equal(first.status, 201)
  assert.equal((await carol.put(`${path}?draft=true&version=${version}`, draftOf({ title: '第二个标签页的标题' }))).status, 409)
  assert.equal((await carol.get(path)).body.data.title, '第一个标签页的标题')
  const both = ['甲标签页的标题', '乙标签页的标题'].map(title =>
    carol.put(`${path}?draft=true&version=${first.body.data.version}`, draftOf({ title })),
  )
  assert.deepEqual((await Promise.all(both)).map(({ status }) => status).toSorted(), [201, 409])
})

test('each save is a revision, and what stands unsaved in the editor is kept until it is saved', async () => {
  const id = await write({ title: '第一个版本的标题' }, '?draft=true')
  await carol.put(`/mp/v1_0/articles/${id}?draft=true`, draftOf({ title: '第二个版本的标题' }))
  const { results } = (await carol.get(`/v1/studio/articles/${id}/revisions`)).body.data
  assert.deepEqual(
    results.map((each: { number: number; title: string }) => [each.number, each.title]),
    [
      [2, '第二个版本的标题'],
      [1, '第一个版本的标题'],
    ],
  )
  assert.match((await carol.get(`/v1/studio/articles/${id}/revisions/1`)).body.data.content, /火星/)
  assert.equal((await alice.get(`/v1/studio/articles/${id}/revisions`)).status, 404)
  assert.equal((await carol.put(`/v1/studio/autosaves/${id}`, { content: { title: '打了一半' } })).status, 200)
  assert.equal((await alice.put(`/v1/studio/autosaves/${id}`, { content: {} })).status, 404)
  assert.deepEqual((await carol.get(`/v1/studio/autosaves/${id}`)).body.data.content, { title: '打了一半' })
  await carol.put(`/mp/v1_0/articles/${id}?draft=true`, draftOf())
  assert.equal((await carol.get(`/v1/studio/autosaves/${id}`)).status, 404)
})

test('what stands unsaved in the studio stays when another client saves an article, and is a draft within bounds', async () => {
  const put = (content: object) => carol.put('/v1/studio/autosaves/new', { content })
  assert.equal((await put({ title: '还没写完', cover: { type: -1, images: ['', '', ''] }, publish_at: null })).status, 200)
  await write()
  assert.equal((await carol.get('/v1/studio/autosaves/new')).body.data.content.title, '还没写完')
  await write({}, '?autosave=new')
  assert.equal((await carol.get('/v1/studio/autosaves/new')).status, 404)
  for (const content of [{ content: 'a\0b' }, { channel_id: 2n ** 53n + 1n }, { title: 5 }, { cover: { type: 1, images: [[]] } }])
    assert.equal((await put(content)).status, 400, Object.keys(content)[0])
})

test('dates in lists have a space below /mp/v1_0, and a T below /v1_0/mp', async () => {
  await write()
  const dates = async (path: string) => (await carol.get(path)).body.data.results.map((item: { pubdate: string }) => item.pubdate[10])
  assert.deepEqual(new Set(await dates('/mp/v1_0/articles')), new Set([' ']))
  assert.deepEqual(new Set(await dates('/v1_0/mp/articles')), new Set(['T']))
})

test('comments of a published article can be switched off and on by its author', async () => {
  const id = await write()
  const set = (allow_comment: unknown) => carol.put(`/mp/v1_0/comments/status?article_id=${id}`, { allow_comment })
  assert.deepEqual([(await set(false)).status, (await set(false)).body.message], [400, 'Invalid article status.'])
  await approve(id)
  assert.equal((await set(false)).status, 201)
  assert.equal((await alice.post('/app/v1_0/comments', { target: id, content: '好' })).status, 400)
  assert.equal((await set(true)).status, 201)
  assert.equal((await alice.post('/app/v1_0/comments', { target: id, content: '好' })).status, 201)
})
