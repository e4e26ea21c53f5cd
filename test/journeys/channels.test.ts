import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'

let product: Product
let [tech, sport, cars, food, hidden] = [0, 0, 0, 0, 0]

before(async () => {
  product = await startProduct()
  const { db } = product
  tech = await product.createChannel('科技')
  sport = await product.createChannel('体育')
  const row = (name: string, more: object) =>
    db
      .insertInto('channel')
      .values({ name, ...more })
      .returning('id')
      .executeTakeFirstOrThrow()
  hidden = (await row('隐藏', { visible: false })).id
  food = (await row('美食', { sequence: 1, is_default: false })).id
  cars = await product.createChannel('汽车') // waits until the cached list has all channels
})

let people = 0
const newcomer = () => product.signIn('newcomer', `1370000${String(people++).padStart(4, '0')}`)
const idsOf = (answer: Answer) => answer.body.data.channels.map((one: { id: number }) => one.id)
const ownIds = async (person: Person) => idsOf(await person.get('/app/v1_0/user/channels'))
const channelOf = (id: number, name: string) => ({ id, name })
const OWN = '/app/v1_0/user/channels'

test('every viewer sees all visible channels in order, without the recommended one', async () => {
  for (const path of [
    '/app/v1_0/channels',
    '/app/v1_0/channels/',
    '/api/app/v1_0/channels',
    '//app//v1_0/channels',
    '/v1_0/channels',
    '/api/v1_0/channels/',
    '/mp/v1_0/channels',
  ]) {
    const answer = await product.request('GET', path)
    assert.equal(answer.status, 200, path)
    assert.deepEqual(
      answer.body,
      {
        message: 'OK',
        data: { channels: [channelOf(food, '美食'), channelOf(tech, '科技'), channelOf(sport, '体育'), channelOf(cars, '汽车')] },
      },
      path,
    )
  }
})

test('a reader without a list sees the default channels, the recommended one first', async () => {
  const expected = [
    { id: 0, name: '推荐' },
    { id: tech, name: '科技' },
    { id: sport, name: '体育' },
    { id: cars, name: '汽车' },
  ]
  const device = { headers: { authorization: 'Anony phone-1' } }
  for (const path of [OWN, '/app/v1_1/user/channels', '/v1_0/user/channels', '/v1_1/user/channels/']) {
    for (const options of [undefined, device])
      assert.deepEqual((await product.request('GET', path, undefined, options)).body.data.channels, expected)
    assert.deepEqual((await (await newcomer()).get(path)).body.data.channels, expected)
  }
})

test('a reader who sends a whole list, replaces the old one', async () => {
  const alice = await newcomer()
  const answer = await alice.put(OWN, {
    channels: [
      { id: food, seq: 2 },
      { id: tech, seq: 1 },
    ],
  })
  assert.equal(answer.status, 201)
  assert.deepEqual(answer.body.data, {
    channels: [
      { id: food, seq: 2 },
      { id: tech, seq: 1 },
    ],
  })
  assert.deepEqual(await ownIds(alice), [0, tech, food])
  await alice.put('/v1_0/user/channels/', {
    channels: [
      { id: cars, name: '汽车' },
      { id: food, name: '美食' },
    ],
  })
  assert.deepEqual(await ownIds(alice), [0, cars, food])
})

test('a reader who changes the default list, adds to it and moves its channels', async () => {
  const alice = await newcomer()
  const added = await alice.patch(OWN, { channels: [{ id: food, name: '美食' }] }) // without seq, as React clients send it
  assert.equal(added.status, 201)
  assert.deepEqual(added.body.data, { channels: [{ id: food, seq: 4 }] })
  assert.deepEqual(await ownIds(alice), [0, tech, sport, cars, food])
  await alice.patch('/v1_0/user/channels', {
    channels: [
      { id: String(cars), seq: '1' },
      { id: 0, seq: 0, name: '推荐' },
    ],
  })
  assert.deepEqual(await ownIds(alice), [0, tech, cars, sport, food])
})

test('adding a channel that the list has is a conflict, and changes nothing', async () => {
  const alice = await newcomer()
  assert.equal((await alice.post(OWN, { channels: [{ id: tech, seq: 1 }] })).status, 201)
  const answer = await alice.post(OWN, {
    channels: [
      { id: sport, seq: 2 },
      { id: tech, seq: 3 },
    ],
  })
  assert.deepEqual([answer.status, answer.body], [409, { message: 'Some conflict user channels occurred.' }])
  assert.deepEqual(await ownIds(alice), [0, tech])
})

