import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ReaderId } from '../../src/base/id.ts'
import { type Answer, type Person, type Product } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let [alice, bob, carol, mallory] = [] as unknown as [Person, Person, Person, Person]
let tech: number

before(async () => {
  product = await useSharedProduct()
  ;[alice, bob, carol, mallory] = (await Promise.all(['alice', 'bob', 'carol', 'mallory'].map(name => product.signIn(name)))) as [
    Person,
    Person,
    Person,
    Person,
  ]
  tech = await product.createChannel('科技')
})

let people = 0
const newcomer = () => product.signIn('newcomer', `1360000${String(people++).padStart(4, '0')}`)
const profileSeenBy = async (viewer: Person, id: ReaderId) => (await viewer.get(`/app/v1_0/users/${id}`)).body.data
const counts = async (person: Person) => {
  const { follow_count, fans_count } = (await person.get('/app/v1_0/user')).body.data
  return [follow_count, fans_count]
}
const settingsOf = async (person: Person) => (await person.get('/app/v1_0/user/profile')).body.data
const assertRefused = (answer: Answer, status: number, message?: string) => {
  assert.equal(answer.status, status)
  assert.equal(typeof answer.body.message, 'string')
  if (message !== undefined) assert.equal(answer.body.message, message)
}

test("every viewer sees a reader's profile, and a signed-in viewer also their relationship", async () => {
  const dora = await newcomer()
  await product.publish([{ channel: tech, author: dora.id }])
  const own = (await dora.get('/app/v1_0/user')).body.data
  const anonymousView = (await product.request('GET', `/app/v1_0/users/${dora.id}`)).body
  assert.deepEqual(anonymousView, { message: 'OK', data: { ...own, is_following: false, is_blacklist: false } })
  assert.equal(anonymousView.data.art_count, 1)
  assert.equal('mobile' in anonymousView.data, false)
  await alice.post('/app/v1_0/user/followings', { target: dora.id })
  await bob.post('/app/v1_0/user/blacklists', { target: dora.id })
  const relationshipSeenBy = async (person: Person) =>
    (({ is_following, is_blacklist, fans_count }) => [is_following, is_blacklist, fans_count])(await profileSeenBy(person, dora.id))
  assert.deepEqual(await relationshipSeenBy(alice), [true, false, 1])
  assert.deepEqual(await relationshipSeenBy(bob), [false, true, 1])
  const bad = await product.request('GET', `/v1_0/users/%22${dora.id}%22`, undefined, { headers: { authorization: 'Bearer x' } })
  assert.deepEqual([bad.status, bad.body.data.id, bad.body.data.is_following], [200, `${dora.id}`, false])
  assertRefused(await product.request('GET', '/app/v1_0/users/12345'), 400, 'Invalid target user.')
  assert.equal((await product.request('GET', '/app/v1_0/users/me')).status, 404)
})

test('a follow counts once for both readers, however often it is sent, and so does an unfollow', async () => {
  const [dora, emil] = [await newcomer(), await newcomer()]
  const answers = await repeat(50, () => dora.post('/app/v1_0/user/followings', { target: emil.id }))
  assert.deepEqual(new Set(answers.map(answer => answer.text)), new Set([`{"message":"OK","data":{"target":${emil.id}}}\n`]))
  assert.deepEqual(
    [await counts(dora), await counts(emil)],
    [
      [1, 0],
      [0, 1],
    ],
  )
  await repeat(10, () => dora.delete(`/v1_0/user/followings/${emil.id}`))
  assert.deepEqual(
    [await counts(dora), await counts(emil)],
    [
      [0, 0],
      [0, 0],
    ],
  )
  assert.equal((await dora.delete('/v1_0/user/followings/123')).status, 204)
})

