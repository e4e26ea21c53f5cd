// The admin API's statistics: what people did, and nothing else.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { type Administrator, OFFICE_ENV, signInAdministrator } from '../support/office.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const MIS = '/mis/v1_0'
let product: Product
let editor: Administrator
let alice: Person
let bob: Person
/** The site's day, on which everything here happens unless midnight passes. */
let today: string

before(async () => {
  product = await startProduct({ env: OFFICE_ENV })
  editor = await signInAdministrator(product)
  today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' }).format(new Date())
  const channel = await product.createChannel('科技')
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  const ids = await product.publish([1, 2, 3].map(n => ({ channel, title: `统计的文章${n}`, author: bob.id })))
  for (const id of ids) await alice.get(`/app/v1_0/articles/${id}`)
  await bob.get(`/app/v1_0/articles/${ids[0]}`)
  await product.request('GET', `/app/v1_0/articles/${ids[0]}`, undefined, { headers: { authorization: 'Anony phone-1' } })
  await alice.post('/app/v1_0/comments', { target: String(ids[0]), content: '第一条' })
  await bob.post('/app/v1_0/comments', { target: String(ids[0]), content: '第二条' })
  for (const person of [alice, bob]) await person.get('/app/v1_0/search?q=%E7%BB%9F%E8%AE%A1&page=1&per_page=10')
  const event = { id: crypto.randomUUID(), action: 'read', article_id: String(ids[0]), dwell_ms: 60_000, at: new Date().toISOString() }
  assert.equal((await alice.post('/v1/behaviours', { events: [event] })).body.data.accepted, 1)
})

const basic = async (type: string, query = '') => (await editor.get(`${MIS}/statistics_basic?type=${type}${query}`)).body.data

test('the totals of a figure are what happened', async () => {
  const wanted: Record<string, number> = { new_user: 2, article: 3, comment: 2, read: 5, forward: 0, search: 2, search_user: 2 }
  for (const [type, count] of Object.entries(wanted)) {
    const data = await eventually(
      () => basic(type),
      found => found.total_count === count,
    )
    const { total_days, ...rest } = data
    const percent = count * 100
    assert.deepEqual(rest, { day_count: count, week_percent: percent, day_percent: percent, day_average: count, total_count: count }, type)
    assert.equal(total_days, count === 0 ? 0 : 1)
  }
})

test('visits are counted by request, by address and by known viewer', async () => {
  assert.equal(
    (
      await eventually(
        () => basic('day_activate'),
        ({ day_count }) => day_count >= 3,
      )
    ).day_count,
    3,
  ) // alice, bob and a device
  assert.equal((await basic('access_ip')).day_count, 1)
  // Four openings by readers and one by a device, two comments, two searches and a batch of events at the least.
  await eventually(
    () => basic('access'),
    ({ day_count }) => day_count >= 10,
  )
  const { rows } = await product.db
    .selectFrom('visit')
    .select('who')
    .execute()
    .then(found => ({ rows: found }))
  assert.ok(rows.every(({ who }) => (who as Buffer).length === 12))
})

test('a figure is counted by hour, day and month, also where nothing happened', async () => {
  const days = await basic('comment', `&size=day&begin=2020-02-27&end=2020-03-01`)
  assert.deepEqual(
    days,
    ['2020-02-27', '2020-02-28', '2020-02-29', '2020-03-01'].map(date => ({ date, count: 0 })),
  )
  assert.deepEqual(
    (await basic('comment', `&size=day&begin=${today}&end=${today}`)).map((one: any) => one.count),
    [2],
  )
  const hours = await basic('day_activate', `&size=hour&begin=${today}&end=${today}`)
  assert.equal(hours.length, 24)
  assert.deepEqual([hours[9].date_time, hours.reduce((sum: number, one: any) => sum + one.count, 0) >= 3], [`${today} 09:00:00`, true])
  const months = await basic('read', '&size=month')
  assert.deepEqual(
    months.map((one: any) => one.month),
    Array.from({ length: 12 }, (_, i) => i + 1),
  )
  assert.equal(
    months.reduce((sum: number, one: any) => sum + one.count, 0),
    5,
  )
})

