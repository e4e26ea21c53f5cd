// Editors and moderators at work: from a creator's article to its readers, and back out again.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Administrator, addAdministrator, lastOperation, MODERATORS, signInAdministrator } from '../support/office.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { type Answer, type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { openSocket } from '../support/sockets.ts'
import { eventually } from '../support/waiting.ts'

const MIS = '/mis/v1_0'
let product: Product
let editor: Administrator
let moderator: Administrator
let channel: number
let carol: Person
let alice: Person
let bob: Person

before(async () => {
  product = await useSharedProduct()
  editor = await signInAdministrator(product)
  await addAdministrator(product, 'moderator', MODERATORS)
  moderator = await signInAdministrator(product, 'moderator')
  channel = await product.createChannel('科技')
  carol = await product.signInToStudio('carol')
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
})

const statusAndMessage = ({ status, body }: Answer) => [status, body?.message]
const write = async (title: string, images: string[] = [], query = ''): Promise<string> => {
  const cover = { type: images.length, images }
  const draft = { title, content: `<p>${title}。探测器找到了水。</p>`, cover, channel_id: channel }
  return String((await carol.post(`/mp/v1_0/articles${query}`, draft)).body.data.id)
}
const decide = (by: Administrator, id: string, status: number, more: object = {}) =>
  by.put(`${MIS}/articles`, { article_ids: [id], status, ...more })
const idsIn = (answer: Answer): string[] => answer.body.data.results.map((card: { art_id: unknown }) => String(card.art_id))

test('a creator publishes, an editor approves, readers see it and followers are told; a ban takes it away everywhere', async t => {
  await alice.post('/app/v1_0/user/followings', { target: String(carol.id) })
  const [beside] = await product.publish([{ channel, author: bob.id, title: '火星探测器的相机' }])
  const feed = async (person: Person) =>
    idsIn(await person.get(`/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`))
  const places: Record<string, (id: string) => Promise<boolean>> = {
    page: async id => (await alice.get(`/app/v1_0/articles/${id}`)).status === 200,
    // Unseen by this reader each time: a new device.
    feed: async id =>
      idsIn(
        await product.request('GET', `/app/v1_1/articles?channel_id=${channel}&timestamp=1&with_top=0`, undefined, {
          headers: { authorization: `Anony phone-${Math.random()}` },
        }),
      ).includes(id),
    search: async id => idsIn(await alice.get('/app/v1_0/search?q=%E9%87%8F%E5%AD%90%E8%8A%AF%E7%89%87&page=1&per_page=10')).includes(id),
    'author list': async id => idsIn(await alice.get(`/app/v1_0/users/${carol.id}/articles`)).includes(id),
    related: async id =>
      (await alice.get(`/app/v1_0/articles/${beside}`)).body.data.recomments.some((one: { art_id: unknown }) => String(one.art_id) === id),
    notice: async id =>
      (await alice.get('/v1/notices?after=0&limit=100')).body.data.notices.some((notice: any) => notice.article?.id === id),
    assistant: async id => {
      const socket = openSocket(product.url, { query: { token: alice.token } })
      await socket.connected()
      socket.emit('message', { msg: '量子芯片', stream: true, id: '1' })
      const { articles = [] } = (await socket.next('message')) as { articles?: { art_id: string }[] }
      socket.close()
      return articles.some(one => one.art_id === id)
    },
  }
  const picture = (await carol.post('/mp/v1_0/user/images', undefined, { body: formOf({ image: await jpegOf(60, 40) }) })).body.data.url
  const id = await write('量子芯片的新实验', [picture])
  for (const [place, has] of Object.entries(places)) assert.equal(await has(id), false, `${place} before the review`)

  // The requests of the course's API tests: found by title and channel, then approved.
  const { name } = await product.db.selectFrom('channel').select('name').where('id', '=', channel).executeTakeFirstOrThrow()
  const { articles } = (await moderator.get(`${MIS}/articles?title=${encodeURIComponent('量子芯片')}&channel=${encodeURIComponent(name)}`))
    .body.data
  assert.deepEqual(
    articles.map((one: any) => [String(one.article_id), one.status, one.channel_name]),
    [[id, 1, name]],
  )
  const approved = performance.now()
  const answer = await decide(moderator, id, 2)
  assert.deepEqual([answer.status, answer.body], [201, { message: 'OK' }])
  const { related, ...shown } = places as { related: (id: string) => Promise<boolean> } & typeof places
  for (const [place, has] of Object.entries(shown)) {
    await eventually(() => has(id), Boolean)
    t.diagnostic(`${place}: ${Math.round(performance.now() - approved)} ms after the approval`)
  }
  assert.ok((await feed(bob)).includes(id))

  // Where it comes to be by what readers do with it.
  for (const reader of [alice, bob]) {
    await reader.get(`/app/v1_0/articles/${id}`)
    await reader.post('/app/v1_0/comments', { target: id, content: '真的吗' })
    await product.waitForBehaviours(`r${reader.id}`, 1)
  }
  await alice.post('/app/v1_0/article/collections', { target: id })
  await alice.post(`/v1/chats/${bob.id}/messages`, { client_id: 'look', text: `看看 ${product.url}/article/${id}` })
  const listed = (path: string) => async () => idsIn(await alice.get(path)).includes(id)
  const reached: typeof places = {
    'most opened': listed('/v1/lists/hot'),
    'most discussed': async () => idsIn(await product.request('GET', '/v1/lists/discussed')).includes(id),
    collections: listed('/app/v1_0/article/collections'),
    history: listed('/app/v1_0/user/histories'),
    'its picture': async () => (await fetch(picture)).status === 200,
    'chat preview': async () => (await bob.get('/v1/chats')).body.data.chats[0].last.article?.title === '量子芯片的新实验',
  }
  for (const [place, has] of Object.entries(reached)) assert.ok(await eventually(() => has(id), Boolean), place)

  const banned = performance.now()
  assert.equal((await decide(moderator, id, 5)).status, 201)
  for (const [place, has] of Object.entries({ ...places, ...reached })) {
    await eventually(async () => !(await has(id)), Boolean)
    t.diagnostic(`${place}: ${Math.round(performance.now() - banned)} ms after the ban`)
  }
  assert.ok(!(await feed(bob)).includes(id))
  assert.equal(await related(id), false)

  assert.equal((await decide(moderator, id, 6)).status, 201)
  await eventually(() => (places.page as (id: string) => Promise<boolean>)(id), Boolean)
  const log = (await editor.get(`${MIS}/operationlogs?keyword=${id}`)).body.data.operationlogs
  assert.deepEqual(
    log.map((one: any) => [one.administrator_name, one.operation, one.before, one.after]),
    [
      ['moderator', 'approve article', { status: 1 }, { status: 2, reason: null }],
      ['moderator', 'ban article', { status: 2 }, { status: 5, reason: null }],
      ['moderator', 'unban article', { status: 5 }, { status: 2, reason: null }],
    ],
  )
})