test("the lists of follows show the newest first, mutual follows, and each reader's followers", async () => {
  const [dora, emil, fred, gina] = [await newcomer(), await newcomer(), await newcomer(), await newcomer()]
  for (const [from, to] of [
    [dora, emil],
    [dora, fred],
    [emil, dora],
    [emil, fred],
    [fred, gina],
  ] as const)
    await from.post('/v1_0/user/followings', { target: `${to.id}` })
  const list = async (person: Person, path: string) => {
    const { body } = await person.get(`/app/v1_0/user/${path}`)
    const { results, ...page } = body.data
    assert.deepEqual(page, { total_count: results.length, page: 1, per_page: 10 })
    for (const one of results) assert.deepEqual(Object.keys(one).toSorted(), ['fans_count', 'id', 'mutual_follow', 'name', 'photo'])
    assert.ok(results.every((one: { photo: string }) => one.photo.startsWith('http://')))
    return results.map((one: { id: bigint; fans_count: number; mutual_follow: boolean }) => [one.id, one.fans_count, one.mutual_follow])
  }
  assert.deepEqual(await list(dora, 'followings'), [
    [fred.id, 2, false],
    [emil.id, 1, true],
  ])
  assert.deepEqual(await list(dora, 'followers'), [[emil.id, 1, true]])
  assert.deepEqual(await list(fred, 'followers'), [
    [emil.id, 1, false],
    [dora.id, 1, false],
  ])
  assert.deepEqual(await list(fred, 'followings'), [[gina.id, 1, false]])
  assert.deepEqual(await list(gina, 'followings'), [])
})

test('lists are paged within bounds, and misspelt parameters are ignored', async () => {
  const star = await newcomer()
  const fans = await repeat(23, newcomer)
  for (const fan of fans) await fan.post('/app/v1_0/user/followings', { target: star.id })
  const page = async (query: string) => (await star.get(`/app/v1_0/user/followers${query}`)).body.data
  const ids = (data: { results: { id: bigint }[] }) => data.results.map(one => one.id)
  const order = fans.map(fan => fan.id).toReversed()
  assert.deepEqual(ids(await page('')), order.slice(0, 10))
  assert.deepEqual(ids(await page('?page=3&perPage=50')), order.slice(20))
  assert.deepEqual(ids(await page('?page=&per_page=')), order.slice(0, 10))
  const { results, ...second } = await page('?page=2&per_page=20')
  assert.deepEqual([second, results.length], [{ total_count: 23, page: 2, per_page: 20 }, 3])
  assert.deepEqual(await page('?page=9'), { total_count: 23, page: 9, per_page: 10, results: [] })
  assert.deepEqual((await page('?page=2147483647&per_page=50')).results, [])
  for (const path of [
    'user/followers',
    'user/followings',
    'user/articles',
    'user/histories',
    'article/collections',
    `users/${star.id}/articles`,
  ])
    for (const query of [
      'page=0',
      'page=-1',
      'page=x',
      'page=1.5',
      'page=2147483648',
      'per_page=9',
      'per_page=51',
      'per_page=x',
      'page=1&page=2',
    ])
      assertRefused(await star.get(`/v1_0/${path}?${query}`), 400)
})

test('a reader can follow or block neither themselves nor a reader who does not exist', async () => {
  assertRefused(await alice.post('/app/v1_0/user/followings', { target: alice.id }), 400, 'User cannot follow self.')
  assertRefused(await alice.post('/app/v1_0/user/blacklists', { target: `"${alice.id}"` }), 400, 'User cannot blacklist self.')
  for (const path of ['followings', 'blacklists']) {
    for (const target of [123n, 'x', null, 0, -5, [], `${2n ** 64n}`])
      assertRefused(await mallory.post(`/v1_0/user/${path}`, { target }), 400, 'Invalid target user id.')
    assertRefused(await mallory.post(`/v1_0/user/${path}`, {}), 400, 'Invalid target user id.')
    assertRefused(await product.request('POST', `/v1_0/user/${path}`, { target: alice.id }), 401)
    assertRefused(await product.request('DELETE', `/v1_0/user/${path}/${alice.id}`), 401)
  }
})