test('dates that are missing, do not exist, are in the wrong order or too far apart are refused, and so are unknown figures', async () => {
  const bad = [
    '',
    '&begin=2020-01-01',
    '&begin=2020-02-30&end=2020-03-01',
    '&begin=2020-03-02&end=2020-03-01',
    '&begin=2018-01-01&end=2020-03-01',
    '&begin=x&end=y',
  ]
  for (const dates of bad) {
    const { status, body } = await editor.get(`${MIS}/statistics_basic?type=read&size=day${dates}`)
    assert.deepEqual([status, body.message], [403, '(begin or end) parameter error.'], dates)
  }
  for (const query of ['type=money', 'type=', '', 'type=read&size=week'])
    assert.equal((await editor.get(`${MIS}/statistics_basic?${query}`)).status, 400, query)
  const week = await editor.get(`${MIS}/statistics_basic?type=read&size=week`)
  assert.equal(week.body.message, 'size must be empty or month or day or hour')
})

test('searches, sources of reads and sales have their own figures', async () => {
  assert.deepEqual((await editor.get(`${MIS}/statistics_search?page=1&per_page=10`)).body.data, {
    keywords: [{ keyword: '统计', user_count: 2, week_percent: 200 }],
    total_count: 1,
  })
  assert.deepEqual((await editor.get(`${MIS}/statistics_search_total`)).body.data, { search_user_count: 2, count: 2, user_count: 2 })
  const sources = (await editor.get(`${MIS}/statistics_read_source_total`)).body.data
  assert.equal(sources.total_read_count, 5)
  assert.deepEqual(
    sources.read_sources.map((one: any) => [one.source, one.count]),
    [
      [0, 5],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ],
  )
  assert.deepEqual([sources.read_sources[0].count_20_down, sources.read_sources[0].count_80_up], [0, 1])
  const sales = (await editor.get(`${MIS}/statistics_sales_total`)).body.data
  assert.deepEqual([sales.total_money, sales.area_sales.length], [0, 6])
})

test('visitors of a day that is over are counted once, by hour and by day of the site, and more requests than an int holds are', async () => {
  const { db } = product
  const bits = (...hours: number[]) => hours.reduce((sum, hour) => sum | (1 << hour), 0)
  const hoursOf = [bits(3), bits(3, 4, 20), bits(23)]
  for (const [who, hours] of hoursOf.entries())
    await sql`insert into visit (day, kind, who, hours) values ('2025-06-10', 'viewer', decode(${`0${who}`}, 'hex'), ${hours})`.execute(db)
  const days = async () => (await basic('day_activate', '&size=day&begin=2025-06-09&end=2025-06-12')).map((one: any) => one.count)
  const hours = async () =>
    (await basic('day_activate', '&size=hour&begin=2025-06-10&end=2025-06-11'))
      .filter((one: any) => one.count > 0)
      .map((one: any) => [one.date_time.slice(5, 13), one.count])
  const inHours = [
    ['06-10 11', 2],
    ['06-10 12', 1],
    ['06-11 04', 1],
    ['06-11 07', 1],
  ]
  assert.deepEqual([await days(), await hours()], [[0, 2, 2, 0], inHours])
  const { total_count, total_days } = await basic('day_activate')
  assert.deepEqual([total_count >= 7, total_days > 100], [true, true]) // those four and today's three

  await sql`delete from visit where day = '2025-06-10'`.execute(db)
  assert.deepEqual([await days(), await hours()], [[0, 2, 2, 0], inHours])
  assert.equal((await basic('day_activate')).total_days, total_days)

  await sql`insert into request_hour (hour, requests) values ('2025-06-10T03:00Z', 2200000000)`.execute(db)
  assert.ok((await basic('access')).total_count > 2_200_000_000)
  assert.equal((await basic('access', '&size=hour&begin=2025-06-10&end=2025-06-10'))[11].count, 2_200_000_000)
})

