// What administrators see of the running installation.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { PERMISSION_CODES } from '../../src/base/permissions.ts'
import { runCli } from '../support/cli.ts'
import { type Administrator, addAdministrator, MODERATORS, OFFICE_ENV, signInAdministrator } from '../support/office.ts'
import { type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const ADMIN = '/v1/admin'
let product: Product
let editor: Administrator

before(async () => {
  product = await startProduct({ env: OFFICE_ENV, alwaysEmbedded: true })
  editor = await signInAdministrator(product)
  await editor.patch(`${ADMIN}/jobs/follow-experiment`, { paused: true }) // each five minutes it counts and judges what runs
})

const dataOf = async (path: string) => (await editor.get(`${ADMIN}${path}`)).body.data

test('an administrator is told which operations their group allows', async () => {
  const own = await dataOf('/me')
  assert.deepEqual([own.account, own.group_id, own.must_set_up_second_factor], ['editor', 1, false])
  assert.deepEqual(own.codes.toSorted(), [...PERMISSION_CODES].toSorted())
  await addAdministrator(product, 'moderator', MODERATORS)
  const { codes } = (await (await signInAdministrator(product, 'moderator')).get(`${ADMIN}/me`)).body.data
  assert.ok(codes.includes('article-list-put') && !codes.includes('cache-list-get'))
})

test('the admin API of the contract is also there with ids as text, which browsers read exactly', async () => {
  const channel = await product.createChannel('科技')
  const [id] = await product.publish([{ channel, title: '缓存里的文章' }])
  const { articles } = (await editor.get('/v1_0/mis/articles?title=缓存里的文章')).body.data
  assert.equal(articles[0].article_id, String(id))
  assert.equal((await editor.get(`/v1_0/mis/articles/${id}`)).body.data.article_id, String(id))
})

test('a cache says what it was asked, what it loaded and what it holds', async () => {
  const channel = await product.createChannel('财经')
  const [id] = await product.publish([{ channel, title: '读两次的文章' }])
  const alice = await product.signIn('alice')
  const cacheOf = async () => {
    const { process: shown, caches } = await dataOf('/caches')
    assert.equal(shown.pid, process.pid)
    const cache = caches.find(({ name }: { name: string }) => name === 'article')
    return { ...cache, memory: cache.levels.find(({ level }: { level: string }) => level === 'memory')?.outcomes ?? {} }
  }
  const before = await cacheOf()
  for (let i = 0; i < 3; i++) await alice.get(`/app/v1_0/articles/${id}`)
  const after = await eventually(cacheOf, ({ memory }) => (memory.hit ?? 0) >= (before.memory.hit ?? 0) + 2)
  assert.ok(after.loads > before.loads && after.entries > before.entries && after.bytes > before.bytes)
  assert.ok(after.entries <= after.entries_max)
})

test('the funnel shows what each step left over, and a day shows how much of what was seen was clicked', async () => {
  const channel = await product.createChannel('体育')
  await product.publish(Array.from({ length: 12 }, (_, i) => ({ channel, title: `体育新闻第 ${i} 条` })))
  const bob = await product.signIn('bob')
  const { results } = (await bob.get(`/app/v1_1/articles?channel_id=${channel}&timestamp=1&with_top=0`)).body.data
  const { steps } = await dataOf('/recommender?days=2') // of one ranking: after the click there may be another
  const [first, second] = results
  const events = [first, second].map(({ art_id, trace }: any, i: number) => ({
    id: `seen-${i}`,
    action: 'exposure',
    article_id: String(art_id),
    trace: trace.exposure,
    at: new Date().toISOString(),
  }))
  await bob.post('/v1/behaviours', { events })
  await bob.get(`/app/v1_0/articles/${first.art_id}`, { headers: { trace: first.trace.click } })
  await product.waitForBehaviours(`r${bob.id}`, 3)

  const figures = { held_out: 200, ndcg10: { trained: 0.4, popularity: 0.2, recency: 0.1, online: 0.3 } }
  await sql`insert into trained_model (state, reason, figures, model) values
    ('live', '', ${JSON.stringify(figures)}::jsonb, '\\x00'), ('refused', 'too few clicks', '{"held_out": 0, "ndcg10": {}}', null)`.execute(
    product.db,
  )
  const { pages, calls, days, models } = await dataOf('/recommender?days=2')
  assert.deepEqual(
    models.map(({ state, reason, held_out, ndcg10 }: any) => [state, reason, held_out, ndcg10.trained, ndcg10.live]),
    [
      ['refused', 'too few clicks', 0, null, null],
      ['live', '', 200, 0.4, null],
    ],
  )
  const leftAfter = Object.fromEntries(steps.map(({ step, mean_left }: any) => [step, mean_left]))
  assert.equal(leftAfter.score, 12)
  assert.ok(steps.some(({ step, removed }: any) => step.startsWith('filter.') && removed === 0))
  assert.ok(steps.every(({ step, mean_ms }: any) => step.startsWith('filter.') === (mean_ms === null)))
  assert.ok(pages.some(({ source, count }: any) => source === 'model' && count >= 1))
  assert.ok(
    calls.some(({ outcome, count }: any) => outcome === 'ok' && count >= 1),
    JSON.stringify(calls),
  )
  assert.equal(days.length, 2)
  const { day: _, ...today } = days[1]
  // A reader who opens an article three times on a day has clicked once.
  assert.deepEqual(today, { pages: 1, served: 10, exposures: 2, clicks: 2, feed_clicks: 1, reads: 0, click_rate: 0.5 })
})

test('a day whose pages are deleted has no number of pages, and what was done on it is still counted', async () => {
  const carol = await product.signIn('carol')
  const [id] = await product.publish([{ channel: await product.createChannel('旧闻'), title: '五天前读过的文章' }])
  await carol.get(`/app/v1_0/articles/${id}`)
  await product.waitForBehaviours(`r${carol.id}`, 1)
  await sql`update behaviour set at = at - interval '5 days' where viewer = ${`r${carol.id}`}`.execute(product.db)
  const { days } = await dataOf('/recommender?days=6')
  assert.deepEqual(
    days.map(({ pages, served, clicks }: any) => [pages, served, clicks]),
    [
      [null, null, 1],
      [null, null, 0],
      [null, null, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 10, 2],
    ],
  )
  assert.deepEqual(
    days.map(({ day }: any) => day),
    days.map(({ day }: any) => day).toSorted(),
  )
})

test('the queries that took the most time come first', async () => {
  const { own, server } = await dataOf('/queries')
  assert.ok(own.length > 10 && own.length <= 50)
  const totals = own.map(({ total_ms }: any) => total_ms)
  assert.deepEqual(
    totals,
    totals.toSorted((a: number, b: number) => b - a),
  )
  for (const { name, calls, mean_ms, max_ms, total_ms } of own)
    assert.ok(calls > 0 && mean_ms <= max_ms + 0.001 && max_ms <= total_ms + 0.001, name)
  assert.ok(
    own.some(({ name }: any) => name.startsWith('select ')),
    'a query has the name of what it does',
  )
  assert.equal(server, null) // the extension is not installed
})

test('the history of drift shows an error and, in the next comparison, its repair', async () => {
  const channel = await product.createChannel('天气')
  const [id] = await product.publish([{ channel, title: '数错了的文章' }])
  await sql`insert into counter (kind, key, value) values ('article.likes', ${id}, 5) on conflict (kind, key) do update set value = 5`.execute(
    product.db,
  )
  for (let i = 0; i < 2; i++) assert.equal((await editor.post(`${ADMIN}/counters/article.likes/rebuild`)).status, 201)
  const history = await dataOf('/counters/history?days=1&kind=article.likes')
  assert.deepEqual(
    history.map(({ kind, drift, rows_drift }: any) => [kind, drift, rows_drift]),
    [
      ['article.likes', 5, 5],
      ['article.likes', 0, 0],
    ],
  )
  assert.ok(history[0].at <= history[1].at)
  assert.equal((await editor.get(`${ADMIN}/counters/history?kind=nonsense`)).status, 404)
  assert.equal((await dataOf('/counters/history')).length, 2)
})

test('an experiment: a policy for some viewers, in their pages from then on, until it is stopped', async () => {
  const channel = await product.createChannel('试验')
  await product.publish(Array.from({ length: 30 }, () => ({ channel })))
  const { rows } = await sql<{ version: number }>`
    insert into ranking_policy (document)
      values ('{"exploration": {"share": 0}}'), ('{"feedback": {"days": 1}}') returning version`.execute(product.db)
  const [version, ofAll] = rows.map(row => row.version)
  const start = (body: object) => editor.post(`${ADMIN}/experiments`, { name: '不试新文章', policy: version, share: 0.5, ...body })
  assert.equal((await start({ policy: 8_000 })).body.message, 'there is no policy 8000')
  assert.match((await start({ policy: ofAll })).body.message, /has other feedback than the live one/)
  for (const wrong of [{ share: 0 }, { share: 0.6 }, { name: '' }, { name: 'x'.repeat(61) }, { policy: -1 }, { policy: 'x' }])
    assert.equal((await start(wrong)).status, 400, JSON.stringify(wrong))
  assert.equal((await editor.patch(`${ADMIN}/experiments/running`, { ended: true })).status, 404)
  const started = await start({})
  assert.deepEqual([started.status, started.body.data.state, started.body.data.verdict], [201, 'running', null])
  assert.equal((await start({ name: 'another' })).body.message, 'the experiment "不试新文章" is running; stop it first')

  const armOf = async (device: string) => {
    await product.request('GET', `/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`, undefined, {
      headers: { authorization: `Anony ${device}` },
    })
    const { rows: pages } = await sql<{ arm: number | null; policy: number }>`
      select arm, policy from page where viewer = ${`d${device}`} order by made_at desc limit 1`.execute(product.db)
    return pages[0]
  }
  let attempt = 0
  // A hash says which arm a device is in. The first ones may be asked before this process has heard of the experiment.
  const deviceIn = async (arm: number) => {
    let device = ''
    await eventually(
      () => armOf((device = `first-${attempt++}`)),
      page => page?.arm === arm,
    )
    return device
  }
  const devices = [await deviceIn(0), await deviceIn(1), ...Array.from({ length: 10 }, (_, i) => `tablet-${i}`)]
  const arms = await Promise.all(devices.map(armOf))
  assert.deepEqual(new Set(arms.map(page => page?.arm)), new Set([0, 1]))
  for (const page of arms) assert.equal(Math.floor((page?.policy ?? 0) / 4), page?.arm === 1 ? version : 0)
  assert.deepEqual(await Promise.all(devices.map(armOf)), arms, 'each stays in its arm')

  const { data } = (await editor.patch(`${ADMIN}/experiments/running`, { ended: true, reason: '够了' })).body
  assert.deepEqual([data.state, data.reason], ['ended', '够了'])
  assert.equal((await dataOf('/experiments'))[0].reason, '够了')
  const { rows: log } = await sql<{ operation: string }>`select operation from operation_log order by id desc limit 2`.execute(product.db)
  assert.deepEqual(
    log.map(({ operation }) => operation),
    ['stop experiment', 'start experiment'],
  )
  await eventually(
    () => armOf(devices[0] as string),
    page => page?.arm === null,
  )
})

test('a policy is refused with its mistakes, tried, stored and put into use, and each change is noted', async () => {
  const policies = (path: string, body: object) => editor.post(`${ADMIN}/policies${path}`, body)
  const use = (version: unknown) => editor.put(`${ADMIN}/policies/live`, { version })
  const before = await dataOf('/policies')
  const text = '\uFEFF{"name": "calm", "factors": {"freshness": 0.7}}'
  for (const path of ['', '/trials']) {
    const refused = await policies(path, { text: '{"sources": {"fresh": 1, "fresh": 2}}' })
    assert.deepEqual([refused.status, refused.body.message], [400, 'sources.fresh: is there twice'])
    for (const body of [{}, { text: 1 }, { text: 'x'.repeat(64 * 1024 + 1) }, { text: '长'.repeat(30_000) }, { text: '\0' }])
      assert.equal((await policies(path, body)).status, 400, JSON.stringify(body).slice(0, 40))
    assert.equal((await policies(path, { text: 'x'.repeat(200_000) })).status, 413)
  }
  assert.match(
    (await policies('', { text: '{"weights": {}, "sources": {"fresh": -1}}' })).body.message,
    /^weights: .*\nsources\.fresh: must be >= 0$/,
  )
  assert.equal((await policies('/trials', { text: '{}', version: 0 })).status, 400)
  assert.equal((await policies('/trials', { version: 8_000 })).status, 404)

  const [tried, again] = await Promise.all([policies('/trials', { text }), policies('/trials', { version: 0 })])
  assert.deepEqual([tried.status, again.status].toSorted(), [200, 409], 'one at a time')
  const { refused, values } = (tried.status === 200 ? tried : again).body.data
  assert.match(refused, /^too little to tell/)
  assert.equal(values, null)

  const { version } = (await policies('', { text })).body.data
  assert.equal((await policies('', { text })).body.data.version, version, 'the same policy has one version')
  assert.deepEqual(JSON.parse((await dataOf(`/policies/${version}`)).text), { name: 'calm', factors: { freshness: 0.7 } })
  for (const [wrong, status] of [
    [-1, 400],
    ['x', 400],
    [8_000, 404],
  ] as const)
    assert.equal((await use(wrong)).status, status)
  assert.equal((await editor.get(`${ADMIN}/policies/8000`)).status, 404)
  assert.equal((await use(version)).status, 204)
  const late = await editor.put(`${ADMIN}/policies/live`, { version: 0, base: before.live.version })
  assert.deepEqual([late.status, late.body.message], [409, `policy ${version} went live meanwhile`])
  const { live, uses, stored } = await dataOf('/policies')
  const { version: unused } = (await policies('', { text: '{"name": "for-later"}' })).body.data
  const [newest] = (await dataOf('/policies')).stored
  assert.deepEqual([newest.version, newest.name, newest.by, newest.used], [unused, 'for-later', 'editor', null])
  assert.ok(Date.now() - Date.parse(newest.at) < 60_000)
  assert.deepEqual([stored[0].version, stored[0].used], [version, uses[0].since])
  const listed = await runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['policy', 'list', '--json'])
  assert.deepEqual([listed.json.live, listed.json.policies[0].version], [version, unused])
  assert.deepEqual([live.version, uses[0].version, uses[0].name, uses[0].until], [version, version, 'calm', null])

  await editor.post(`${ADMIN}/experiments`, { name: 'a', policy: 0, share: 0.5 })
  assert.deepEqual((await use(0)).body.message, 'the experiment "a" is running; stop it first')
  await editor.patch(`${ADMIN}/experiments/running`, { ended: true })
  assert.equal((await editor.put(`${ADMIN}/policies/live`, { version: before.live.version, base: version })).status, 204)
  assert.equal((await dataOf('/policies')).live.version, before.live.version)
  const { rows } = await sql<{ operation: string; after: object }>`
    select operation, after from operation_log where operation like '%ranking policy' order by id desc limit 5`.execute(product.db)
  const documented = { name: 'calm', factors: { freshness: 0.7 } }
  assert.deepEqual(
    rows.map(({ operation, after }) => [operation, after]),
    [
      ['use ranking policy', { version: before.live.version }],
      ['add ranking policy', { name: 'for-later' }],
      ['use ranking policy', { version }],
      ['add ranking policy', documented],
      ['add ranking policy', documented],
    ],
  )
})