test('a block ends a follow and a follow ends a block, in whatever order the requests arrive', async () => {
  const [dora, emil] = [await newcomer(), await newcomer()]
  await dora.post('/app/v1_0/user/followings', { target: emil.id })
  await emil.post('/app/v1_0/user/followings', { target: dora.id })
  const answer = await dora.post('/app/v1_0/user/blacklists', { target: emil.id })
  assert.deepEqual([answer.status, answer.body.data], [201, { target: emil.id }])
  assert.deepEqual(
    [await counts(dora), await counts(emil)],
    [
      [0, 1],
      [1, 0],
    ],
    'the other way is theirs',
  )
  const state = async () => (({ is_following, is_blacklist }) => [is_following, is_blacklist])(await profileSeenBy(dora, emil.id))
  assert.deepEqual(await state(), [false, true])
  await dora.post('/app/v1_0/user/followings', { target: emil.id })
  assert.deepEqual(await state(), [true, false])
  await repeat(60, i => dora.post(`/app/v1_0/user/${i % 2 ? 'followings' : 'blacklists'}`, { target: emil.id }))
  const [following, blocked] = await state()
  assert.notEqual(following, blocked)
  assert.deepEqual(
    [await counts(dora), await counts(emil)],
    [
      [following ? 1 : 0, 1],
      [1, following ? 1 : 0],
    ],
  )
  for (let i = 0; i < 2; i++) assert.equal((await dora.delete(`/v1_0/user/blacklists/${emil.id}`)).status, 204)
  assert.equal((await state())[1], false)
})

test('two readers who follow each other at the same moment, many times, both succeed', async () => {
  const [dora, emil] = [await newcomer(), await newcomer()]
  const answers = await repeat(40, i =>
    i % 2 ? dora.post('/v1_0/user/followings', { target: emil.id }) : emil.post('/v1_0/user/followings', { target: dora.id }),
  )
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([201]))
  assert.deepEqual(
    [await counts(dora), await counts(emil)],
    [
      [1, 1],
      [1, 1],
    ],
  )
})

