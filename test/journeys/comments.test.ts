import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, CommentId } from '../../src/base/id.ts'
import { signInAdministrator } from '../support/office.ts'
import { type Answer, type Person, type Product } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let [alice, bob, mallory] = [] as unknown as [Person, Person, Person]
let tech: number

before(async () => {
  product = await useSharedProduct()
  ;[alice, bob, mallory] = await Promise.all([product.signIn('alice'), product.signIn('bob'), product.signIn('mallory')])
  tech = await product.createChannel('科技')
})

type Get = (path: string) => Promise<Answer>
const anonymously: Get = path => product.request('GET', path)
const publishOne = async (status = 2) => (await product.publish([{ channel: tech, status }]))[0] as ArticleId
const postComment = async (person: Person, target: bigint, content = '说得好', more: object = {}) =>
  BigInt((await person.post('/app/v1_0/comments', { target, content, ...more })).body.data.com_id) as CommentId
const postComments = async (count: number, article: ArticleId) => {
  const ids: CommentId[] = []
  for (let i = 0; i < count; i++) ids.push(await postComment(i % 2 ? alice : bob, article, `第 ${i} 句`))
  return ids
}
const pin = (ids: CommentId[], pinned = true) => product.db.updateTable('comment').set({ pinned }).where('id', 'in', ids).execute()
const hide = (id: CommentId) => product.db.updateTable('comment').set({ status: 3 }).where('id', '=', id).execute()
const list = (source: bigint, { type = 'a', prefix = '/app/v1_0', limit = 10, offset = '' } = {}) =>
  `${prefix}/comments?type=${type}&source=${source}&limit=${limit}${offset && `&offset=${offset}`}`
const idsOf = (answer: Answer) => answer.body.data.results.map((one: { com_id: bigint | string }) => BigInt(one.com_id))

/** Scrolls until a page is empty, as the clients TM, WZ, TE, TS and JJ do. */
async function untilEmpty(article: ArticleId, written: (lastId: unknown) => string, options = {}) {
  const pages: Answer[] = []
  for (let offset = ''; ; ) {
    const answer = await anonymously(list(article, { ...options, offset }))
    assert.equal(answer.status, 200)
    assert.ok(pages.push(answer) < 50, 'the scroll never ends')
    if (answer.body.data.results.length === 0) return pages
    offset = written(answer.body.data.last_id)
  }
}