test('only the transitions of the contract are allowed, and a refusal names the article and who decided before', async () => {
  const statuses = [0, 1, 2, 3, 4, 5]
  const allowed: Record<number, number[]> = { 0: [4], 1: [2, 3, 4], 2: [4, 5], 3: [4], 4: [], 5: [4, 6] }
  for (const from of statuses)
    for (const to of [-1, 0, 1, 2, 3, 4, 5, 6, 7]) {
      const id = await write(`从${from}到${to}的文章`, [], '?draft=true')
      await product.db
        .updateTable('article')
        .set({ status: from })
        .where('id', '=', BigInt(id) as never)
        .execute()
      const { status, body } = await decide(editor, id, to)
      assert.equal(status, allowed[from]?.includes(to) ? 201 : 403, `${from} → ${to}: ${body.message}`)
    }
  const id = await write('已经通过的文章')
  await decide(moderator, id, 2)
  assert.deepEqual(statusAndMessage(await decide(editor, id, 3)), [
    403,
    '文章《已经通过的文章》的状态是“审核通过”（moderator 已审核通过），不能驳回。',
  ])
})

test('of two editors who decide about one article at once, one decides and the other is told', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await write(`两位编辑的文章${round}`)
    const answers = await Promise.all([decide(editor, id, 2), decide(moderator, id, 3, { reject_reason: '标题党' })])
    assert.deepEqual(answers.map(one => one.status).toSorted(), [201, 403])
    const loser = answers.find(one => one.status === 403)
    assert.match(
      loser?.body.message,
      /^文章《两位编辑的文章\d》的状态是“审核(通过|失败)”（(editor|moderator) 已(审核通过|驳回)），不能(审核通过|驳回)。$/,
    )
    const reviews = await product.db
      .selectFrom('article_review')
      .select('action')
      .where('article_id', '=', BigInt(id) as never)
      .execute()
    assert.equal(reviews.length, 1)
  }
})