test('channels are removed one by one or together, and removing one twice does no harm', async () => {
  const alice = await newcomer()
  for (const path of [`${OWN}/${sport}`, `${OWN}/${sport}/`, `/v1_0/user/channels/%22${sport}%22`, `${OWN}/0`, `${OWN}/999999`]) {
    const answer = await alice.delete(path)
    assert.deepEqual([answer.status, answer.text, answer.headers.get('content-type')], [204, '', null], path)
  }
  assert.deepEqual(await ownIds(alice), [0, tech, cars])
  assert.equal((await alice.delete(OWN, { channels: [tech, String(cars), 999] })).status, 204)
})

test('a reader moves a channel by its id, if the list has it', async () => {
  const alice = await newcomer()
  const answer = await alice.put(`${OWN}/${tech}`, { seq: 9 })
  assert.deepEqual([answer.status, answer.body.data], [201, { id: tech, seq: 9 }])
  assert.deepEqual(await ownIds(alice), [0, sport, cars, tech])
  for (const id of [food, 0, 999, hidden]) {
    const refused = await alice.put(`${OWN}/${id}`, { seq: 1 })
    assert.deepEqual([refused.status, refused.body], [400, { message: 'Invalid channel id.' }])
  }
})

test('an invalid list is refused with the text clients show, and changes nothing', async () => {
  const alice = await newcomer()
  const list = (...channels: unknown[]) => ({ channels })
  const wrong: Record<string, unknown[]> = {
    'Channels param is required.': [{}, [], null, '', { channels: [] }, { Channels: [{ id: tech }] }],
    'Invalid channels param.': [
      { channels: null },
      { channels: {} },
      { channels: 'x' },
      list(1),
      list(null),
      list({}),
      list({ id: 'x' }),
      list({ id: 1e30 }),
      list({ id: -1 }),
      list({ id: 1.5 }),
      list({ id: hidden }),
      list({ id: 999 }),
    ],
    'Repeated channels occurred.': [list({ id: tech, seq: 1 }, { id: String(tech), seq: 2 })],
    'Invalid channel sequence param.': [0, -1, 'x', 1.5, null, 2 ** 31, []].map(seq => list({ id: tech, seq })),
  }
  for (const [message, bodies] of Object.entries(wrong))
    for (const body of bodies)
      for (const method of ['post', 'put', 'patch'] as const) {
        const answer = await alice[method](OWN, body)
        assert.deepEqual([answer.status, answer.body], [400, { message }], `${method} ${JSON.stringify(body)}`)
      }
  for (const seq of [0, -1, 'x', null])
    assert.equal((await alice.put(`${OWN}/${tech}`, { seq })).body.message, 'Invalid channel sequence param.')
  assert.equal((await alice.delete(OWN, { channels: ['x'] })).body.message, 'Invalid channels param.')
  assert.equal((await alice.delete(OWN, {})).body.message, 'Channels param is required.')
  assert.deepEqual(await product.db.selectFrom('reader_channel').select('channel_id').where('reader_id', '=', alice.id).execute(), [])
})

test('only a signed-in reader can change a list', async () => {
  for (const [method, path] of [
    ['POST', OWN],
    ['PUT', OWN],
    ['PATCH', OWN],
    ['DELETE', OWN],
    ['PUT', `${OWN}/1`],
    ['DELETE', `${OWN}/1`],
  ] as const)
    assert.equal((await product.request(method, path, { channels: [{ id: tech }] })).status, 401, `${method} ${path}`)
})

test('concurrent changes of one list are all kept', async () => {
  const alice = await newcomer()
  await Promise.all([
    alice.patch(OWN, { channels: [{ id: food }] }),
    alice.delete(`${OWN}/${sport}`),
    alice.patch(OWN, { channels: [{ id: cars, seq: 1 }] }),
  ])
  assert.deepEqual((await ownIds(alice)).toSorted(), [0, tech, cars, food].toSorted())
  const answers = await Promise.all(Array.from({ length: 10 }, () => alice.put(OWN, { channels: [{ id: food }, { id: tech }] })))
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([201]))
  assert.deepEqual(await ownIds(alice), [0, food, tech])
  const added = await Promise.all(Array.from({ length: 10 }, () => alice.post(OWN, { channels: [{ id: cars }] })))
  assert.deepEqual(added.map(answer => answer.status).toSorted(), [201, ...Array(9).fill(409)])
})

test('a deleted or hidden channel disappears from every list, and cannot be chosen', async () => {
  const [alice, bob] = [await newcomer(), await newcomer()]
  const doomed = await product.createChannel('旧闻')
  await alice.put(OWN, { channels: [{ id: tech }, { id: doomed }] })
  await product.db.deleteFrom('channel').where('id', '=', doomed).execute()
  // The cached list of channels may be a second old and still hold it.
  const answer = await bob.patch(OWN, { channels: [{ id: doomed }] })
  assert.deepEqual([answer.status, answer.body], [400, { message: 'Invalid channels param.' }])
  assert.deepEqual(await ownIds(alice), [0, tech])
})