test('a new profile is empty; a reader who changes it, gets the changed fields back', async () => {
  const dora = await newcomer()
  const before = await settingsOf(dora)
  const { name: _name, photo, ...rest } = before
  assert.deepEqual(rest, { id: dora.id, mobile: dora.mobile, gender: 0, birthday: '', intro: '' })
  assert.match(photo, /^http:/)
  const patch = async (body: object) => {
    const answer = await dora.patch('/app/v1_0/user/profile', body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body.data
  }
  assert.deepEqual(await patch({ gender: 1, birthday: '1999-02-28' }), { id: dora.id, gender: 1, birthday: '1999-02-28' })
  assert.deepEqual(await patch({ gender: 0 }), { id: dora.id, gender: 0 })
  assert.deepEqual(await patch({ intro: ' 你好\r\n世界 ' }), { id: dora.id, intro: '你好\n世界' })
  assert.deepEqual(await patch({ name: '  朵 拉\u200b ' }), { id: dora.id, name: '朵 拉' })
  assert.deepEqual(await settingsOf(dora), { ...before, name: '朵 拉', gender: 0, birthday: '1999-02-28', intro: '你好\n世界' })
  assert.equal((await dora.get('/v1_0/user')).body.data.name, '朵 拉', 'the new name is visible at once')
  assert.deepEqual(await patch({ intro: '', birthday: '', unknown: 1, id: '5' }), { id: dora.id, intro: '', birthday: '' })
  assert.deepEqual(await patch({}), { id: dora.id })
  assert.deepEqual(await settingsOf(dora), { ...before, name: '朵 拉' })
  assert.equal((await dora.patch('/v1_0/user/profile', { gender: '1' })).body.data.id, `${dora.id}`)
})

test('gender 0 is stored, and differs from a gender that is not set', async () => {
  const dora = await newcomer()
  const kept = async () =>
    (await product.db.selectFrom('reader').select('gender').where('id', '=', dora.id).executeTakeFirstOrThrow()).gender
  assert.equal(await kept(), null)
  await dora.patch('/app/v1_0/user/profile', { gender: 0 })
  assert.equal(await kept(), 0)
})

test('a name has one to seven user-perceived characters, and belongs to one reader', async () => {
  const [dora, emil] = [await newcomer(), await newcomer()]
  for (const name of ['', ' ', '\u200b', '\u0000', '八个字的名字太长', 5, null, [], '12345678'])
    assertRefused(await dora.patch('/app/v1_0/user/profile', { name }), 400)
  assert.equal((await dora.patch('/app/v1_0/user/profile', { name: '😀'.repeat(7) })).status, 201)
  assertRefused(await emil.patch('/v1_0/user/profile', { name: '😀'.repeat(7) }), 409, 'User name has existed.')
  for (const [name, alike] of [
    ['😀'.repeat(7), `\u3164${'😀'.repeat(7)}`],
    ['马cat❤', '⻢са\uff54❤\ufe0f'], // a radical, Cyrillic с and а, a full-width t, a selector
  ]) {
    assert.equal((await dora.patch('/app/v1_0/user/profile', { name })).status, 201)
    assertRefused(await emil.patch('/v1_0/user/profile', { name: alike }), 409, 'User name has existed.')
  }
  assert.equal((await dora.patch('/app/v1_0/user/profile', { name: '😀'.repeat(7) })).status, 201)
  assertRefused(await emil.patch('/v1_0/user/profile', { name: '\u2800\u3164' }), 400, 'name must have 1 to 7 characters')
  assertRefused(await emil.patch('/v1_0/user/profile', { name: `${'😀'.repeat(7)}\u200b`, gender: 1 }), 409)
  assert.equal((await settingsOf(emil)).gender, 0, 'no field of a refused change is stored')
  assert.equal((await dora.patch('/app/v1_0/user/profile', { name: '😀'.repeat(7) })).status, 201, 'a reader may send their own name again')
  const statuses = await repeat(10, async () => (await (await newcomer()).patch('/app/v1_0/user/profile', { name: '唯一' })).status)
  assert.deepEqual(statuses.toSorted(), [201, ...Array.from({ length: 9 }, () => 409)])
})

test('an invalid profile is refused with a sentence, and nothing changes', async () => {
  const dora = await newcomer()
  const before = await settingsOf(dora)
  const wrong: object[] = [
    { gender: 2 },
    { gender: -1 },
    { gender: null },
    { gender: true },
    { intro: '长'.repeat(61) },
    { intro: null },
    ...['2023-02-30', '1999-2-3', '1899-12-31', '2999-01-01', '19990101', 'x', '1999-01-01T00:00:00', 5, null].map(birthday => ({
      birthday,
    })),
    ...['photo', 'id_number', 'id_card_front'].map(field => ({ name: '好', [field]: 'x' })),
    [],
  ]
  for (const body of wrong) assertRefused(await dora.patch('/app/v1_0/user/profile', body), 400)
  assert.deepEqual(await settingsOf(dora), before)
  assert.equal((await dora.patch('/app/v1_0/user/profile', { intro: '😀'.repeat(60) })).status, 201)
})

test("a profile is visible to its owner only, and no reader changes another's", async () => {
  assertRefused(await product.request('GET', '/app/v1_0/user/profile'), 401, 'User must be authorized.')
  assertRefused(await product.request('PATCH', '/app/v1_0/user/profile', { name: '黑客' }), 401)
  assertRefused(await product.request('GET', '/app/v1_0/user/figure'), 401)
  const before = await settingsOf(alice)
  assert.equal(
    (await mallory.patch('/app/v1_0/user/profile', { id: alice.id, user_id: alice.id, mobile: alice.mobile, intro: '黑客' })).status,
    201,
  )
  assert.deepEqual(await settingsOf(alice), before)
  assert.equal((await settingsOf(mallory)).mobile, mallory.mobile)
})

test("a creator's figures are their followers and their reads", async () => {
  const dora = await newcomer()
  const [id] = await product.publish([{ channel: tech, author: dora.id }])
  assert.deepEqual((await dora.get('/app/v1_0/user/figure')).body.data, { fans_count: 0, read_count: 0 })
  await carol.post('/app/v1_0/user/followings', { target: dora.id })
  await carol.get(`/app/v1_0/articles/${id}`)
  const figure = await eventually(
    () => dora.get('/v1_0/user/figure'),
    answer => answer.body.data.read_count === 1,
  )
  assert.deepEqual(figure.body.data, { fans_count: 1, read_count: 1 })
})

test('the readers whom a reader blocks are listed for them, the newest first', async () => {
  const [dora, emil, fred] = [await newcomer(), await newcomer(), await newcomer()]
  for (const target of [emil.id, fred.id]) await dora.post('/v1_0/user/blacklists', { target })
  const { data } = (await dora.get('/v1/blocked')).body
  assert.deepEqual([data.total_count, data.results.map((one: { id: string }) => one.id)], [2, [`${fred.id}`, `${emil.id}`]])
  assert.deepEqual((await dora.get('/v1/blocked?page=2')).body.data.results, [])
  await dora.delete(`/v1_0/user/blacklists/${fred.id}`)
  assert.equal((await dora.get('/v1/blocked')).body.data.total_count, 1)
  assert.equal((await emil.get('/v1/blocked')).body.data.total_count, 0)
})