test('of several articles all are decided or none, and an article that changed since it was looked at is not', async () => {
  const [one, two] = [await write('第一篇的文章'), await write('第二篇的文章')]
  await decide(editor, two, 3)
  assert.equal((await editor.put(`${MIS}/articles`, { article_ids: [one, two], status: 2 })).status, 403)
  assert.equal((await editor.get(`${MIS}/articles/${one}`)).body.data.status, 1)
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/articles`, { article_ids: [one, 77], status: 2 })), [
    400,
    'Invalid article id.',
  ])

  const { version } = (await editor.get(`${MIS}/articles/${one}`)).body.data
  const edit = { title: '改过的第一篇', content: '<p>另一段文字。</p>', cover: { type: 0, images: [] }, channel_id: channel }
  await carol.put(`/mp/v1_0/articles/${one}`, edit)
  const late = await decide(editor, one, 2, { versions: [version] })
  assert.deepEqual(statusAndMessage(late), [403, '文章《改过的第一篇》在您查看之后已被修改，请重新审核。'])
  const page = (await editor.get(`${MIS}/articles/${one}`)).body.data
  assert.match(page.content, /另一段文字/)
  assert.equal((await decide(editor, one, 2, { versions: [page.version] })).status, 201)
})

test('an author reads the reason of a rejection', async () => {
  const [given, none] = [await write('有理由的文章'), await write('没有理由的文章')]
  await decide(editor, given, 3, { reject_reason: '标题党' })
  await decide(editor, none, 3)
  assert.equal((await carol.get(`/mp/v1_0/articles/${given}`)).body.data.reject_reason, '标题党')
  assert.equal((await carol.get(`/mp/v1_0/articles/${none}`)).body.data.reject_reason, '系统审核')
})

test('lists of articles are filtered by status, channel and date; bad filters are refused', async () => {
  const { articles, total_count } = (await editor.get(`${MIS}/articles?status_list=3&order_by=-id&per_page=10`)).body.data
  assert.ok(total_count >= 2 && articles.every((one: any) => one.status === 3))
  assert.deepEqual(Object.keys(articles[0]).slice(0, 7), [
    'article_id',
    'title',
    'name',
    'channel_name',
    'comment_count',
    'update_time',
    'status',
  ])
  assert.equal((await editor.get(`${MIS}/articles?begin=2000-01-01%2000:00:00&end=2000-01-02%2000:00:00`)).body.data.total_count, 0)
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/articles?status_list=9`)), [403, 'status_list parameter error.'])
  assert.equal((await editor.get(`${MIS}/articles?begin=yesterday`)).status, 400)
  assert.equal((await editor.get(`${MIS}/articles?per_page=51`)).status, 400)
  assert.equal((await editor.get(`${MIS}/articles/77`)).status, 404)
})

test('a channel is added, hidden, renamed and deleted, and readers see it at once', async () => {
  const created = await editor.post(`${MIS}/channels`, { name: '天文', is_visible: 1, sequence: 7 })
  assert.equal(created.status, 201)
  const { channel_id: id } = created.body.data
  assert.equal(typeof id, 'string')
  const names = async () => (await product.request('GET', '/app/v1_0/channels')).body.data.channels.map((one: any) => one.name)
  await eventually(names, found => found.includes('天文'))
  assert.deepEqual(statusAndMessage(await editor.post(`${MIS}/channels`, { name: '天文', is_visible: 1 })), [403, '天文 already exists'])
  assert.equal((await editor.post(`${MIS}/channels`, { name: '天\u200b文', is_visible: 1 })).status, 403)
  assert.equal((await editor.put(`${MIS}/channels/${channel}`, { name: '天文', is_visible: 1 })).status, 403)
  assert.equal((await editor.put(`${MIS}/channels/${id}`, { name: '星空', is_visible: 0 })).status, 201)
  const { before: was, after: is } = await lastOperation(product)
  assert.deepEqual(
    [was, is],
    [
      { name: '天文', visible: true },
      { name: '星空', visible: false },
    ],
  )
  await eventually(names, found => !found.includes('天文') && !found.includes('星空'))
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/channels/${channel}`)), [400, 'Please delete the article first.'])
  assert.equal((await editor.delete(`${MIS}/channels/${id}`)).status, 204)
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/channels/${id}`)), [400, 'Invalid channel id.'])
  assert.equal((await moderator.post(`${MIS}/channels`, { name: '别的', is_visible: 1 })).status, 403)
})