test('a reader who comments, gets the comment as clients insert it into their list, and everyone sees it at once', async () => {
  const id = await publishOne()
  const { status, body } = await alice.post('/app/v1_0/comments', { target: `${id}`, content: ' 写得 <b>真</b> 好\r\n！ ', art_id: null })
  assert.equal(status, 201)
  const { com_id, target, art_id, parent_id, new_obj } = body.data
  assert.deepEqual([target, art_id, parent_id, new_obj.com_id], [id, id, null, com_id])
  const { pubdate, aut_photo, ...rest } = new_obj
  assert.match(pubdate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.match(aut_photo, /^http:/)
  const shown = {
    com_id,
    aut_id: alice.id,
    content: '写得 <b>真</b> 好\n！',
    is_top: 0,
    like_count: 0,
    reply_count: 0,
    is_liking: false,
    is_followed: false,
  }
  const { aut_name, ...others } = rest
  assert.deepEqual(others, shown)
  assert.equal(aut_name, (await alice.get('/app/v1_0/user')).body.data.name)
  assert.deepEqual((await bob.get(list(id))).body.data, { total_count: 1, end_id: com_id, last_id: com_id, results: [new_obj] })
  assert.equal((await bob.get(`/app/v1_0/articles/${id}`)).body.data.comm_count, 1)
})

test('a comment whose art_id is its target is a comment on the article: one client adds the article to every request', async () => {
  const id = await publishOne()
  const { status, body } = await bob.post('/v1_0/comments', { target: `${id}`, content: '好', art_id: `${id}` })
  assert.deepEqual([status, body.data?.art_id, body.data?.parent_id], [201, `${id}`, null])
  const parent_id = `${body.data.com_id}`
  const reply = await bob.post('/v1_0/comments', { target: `${id}`, content: '是的', art_id: `${id}`, parent_id })
  assert.deepEqual([reply.status, reply.body.data?.parent_id], [201, parent_id])
})

test('a reply, sent in either form, counts for the article and its parent, and is not listed under the article', async () => {
  const id = await publishOne()
  const parent = await postComment(alice, id)
  const first = await bob.post('/v1_0/comments', { target: `${parent}`, content: '是的', art_id: `${id}` })
  const second = await bob.post('/v1_0/comments', { target: `${id}`, content: '不是', parent_id: `${parent}`, art_id: null })
  assert.deepEqual([first.status, second.status], [201, 201])
  assert.deepEqual([first.body.data.target, first.body.data.art_id, first.body.data.parent_id], [`${parent}`, `${id}`, `${parent}`])
  assert.deepEqual([second.body.data.target, second.body.data.art_id, second.body.data.parent_id], [`${id}`, `${id}`, `${parent}`])
  const { total_count, results } = (await anonymously(list(id))).body.data
  assert.deepEqual([total_count, results.length, results[0].reply_count], [1, 1, 2])
  const replies = await anonymously(list(parent, { type: 'c', prefix: '/v1_0' }))
  assert.deepEqual(
    replies.body.data.results.map((one: { content: string }) => one.content),
    ['不是', '是的'],
  )
  assert.equal(replies.body.data.total_count, 2)
  assert.equal((await anonymously(`/app/v1_0/articles/${id}`)).body.data.comm_count, 3)
})

test('a client that scrolls comments, finds the end in each of the ways clients check, with ids as numbers or text', async () => {
  const id = await publishOne()
  const ids = await postComments(25, id)
  await pin([ids[0] as CommentId, ids[20] as CommentId])
  const order = [20, 0, ...Array.from({ length: 25 }, (_, i) => 24 - i).filter(i => i !== 20 && i !== 0)].map(i => ids[i])
  const forms = { '/app/v1_0': 'bigint', '/v1_0': 'string' }
  for (const [prefix, type] of Object.entries(forms)) {
    const pages = await untilEmpty(id, lastId => (type === 'bigint' ? `%22${lastId}%22` : `${lastId}`), { prefix })
    const data = pages.map(page => page.body.data)
    assert.deepEqual(
      data.map(page => page.results.length),
      [10, 10, 5, 0],
      'exactly as many as asked for',
    )
    assert.deepEqual(pages.flatMap(idsOf), order, 'the pinned first, then the newest, each once')
    assert.deepEqual(
      data.map(page => page.total_count),
      [25, 25, 25, 25],
      'IC stops when it has as many',
    )
    assert.deepEqual(
      data.map(page => page.end_id === page.last_id),
      [false, false, true, false],
      'YE, YY and GU stop when they are the same',
    )
    assert.deepEqual(
      data.slice(0, 3).flatMap(page => [typeof page.end_id, typeof page.last_id]),
      Array.from({ length: 6 }, () => type),
    )
    assert.equal(data.at(-1).last_id, null, 'the client IO stops at a falsy last_id')
    assert.equal(BigInt(data.at(-1).end_id), order.at(-1))
  }
  assert.match((await anonymously(list(id))).text, /"end_id":\d{19},"last_id":\d{19},/)
  assert.match((await anonymously(list(id, { prefix: '/v1_0' }))).text, /"end_id":"\d{19}","last_id":"\d{19}",/)
})

test('a scroll also ends after an exactly full page, after pinned comments only, and at once without comments', async () => {
  const id = await publishOne()
  const none = (await anonymously(list(id, { prefix: '/v1_0' }))).body.data
  assert.deepEqual(none, { total_count: 0, end_id: null, last_id: null, results: [] })
  const ids = await postComments(20, id)
  await pin(ids.slice(0, 10))
  const pages = await untilEmpty(id, String)
  assert.deepEqual(
    pages.map(page => page.body.data.results.length),
    [10, 10, 0],
  )
  assert.equal(pages[1]?.body.data.end_id, pages[1]?.body.data.last_id)
  await pin(ids)
  assert.deepEqual((await untilEmpty(id, String)).flatMap(idsOf), ids.toReversed())
  assert.equal(idsOf(await anonymously(list(id, { limit: 50 }))).length, 20)
})

test('a scroll continues correctly while comments are written, hidden or pinned', async () => {
  const id = await publishOne()
  const ids = await postComments(30, id)
  const first = await anonymously(list(id))
  await postComment(mallory, id, '新的')
  await hide(ids[20] as CommentId) // the last of the first page, whose id the client sends as offset
  await hide(ids[15] as CommentId)
  const second = await anonymously(list(id, { offset: first.body.data.last_id }))
  assert.deepEqual(
    idsOf(second),
    [19, 18, 17, 16, 14, 13, 12, 11, 10, 9].map(i => ids[i]),
  )
  assert.equal(second.body.data.total_count, 29)
  await pin([ids[2] as CommentId])
  const third = await anonymously(list(id, { offset: second.body.data.last_id }))
  assert.deepEqual(
    idsOf(third),
    [8, 7, 6, 5, 4, 3, 1, 0].map(i => ids[i]),
  )
  assert.equal(third.body.data.last_id, third.body.data.end_id)
})

test('an empty offset has several forms, and the id of a deleted comment is still a valid offset', async () => {
  const id = await publishOne()
  const ids = await postComments(12, id)
  const first = idsOf(await anonymously(list(id)))
  for (const query of ['&offset=', '&offset=null', ''])
    assert.deepEqual(idsOf(await anonymously(`/v1_0/comments/?type=a&source=%22${id}%22${query}`)), first, query)
  await product.db
    .deleteFrom('comment')
    .where('id', '=', ids[6] as CommentId)
    .execute()
  assert.deepEqual(idsOf(await anonymously(list(id, { offset: `${ids[6]}` }))), ids.slice(0, 6).toReversed())
  assert.deepEqual(idsOf(await anonymously(list(id, { offset: '1' }))), [])
})

test('a hidden comment disappears with its replies and likes, and no longer counts', async () => {
  const id = await publishOne()
  const [parent, other] = [await postComment(alice, id), await postComment(alice, id)]
  const reply = await postComment(bob, parent, '嗯', { art_id: id })
  await hide(parent)
  const { total_count, results } = (await anonymously(list(id))).body.data
  assert.deepEqual([total_count, results.map((one: { com_id: bigint }) => one.com_id)], [1, [other]])
  assert.deepEqual((await anonymously(list(parent, { type: 'c' }))).body.data, { total_count: 0, end_id: null, last_id: null, results: [] })
  for (const body of [
    { target: parent, art_id: id, content: 'x' },
    { target: id, parent_id: parent, content: 'x' },
  ])
    assert.deepEqual((await bob.post('/app/v1_0/comments', body)).body, {
      message: 'Invalid target comment id.',
      reason: 'gone',
      field: 'target',
    })
  assert.equal((await bob.post('/app/v1_0/comment/likings', { target: parent })).status, 400)
  assert.equal((await bob.post('/app/v1_0/comment/likings', { target: reply })).status, 201, 'a reply may still be liked')
})

test('a comment that is not accepted is refused with the sentence clients show, and nothing is counted', async () => {
  const [id, other, hidden] = [await publishOne(), await publishOne(), await publishOne(5)]
  const parent = await postComment(alice, other)
  const wrong: [object, string][] = [
    [{ target: id, content: '' }, 'Empty content.'],
    [{ target: id, content: ' \n\t ' }, 'Empty content.'],
    [{ target: id, content: '\u0000\u200b' }, 'Empty content.'],
    [{ target: id }, 'Empty content.'],
    [{ target: id, content: null }, 'Empty content.'],
    [{ target: id, content: '长'.repeat(2001) }, 'content must have at most 2000 characters'],
    [{ target: id, content: 5 }, 'content must be text or null'],
    [{ content: '好' }, 'Invalid target article id.'],
    [{ target: 'x', content: '好' }, 'Invalid target article id.'],
    [{ target: 77n, content: '好' }, 'Invalid target article id.'],
    [{ target: hidden, content: '好' }, 'Invalid target article id.'],
    [{ target: parent, art_id: 'x', content: '好' }, 'Invalid target article id.'],
    [{ target: parent, art_id: id, content: '好' }, 'Invalid target comment id.'],
    [{ target: 78n, art_id: id, content: '好' }, 'Invalid target comment id.'],
    [{ target: id, parent_id: 'x', content: '好' }, 'Invalid target comment id.'],
  ]
  for (const [body, message] of wrong) {
    const answer = await mallory.post('/v1_0/comments', body)
    assert.deepEqual([answer.status, answer.body.message], [400, message])
  }
  await product.db.updateTable('article').set({ allow_comment: false }).where('id', '=', other).execute()
  for (const body of [
    { target: other, content: '好' },
    { target: parent, art_id: other, content: '好' },
  ])
    assert.deepEqual((await mallory.post('/v1_0/comments', body)).body, { message: 'Article denied comment.', reason: 'closed' })
  assert.equal((await product.request('POST', '/v1_0/comments', { target: id, content: '好' })).status, 401)
  assert.equal((await anonymously(list(id))).body.data.total_count, 0)
  assert.equal((await anonymously(list(other))).body.data.results.length, 1, 'earlier comments stay visible')
  assert.equal((await mallory.post('/v1_0/comments', { target: id, content: '😀'.repeat(2000) })).status, 201)
})

test('a list of comments needs a type, a source and valid numbers', async () => {
  const id = await publishOne()
  const wrong = ['', 'type=a', `source=${id}`, `type=b&source=${id}`, `type=a&type=c&source=${id}`, 'type=a&source=x', 'type=a&source=0']
  for (const more of [
    'limit=9',
    'limit=51',
    'limit=x',
    'limit=-1',
    'offset=0',
    'offset=-1',
    'offset=x',
    'offset=1.5',
    `offset=${2n ** 63n}`,
  ])
    wrong.push(`type=a&source=${id}&${more}`)
  for (const query of wrong) {
    const answer = await anonymously(`/app/v1_0/comments?${query}`)
    assert.deepEqual([answer.status, typeof answer.body.message], [400, 'string'], query)
  }
  for (const source of [12345n, await publishOne(1), await publishOne(4)])
    for (const type of ['a', 'c']) assert.deepEqual((await anonymously(list(source, { type }))).body.data.results, [])
})

test('a like of a comment counts once and its reader sees it; a reader with a bad token reads as anonymous', async () => {
  const id = await publishOne()
  const said = await postComment(alice, id)
  const answers = await repeat(50, () => bob.post('/app/v1_0/comment/likings', { target: said }))
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([201]))
  assert.deepEqual(answers[0]?.body.data, { target: said })
  await bob.post('/app/v1_0/user/followings', { target: alice.id })
  const seen = async (get: Get) =>
    (({ like_count, is_liking, is_followed }) => [like_count, is_liking, is_followed])((await get(list(id))).body.data.results[0])
  assert.deepEqual(await seen(bob.get), [1, true, true])
  assert.deepEqual(await seen(alice.get), [1, false, false])
  assert.deepEqual(await seen(path => product.request('GET', path, undefined, { headers: { authorization: 'Bearer undefined' } })), [
    1,
    false,
    false,
  ])
  await mallory.delete(`/v1_0/comment/likings/${said}`)
  assert.deepEqual(await seen(bob.get), [1, true, true], 'no reader removes the like of another')
  for (let i = 0; i < 2; i++) assert.equal((await bob.delete(`/v1_0/comment/likings/${said}`)).status, 204)
  assert.deepEqual(await seen(bob.get), [0, false, true])
})

