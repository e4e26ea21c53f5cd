// Notices: what other readers' actions tell a reader, how they are listed and read, and how they reach open sockets.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { createMinuteOfDay } from '../../src/features/notices/quiet-hours.ts'
import { waitForNotices as waitForNoticesOf } from '../support/notices.ts'
import type { Person, Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { openSocket, type TestSocket } from '../support/sockets.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let [alice, bob, carol, mallory] = [] as unknown as [Person, Person, Person, Person]
let tech: number

before(async () => {
  product = await useSharedProduct()
  const people = await Promise.all(['alice', 'bob', 'carol', 'mallory'].map(name => product.signIn(name)))
  ;[alice, bob, carol, mallory] = people as [Person, Person, Person, Person]
  tech = await product.createChannel('科技')
})

const publish = async () => (await product.publish([{ author: alice.id, channel: tech, title: '新芯片' }]))[0] as ArticleId

const minuteOfDay = createMinuteOfDay('Asia/Shanghai')
/** Quiet hours end for a minute at least each day: in these, twelve hours from now. */
function alwaysQuiet() {
  const awake = minuteOfDay(Date.now()) + 720
  return { quiet_from: (awake + 1) % 1_440, quiet_to: awake % 1_440 }
}

interface Notice {
  id: string
  kind: string
  actor: { id: string } | null
  article: { id: string; title: string } | null
  comment: { id: string; content: string } | null
  is_read: boolean
}

const noticesOf = async (person: Person, after = '0'): Promise<{ notices: Notice[]; unread: number }> =>
  (await person.get(`/v1/notices?after=${after}&limit=100`)).body.data
const lastIdOf = async (person: Person) => (await noticesOf(person)).notices.at(-1)?.id ?? '0'

const waitForNotices = () => waitForNoticesOf(product.db)

test('an author is told of a like, a follower, a comment, and the author of a comment of an answer and of likes', async () => {
  const article = await publish()
  await waitForNotices()
  const [start, bobs] = [await lastIdOf(alice), await lastIdOf(bob)]
  await bob.post('/v1_0/article/likings', { target: article })
  await bob.post('/v1_0/user/followings', { target: alice.id })
  const comment = (await bob.post('/v1_0/comments', { target: article, content: 'very good' })).body.data.com_id
  await carol.post('/v1_0/comments', { target: comment, content: 'indeed', art_id: article })
  await carol.post('/v1_0/comment/likings', { target: comment })
  await waitForNotices()
  const { notices } = await noticesOf(alice, start)
  assert.deepEqual(
    notices.map(({ kind, actor }) => [kind, actor?.id]),
    [
      ['like', String(bob.id)],
      ['follow', String(bob.id)],
      ['comment', String(bob.id)],
      ['comment', String(carol.id)],
    ],
  )
  assert.deepEqual([notices[0]?.article?.id, notices[0]?.article?.title], [String(article), '新芯片'])
  assert.equal(notices[2]?.comment?.content, 'very good')
  assert.deepEqual(
    (await noticesOf(bob, bobs)).notices.map(({ kind, actor }) => [kind, actor?.id]),
    [
      ['reply', String(carol.id)],
      ['comment-like', String(carol.id)],
    ],
  )
})

test('a like that was undone leaves no unread notice, and one that is repeated pushes nothing', async () => {
  const article = await publish()
  const socket = openSocket(product.url, { query: { token: alice.token } })
  await socket.connected()
  const { unread } = await noticesOf(alice)
  await bob.post('/v1_0/article/likings', { target: article })
  // Pushes of earlier events may still be under way.
  await eventually(
    () => socket.received,
    list => list.some(({ event, payload }) => event === 'notice' && payload.kind === 'like' && payload.unread === unread + 1),
  )
  for (let i = 0; i < 3; i++) {
    await bob.delete(`/v1_0/article/likings/${article}`)
    await waitForNotices()
    assert.equal((await noticesOf(alice)).unread, unread)
    await bob.post('/v1_0/article/likings', { target: article })
    await bob.post('/v1_0/article/likings', { target: article })
    await waitForNotices()
    assert.equal((await noticesOf(alice)).unread, unread + 1)
  }
  // What came after it has been pushed, so nothing before it is still under way.
  await carol.post('/v1_0/article/likings', { target: article })
  const likers = () =>
    socket.received
      .filter(({ event, payload }) => event === 'liking notify' && payload.art_id === String(article))
      .map(({ payload }) => payload.user_id)
  await eventually(likers, ids => ids.includes(String(carol.id)))
  assert.deepEqual(likers(), [String(bob.id), String(carol.id)])
  socket.close()
})

test('an open page learns the unread count when a like is undone, and when it comes back', async () => {
  const article = await publish()
  await waitForNotices()
  const { unread } = await noticesOf(alice)
  const socket = openSocket(product.url, { query: { token: alice.token } })
  await socket.connected()
  const counts = () => socket.received.filter(({ event }) => event === 'notice').map(({ payload }) => [payload.kind, payload.unread])
  const expected: unknown[] = []
  const assertNext = async (kind: string, count: number) => {
    expected.push([kind, count])
    await socket.next('notice', expected.length)
    assert.deepEqual(counts(), expected)
  }
  await bob.post('/v1_0/article/likings', { target: article })
  await assertNext('like', unread + 1)
  await bob.delete(`/v1_0/article/likings/${article}`)
  await assertNext('unread', unread)
  await bob.post('/v1_0/article/likings', { target: article })
  await assertNext('unread', unread + 1)
  socket.close()
})

test("the contract's pushes have its payload, with ids as text", async () => {
  const article = await publish()
  const socket = openSocket(product.url, { version: 2, query: { token: alice.token } })
  await socket.connected()
  await carol.post('/v1_0/article/likings', { target: article })
  await carol.post('/v1_0/user/followings', { target: alice.id })
  await carol.post('/v1_0/comments', { target: article, content: 'hm' })
  const like = await socket.next('liking notify')
  const follow = await socket.next('following notify')
  const comment = await socket.next('comment notify')
  const name = (await carol.get('/v1_0/user')).body.data.name
  for (const payload of [like, follow, comment]) {
    assert.deepEqual([payload.user_id, payload.user_name, typeof payload.user_photo], [String(carol.id), name, 'string'])
    assert.ok(Math.abs(Number(payload.timestamp) - Date.now() / 1_000) < 3_600)
  }
  for (const payload of [like, comment]) assert.deepEqual([payload.art_id, payload.art_title], [String(article), '新芯片'])
  assert.deepEqual(Object.keys(follow).toSorted(), ['timestamp', 'user_id', 'user_name', 'user_photo'])
  socket.close()
})

test('followers are told of a new article, and no more when it is withdrawn', async () => {
  await bob.post('/v1_0/user/followings', { target: alice.id })
  await waitForNotices()
  const start = await lastIdOf(bob)
  const socket = openSocket(product.url, { query: { token: bob.token } })
  await socket.connected()
  const article = await publish()
  assert.equal((await socket.next('notice')).kind, 'article')
  // The push of an earlier article may have come first.
  const told = await eventually(
    () => noticesOf(bob, start),
    ({ notices }) => notices.length > 0,
  )
  assert.deepEqual(
    told.notices.map(({ kind, article: about }) => [kind, about?.id]),
    [['article', String(article)]],
  )
  const { unread } = await noticesOf(bob)
  await sql`update article set status = 4 where id = ${article}`.execute(product.db)
  await eventually(
    () => noticesOf(bob),
    now => now.unread === unread - 1,
  )
  socket.close()
})

test('an article dated in the future is announced when it appears', async () => {
  await waitForNotices()
  const start = await lastIdOf(bob)
  const [article] = await product.publish([{ author: alice.id, channel: tech, ageSeconds: -3_600 }])
  await waitForNotices()
  assert.deepEqual((await noticesOf(bob, start)).notices, [])
  await sql`update article set published_at = now() where id = ${article}`.execute(product.db)
  await sql`update notice_fanout set due_at = now() where article_id = ${article}`.execute(product.db)
  await waitForNotices()
  assert.equal((await noticesOf(bob, start)).notices.length, 1)
})

test('readers who block each other tell each other nothing, whoever blocked', async () => {
  const article = await publish()
  await mallory.post('/v1_0/article/likings', { target: article })
  await waitForNotices()
  const fromMallory = async () => (await noticesOf(alice)).notices.filter(({ actor }) => actor?.id === String(mallory.id)).length
  assert.equal(await fromMallory(), 1)
  await alice.post('/v1_0/user/blacklists', { target: mallory.id })
  await waitForNotices()
  assert.equal(await fromMallory(), 0, 'what was told before is gone too')
  await mallory.post('/v1_0/comments', { target: article, content: 'spam' })
  await mallory.post('/v1_0/user/followings', { target: alice.id })
  await waitForNotices()
  assert.equal(await fromMallory(), 0)
  // The other way round: alice comments under mallory's article.
  const [hers] = await product.publish([{ author: mallory.id, channel: tech }])
  await alice.post('/v1_0/article/likings', { target: hers })
  await waitForNotices()
  assert.deepEqual(
    (await noticesOf(mallory)).notices.filter(({ actor }) => actor?.id === String(alice.id)),
    [],
  )
})

test('nobody is told of what they do themselves', async () => {
  const article = await publish()
  await waitForNotices()
  const start = await lastIdOf(alice)
  await alice.post('/v1_0/article/likings', { target: article })
  await alice.post('/v1_0/comments', { target: article, content: 'mine' })
  await waitForNotices()
  assert.deepEqual((await noticesOf(alice, start)).notices, [])
})

test('likes of an article are one group, which names the newest readers and their number', async () => {
  const article = await publish()
  for (const person of [bob, carol]) {
    await person.post('/v1_0/article/likings', { target: article })
    await waitForNotices()
  }
  const { groups, unread } = (await alice.get('/v1/notices/groups')).body.data
  assert.equal(groups[0].kind, 'like')
  assert.equal(groups[0].count, 2)
  assert.deepEqual(
    groups[0].actors.map((actor: { id: string }) => actor.id),
    [String(carol.id), String(bob.id)],
  )
  assert.equal(groups[0].is_read, false)
  const read = await alice.post('/v1/notices/read', { up_to: groups[0].id })
  assert.ok(unread > 0)
  assert.equal(read.body.data.unread, 0)
  assert.equal((await alice.get('/v1/notices/groups')).body.data.groups[0].is_read, true)
  const next = (await alice.get(`/v1/notices/groups?before=${groups[0].id}&limit=1`)).body.data.groups
  assert.equal(next.length, 1)
  assert.ok(BigInt(next[0].id) < BigInt(groups[0].id))
})

test('a reader chooses which kinds they are told of, and when nothing is pushed', async () => {
  assert.deepEqual((await alice.get('/v1/notices/settings')).body.data, { muted: [], quiet_from: null, quiet_to: null, presence: false })
  await alice.patch('/v1/notices/settings', { muted: ['like'], ...alwaysQuiet() })
  assert.equal((await alice.patch('/v1/notices/settings', { quiet_from: 1 })).status, 400)
  assert.equal((await alice.patch('/v1/notices/settings', { muted: ['smoke'] })).status, 400)
  const article = await publish()
  const [socket, bobs] = [alice, bob].map(person => openSocket(product.url, { query: { token: person.token } })) as [TestSocket, TestSocket]
  await Promise.all([socket.connected(), bobs.connected()])
  const start = await lastIdOf(alice)
  await bob.post('/v1_0/article/likings', { target: article })
  await bob.post('/v1_0/comments', { target: article, content: 'at night' })
  await carol.post('/v1_0/user/followings', { target: bob.id })
  await bobs.next('following notify') // what alice would have been told comes before it
  const { notices } = await noticesOf(alice, start)
  assert.deepEqual(
    notices.map(({ kind }) => kind),
    ['comment'],
  )
  await alice.patch('/v1/notices/settings', { muted: [], quiet_from: null, quiet_to: null })
  await carol.post('/v1_0/article/likings', { target: article })
  await socket.next('liking notify')
  assert.equal(
    socket.received.some(({ event }) => event === 'comment notify'),
    false,
  )
  for (const each of [socket, bobs]) each.close()
})

test('after pushes may have been missed, readers are told their unread count, unless it is in their quiet hours', async () => {
  await alice.patch('/v1/notices/settings', alwaysQuiet())
  // Bob follows alice: he is told of her last article first.
  await eventually(
    () =>
      product.db
        .selectFrom('notice_fanout')
        .innerJoin('article', 'article.id', 'article_id')
        .select('article_id')
        .where('author_id', '=', alice.id)
        .execute(),
    left => left.length === 0,
  )
  const [alices, bobs] = [alice, bob].map(person => openSocket(product.url, { query: { token: person.token } })) as [TestSocket, TestSocket]
  await Promise.all([alices.connected(), bobs.connected()])
  const { unread } = await noticesOf(bob)
  // As the retention of a log sets it: a process may already have read up to this transaction.
  await sql`
    insert into log_floor values ('notice', (pg_current_xact_id()::text::bigint + 1)::text::xid8)
    on conflict (log) do update set xid = excluded.xid`.execute(product.db)
  const news = () => bobs.received.find(({ payload }) => payload.kind === 'unread')
  assert.equal((await eventually(news, found => found !== undefined))?.payload.unread, unread)
  // This push comes after it, in quiet hours too. They go on, because the floor is found again until no transaction is older.
  await alice.get('/app/v1_0/imtest/f')
  await alices.next('following notify')
  assert.deepEqual(
    alices.received.filter(({ payload }) => payload.kind === 'unread'),
    [],
  )
  await alice.patch('/v1/notices/settings', { quiet_from: null, quiet_to: null })
  for (const socket of [alices, bobs]) socket.close()
})

test('others see that a reader is online only if the reader wants it', async () => {
  const socket = openSocket(product.url, { query: { token: carol.token } })
  await socket.connected()
  const online = async () => (await alice.get(`/v1/presence?ids=${carol.id},${bob.id}`)).body.data.online
  assert.deepEqual(await online(), [])
  await carol.patch('/v1/notices/settings', { presence: true })
  await eventually(online, ids => ids.length === 1 && ids[0] === String(carol.id))
  socket.close()
})

test('an open page learns how many articles are new', async () => {
  const socket = openSocket(product.url, { query: { token: carol.token } })
  await socket.connected()
  const channel = await product.createChannel('体育') // the articles of earlier tests are in another
  await product.publish([
    { author: alice.id, channel },
    { author: alice.id, channel },
  ])
  await eventually(
    () =>
      socket.received
        .filter(({ event }) => event === 'new articles')
        .reduce((sum, { payload }) => sum + ((payload.channels as Record<string, number>)[channel] ?? 0), 0),
    count => count === 2,
  )
  socket.close()
})

test("notices are the reader's own: an anonymous client gets none, and ids of others mark nothing", async () => {
  assert.equal((await product.request('GET', '/v1/notices?after=0')).status, 401)
  const before = await noticesOf(alice)
  await bob.post('/v1/notices/read', { up_to: '999999999' })
  assert.equal((await noticesOf(alice)).unread, before.unread)
  for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=101'])
    assert.equal((await alice.get(`/v1/notices?${query}`)).status, 400, query)
})