test('a frozen reader is refused, their articles are gone, and both come back', async () => {
  const id = await write('将被冻结的作者')
  await decide(editor, id, 2)
  await eventually(
    async () => (await alice.get(`/app/v1_0/articles/${id}`)).status,
    status => status === 200,
  )
  const freeze = (status: number) => moderator.put(`${MIS}/users`, { user_ids: [String(carol.id)], status })
  const frozen = await freeze(0)
  assert.deepEqual([frozen.status, frozen.body.data], [201, { count: 1 }])
  await eventually(
    async () => (await carol.get('/app/v1_0/user')).status,
    status => status === 403,
  )
  await eventually(
    async () => (await alice.get(`/app/v1_0/articles/${id}`)).status,
    status => status === 404,
  )
  const { users } = (await moderator.get(`${MIS}/users?keyword=${carol.mobile}&status=0`)).body.data
  assert.deepEqual(
    users.map((one: any) => [String(one.user_id), one.status, one.is_verified]),
    [[String(carol.id), 0, 1]],
  )
  await freeze(1)
  await eventually(
    async () => (await carol.get('/app/v1_0/user')).status,
    status => status === 200,
  )
  await eventually(
    async () => (await alice.get(`/app/v1_0/articles/${id}`)).status,
    status => status === 200,
  )
  assert.deepEqual(statusAndMessage(await moderator.get(`${MIS}/users/77`)), [400, 'Invalid user id.'])
})

test('an administrator registers a reader, who signs in with a code', async () => {
  const user = {
    account: 'dave1',
    password: 'not1kept',
    name: '戴夫',
    mobile: '13800000777',
    gender: 0,
    introduction: '记者',
    company: '日报',
  }
  const created = await editor.post(`${MIS}/users`, user)
  assert.deepEqual([created.status, created.body.data.account, created.body.data.status], [201, 'dave1', 1])
  assert.deepEqual(statusAndMessage(await editor.post(`${MIS}/users`, user)), [403, 'dave1 already exists'])
  const lookalike = await editor.post(`${MIS}/users`, { ...user, account: 'dave3', name: '戴\u2060夫', mobile: '13800000778' })
  assert.deepEqual(statusAndMessage(lookalike), [403, '戴夫 already exists'])
  const again = await editor.post(`${MIS}/users`, { ...user, account: 'dave2', name: '别名' })
  assert.deepEqual(statusAndMessage(again), [403, '13800000777 already exists'])
  assert.equal((await product.signIn('戴夫', '13800000777')).id, BigInt(created.body.data.user_id))
})

test('a reader who sends name and number applies to be verified, and once approved signs in to the studio', async () => {
  const signIn = () => product.request('POST', '/mp/v1_0/authorizations', { mobile: bob.mobile, code: '246810' })
  assert.notEqual((await signIn()).status, 201)
  const identity = { real_name: '鲍勃', id_number: '110101199003070011' }
  assert.equal((await bob.patch('/app/v1_0/user/profile', identity)).status, 201)
  const { legalizes } = (await editor.get(`${MIS}/legalizes?status=1`)).body.data
  const legalize = legalizes.at(-1)
  assert.deepEqual([legalize.type, legalize.status], [1, 1])
  const { user_profile } = (await editor.get(`${MIS}/legalizes/${legalize.legalize_id}`)).body.data
  assert.deepEqual([user_profile.real_name, user_profile.id_number, user_profile.id_card_front], ['鲍勃', '110101199003070011', null])
  assert.equal((await moderator.get(`${MIS}/legalizes/${legalize.legalize_id}`)).status, 403)

  const decideLegalize = (status: number) =>
    editor.put(`${MIS}/legalizes`, { legalize_ids: [legalize.legalize_id], status, reject_reason: '看不清' })
  assert.deepEqual((await decideLegalize(2)).body.data, { count: 1 })
  assert.deepEqual((await decideLegalize(3)).body.data, { count: 0 }) // decided already
  assert.equal((await signIn()).status, 201)
  assert.equal((await bob.get('/app/v1_0/user')).body.data.is_media, true)
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/legalizes/77777`)), [400, 'Invalid legalize id.'])
})