test('a search counts also if it finds nothing or was made before, and who searches is counted once in each hour and day', async () => {
  const { db } = product
  const [searches, searchers] = [(await basic('search')).total_count, (await basic('search_user')).total_count]
  const search = (q: string, page: number) => `/app/v1_0/search?q=${encodeURIComponent(q)}&page=${page}&per_page=10`
  for (const [q, page] of [
    ['统计', 1],
    ['统计', 2],
    ['nothinghasthis', 1],
  ] as const)
    await alice.get(search(q, page))
  const carol = await product.signIn('carol')
  await carol.get(search('nothinghasthis', 1))
  await product.request('GET', search('nothinghasthis', 1))
  // Four searches on first pages, one of them by nobody known, and carol has not searched before. They are written one after the other.
  for (const [type, count] of [
    ['search', searches + 4],
    ['search_user', searchers + 1],
  ] as const)
    assert.equal(
      (
        await eventually(
          () => basic(type),
          found => found.total_count >= count,
        )
      ).total_count,
      count,
    )

  // 10 June 2025, 23:30 in Shanghai, and 00:30: one hour apart, on one day of UTC and two of the site.
  const bits = (...hours: number[]) => hours.reduce((sum, hour) => sum | (1 << hour), 0)
  for (const [who, hours] of [bits(15, 16), bits(15)].entries())
    await sql`insert into visit (day, kind, who, hours) values ('2025-06-10', 'searcher', decode(${`0${who}`}, 'hex'), ${hours})`.execute(
      db,
    )
  const asked = [
    ['2025-06-10T15:00Z', 5],
    ['2025-06-10T16:00Z', 1],
  ] as const
  for (const [hour, count] of asked)
    await sql`
      insert into request_hour (hour, requests, searches) values (${hour}, 0, ${count})
      on conflict (hour) do update set searches = excluded.searches`.execute(db)
  const counts = async (type: string, query: string) => (await basic(type, query)).map((one: any) => one.count)
  const days = '&size=day&begin=2025-06-09&end=2025-06-12'
  assert.deepEqual(
    [await counts('search_user', days), await counts('search', days)],
    [
      [0, 2, 1, 0],
      [0, 5, 1, 0],
    ],
  )
  const inHours = async (type: string) =>
    (await basic(type, '&size=hour&begin=2025-06-10&end=2025-06-11'))
      .filter((one: any) => one.count > 0)
      .map((one: any) => [one.date_time.slice(5, 13), one.count])
  assert.deepEqual(await inHours('search_user'), [
    ['06-10 23', 2],
    ['06-11 00', 1],
  ])
  assert.deepEqual(await inHours('search'), [
    ['06-10 23', 5],
    ['06-11 00', 1],
  ])

  // A month adds its days up: two of January, of which on the first three days of a year not both are over.
  const year = today.slice(0, 4)
  const over = [`${year}-01-02`, `${year}-01-03`].filter(day => day < today)
  for (const day of over) {
    await sql`insert into visit (day, kind, who, hours) values (${day}, 'searcher', decode('07', 'hex'), ${bits(3, 4)})`.execute(db)
    await sql`insert into request_hour (hour, requests, searches) values (${`${day}T03:00Z`}, 0, 4)`.execute(db)
  }
  const sum = (numbers: number[]) => numbers.reduce((so, each) => so + each, 0)
  for (const type of ['search_user', 'search']) {
    const ofDays = await counts(type, `&size=day&begin=${year}-01-01&end=${year}-01-31`)
    assert.deepEqual(
      ofDays.slice(1, 1 + over.length),
      over.map(() => (type === 'search' ? 4 : 1)),
    )
    assert.equal((await counts(type, '&size=month'))[0], sum(ofDays))
  }
})

test('what was searched for in the week before is kept to compare with', async () => {
  const ask = (who: string, daysAgo: number) =>
    sql`
      insert into search_asked (query, viewer, hour)
      values ('火星', decode(${who}, 'hex'), date_trunc('hour', now()) - make_interval(days => ${daysAgo}))`.execute(product.db)
  for (const [who, daysAgo] of [
    ['01', 1],
    ['02', 1],
    ['03', 2],
    ['01', 12],
    ['02', 13],
    ['01', 20],
  ] as const)
    await ask(who, daysAgo)
  assert.equal((await editor.post('/v1/admin/jobs/search-queries/runs', { wait: true })).status, 201)
  const { keywords } = (await editor.get(`${MIS}/statistics_search?page=1&per_page=10`)).body.data
  assert.deepEqual(keywords[0], { keyword: '火星', user_count: 3, week_percent: 50 })
  const kept = await product.db.selectFrom('search_asked').select('query').where('query', '=', '火星').execute()
  assert.equal(kept.length, 5)
})