test('only a visible comment can be liked, and no comment of a withdrawn article is visible', async () => {
  const id = await publishOne()
  const below = await postComment(alice, id)
  await product.db.updateTable('article').set({ status: 5 }).where('id', '=', id).execute()
  assert.deepEqual(
    (await anonymously(list(id))).body.data,
    { total_count: 0, end_id: null, last_id: null, results: [] },
    'nor is it listed',
  )
  for (const target of [id, below, 5n, 'x', null, 0])
    assert.deepEqual((await mallory.post('/v1_0/comment/likings', { target })).body, { message: 'Invalid target comment id.' })
  assert.equal((await product.request('POST', '/v1_0/comment/likings', { target: below })).status, 401)
})

test('concurrent comments are all stored and counted', async () => {
  const id = await publishOne()
  await repeat(40, i => postComment(i % 2 ? alice : bob, id, `${i}`))
  const pages = await untilEmpty(id, String)
  assert.equal(new Set(pages.flatMap(idsOf)).size, 40)
  await product.waitForCounts()
  assert.equal((await anonymously(`/app/v1_0/articles/${id}`)).body.data.comm_count, 40)
})

test('a reader deletes their own comment with its replies; another reader cannot', async () => {
  const id = await publishOne()
  const said = await postComment(alice, id)
  await bob.post('/app/v1_0/comments', { target: said, art_id: id, content: 'a reply' })
  assert.equal((await mallory.delete(`/v1/comments/${said}`)).status, 403)
  assert.equal((await alice.delete(`/v1/comments/${said}`)).status, 204)
  assert.equal((await alice.delete(`/v1/comments/${said}`)).status, 404)
  assert.equal((await anonymously(list(id))).body.data.total_count, 0)
  await product.waitForCounts()
  assert.equal((await anonymously(`/app/v1_0/articles/${id}`)).body.data.comm_count, 0)
})