test('the command line starts, shows, grows and stops an experiment, and refuses what makes none', async () => {
  const cli = (...words: string[]) =>
    runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['experiment', ...words, '--json'])
  const started = await cli('start', 'A/A', 'default', '5')
  assert.deepEqual([started.code, started.json.treatment_share, started.json.control_policy], [0, 0.05, 0])
  assert.match((await cli('start', 'another', 'default')).err, /the experiment "A\/A" is running/)
  const grown = await cli('grow', '50')
  assert.deepEqual([grown.json.name, grown.json.treatment_share, grown.json.error], ['A/A', 0.5, 0.025])
  assert.equal((await cli('show')).json.id, grown.json.id)
  const refused = await Promise.all([cli('grow', '10'), cli('start', 'x', 'y'), cli('start', 'x', '1', 'none'), cli('start', 'x', '7000')])
  assert.deepEqual(
    refused.map(({ code }) => code),
    [1, 2, 2, 1],
  )
  assert.equal((await cli('stop', 'enough')).json.reason, 'enough')
  assert.equal((await cli('stop')).code, 1)
  const { experiments } = (await cli('list')).json
  assert.deepEqual(
    experiments.slice(0, 2).map(({ state, reason }: any) => [state, reason]),
    [
      ['ended', 'enough'],
      ['ended', 'the share grew to 50 %'],
    ],
  )
  const { out } = await runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['experiment', 'show'])
  assert.match(out, /A\/A: ended, 50 % of the viewers in the treatment, policy 0 against 0\nverdict: not counted yet: enough\n/)
})