test('who deleted their own comment may restore it for a while, with the replies that went with it', async () => {
  const id = await publishOne()
  const said = await postComment(alice, id)
  const reply = await postComment(bob, said, 'a reply', { art_id: id })
  const gone = await postComment(bob, said, 'a reply that bob deletes', { art_id: id })
  const restore = (person: Person, comment: bigint) => person.post(`/v1/comments/${comment}/restore`)
  await bob.delete(`/v1/comments/${gone}`)
  await alice.delete(`/v1/comments/${said}`)
  assert.deepEqual([(await mallory.post(`/v1/comments/${said}/restore`)).status, (await restore(bob, gone)).status], [404, 404])
  assert.deepEqual([(await restore(alice, said)).status, (await restore(alice, said)).status], [204, 204])
  assert.deepEqual(idsOf(await anonymously(list(id))), [said])
  assert.deepEqual(idsOf(await anonymously(list(said, { type: 'c' }))), [reply])
  await product.waitForCounts()
  assert.equal((await anonymously(`/app/v1_0/articles/${id}`)).body.data.comm_count, 2)

  await alice.delete(`/v1/comments/${said}`)
  await product.db
    .updateTable('comment')
    .set({ withdrawn_at: new Date(Date.now() - 3_600_000) })
    .where('id', '=', said)
    .execute()
  assert.equal((await restore(alice, said)).status, 404)

  const reported = await postComment(alice, id)
  assert.equal((await bob.post(`/v1/comments/${reported}/reports`, { type: 1 })).status, 204)
  await alice.delete(`/v1/comments/${reported}`)
  const editor = await signInAdministrator(product)
  const decided = await editor.put(`/v1/admin/reports/comment/${reported}`, { decision: 'remove' })
  assert.deepEqual([decided.status, decided.body.data.removed], [200, true])
  assert.equal((await restore(alice, reported)).status, 404, 'an editor has removed it meanwhile')
})

test('a reader reports a comment once, in words only if they say what else is wrong', async () => {
  const said = await postComment(alice, await publishOne())
  const report = (person: Person, type: number, remark?: string) => person.post(`/v1/comments/${said}/reports`, { type, remark })
  const statuses = [await report(bob, 5, 'ignored'), await report(bob, 0), await report(mallory, 0, 'rude'), await report(mallory, 9)]
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [204, 409, 204, 400],
  )
  assert.equal((await bob.post('/v1/comments/5/reports', { type: 1 })).status, 404)
  const rows = await product.db
    .selectFrom('comment_report')
    .select(['type', 'remark'])
    .where('comment_id', '=', said)
    .orderBy('type')
    .execute()
  assert.deepEqual(rows, [
    { type: 0, remark: 'rude' },
    { type: 5, remark: null },
  ])
})
