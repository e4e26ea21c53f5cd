// Counters as readers and administrators see them, on both engines.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { NO_REDIS, startRedis } from '../support/redis.ts'
import { eventually } from '../support/waiting.ts'

const ENGINES = { table: false, redis: NO_REDIS } as const

for (const [engine, skip] of Object.entries(ENGINES)) {
  let product: Product
  let token: string
  let alice: Person
  let bob: Person
  let id: bigint
  const admin = (method: string, path: string) =>
    product.request(method, `/v1/admin${path}`, undefined, { headers: { authorization: `Bearer ${token}` } })

  before(async () => {
    if (skip) return
    const redis = engine === 'redis' ? { REDIS_URL: (await startRedis()).url } : undefined
    product = await startProduct({ env: { ADMIN_PASSWORD: 'first1password', ...redis } })
    token = (await product.request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'first1password' })).body.data.token
    ;[alice, bob] = [await product.signIn('alice'), await product.signIn('bob')]
    const channel = await product.createChannel('news')
    id = (await product.publish([{ author: bob.id, channel }]))[0] as bigint
  })

  test(`${engine}: a reader who acts, sees the new count in the next answer`, { skip }, async () => {
    const article = async () => (await alice.get(`/app/v1_0/articles/${id}`)).body.data
    for (let round = 0; round < 5; round++) {
      await alice.post('/app/v1_0/article/likings', { target: id })
      assert.equal((await article()).like_count, 1)
      assert.equal((await alice.get(`/app/v1_0/users/${bob.id}`)).body.data.like_count, 1)
      await alice.delete(`/app/v1_0/article/likings/${id}`)
      assert.equal((await article()).like_count, 0)
      await alice.post('/app/v1_0/user/followings', { target: bob.id })
      assert.equal((await alice.get('/app/v1_0/user')).body.data.follow_count, 1)
      assert.equal((await alice.get(`/app/v1_0/users/${bob.id}`)).body.data.fans_count, 1)
      assert.equal((await alice.get('/app/v1_0/user/followings')).body.data.total_count, 1)
      await alice.delete(`/app/v1_0/user/followings/${bob.id}`)
      assert.equal((await alice.get('/app/v1_0/user')).body.data.follow_count, 0)
    }
    const posted = await alice.post('/app/v1_0/comments', { target: id, content: 'first' })
    assert.equal((await article()).comm_count, 1)
    const comment = posted.body.data.com_id
    await alice.post('/app/v1_0/comment/likings', { target: comment })
    const list = await alice.get(`/app/v1_0/comments?type=a&source=${id}`)
    assert.equal(list.body.data.results[0].like_count, 1)
    await alice.post('/app/v1_0/article/likings', { target: id })
    await alice.post('/app/v1_0/user/followings', { target: bob.id })
    await eventually(
      async () => (await bob.get(`/app/v1_0/articles/${id}`)).body.data,
      data => data.like_count === 1,
    )
  })

  test(`${engine}: an administrator lists the counters, rebuilds a kind and gets one explained`, { skip }, async () => {
    const list = await eventually(
      () => admin('GET', '/counters'),
      ({ body }) => body.data[0].lag_seconds !== null, // null until the applier has run once
    )
    assert.equal(list.status, 200)
    assert.equal(list.body.data.length, 13)
    const likes = (body: { data: { kind: string }[] }) => body.data.find(one => one.kind === 'article.likes') as Record<string, unknown>
    assert.deepEqual(likes(list.body).last_drift, null)
    assert.equal(typeof likes(list.body).lag_seconds, 'number')

    const compared = await admin('POST', '/counters/article.likes/rebuild')
    assert.equal(compared.status, 201)
    const { watermark, seconds, ...rest } = compared.body.data
    assert.deepEqual(rest, { kind: 'article.likes', checked: 1, drift: 0, rows_drift: 0, store_drift: 0, unusable: 0, repaired: 0 })
    assert.ok(/^\d+$/.test(watermark) && seconds >= 0)
    const after = likes((await admin('GET', '/counters')).body)
    assert.equal(after.last_drift, 0)
    assert.ok(Date.parse(after.last_reconcile_at as string) > 0)

    const { data } = (await admin('GET', `/counters/article.likes/${id}`)).body
    assert.deepEqual([data.truth, data.store + data.pending], [1, 1])
    assert.deepEqual((await admin('GET', '/counters/article.likes/404')).body.data.truth, 0)

    const text = await product.metrics()
    assert.match(text, /^counter_lag_seconds \d/m)
    assert.match(text, /^oldest_writer_seconds \d/m)
    assert.match(text, /^log_lag_seconds\{consumer="recommender"\} \d/m)
  })

  test(`${engine}: a rebuild requested while one is running is refused at once`, { skip }, async () => {
    await product.db.connection().execute(async db => {
      const lock = sql`(hashtext('fix-statistics'), hashtext('article.likes'))`
      await sql`select pg_advisory_lock${lock}`.execute(db)
      try {
        const answers = await Promise.all(Array.from({ length: 20 }, () => admin('POST', '/counters/article.likes/rebuild')))
        assert.deepEqual(
          [...new Set(answers.map(({ status, body }) => `${status} ${body.message}`))],
          ['409 Another process is comparing article.likes at this moment.'],
        )
        assert.equal((await admin('POST', '/counters/article.reads/rebuild')).status, 201)
      } finally {
        await sql`select pg_advisory_unlock${lock}`.execute(db)
      }
    })
    assert.equal((await admin('POST', '/counters/article.likes/rebuild')).status, 201)
  })

  test(`${engine}: an internal error is written to the log, and not to the answer`, { skip }, async () => {
    const declare = (from: string, to: string) =>
      sql`update counted set contributions = replace(contributions, ${from}::text, ${to}::text) where table_name = 'collection'`.execute(
        product.db,
      )
    await declare(', 1 d', ', 1 / 0 d')
    try {
      const { status, text } = await admin('POST', '/counters/article.collections/rebuild')
      assert.equal(status, 500)
      assert.doesNotMatch(text, /division/)
    } finally {
      await declare(', 1 / 0 d', ', 1 d')
    }
  })

  test(`${engine}: an unknown kind, an invalid id and a viewer who is no administrator are refused`, { skip }, async () => {
    assert.equal((await admin('GET', '/counters/article.smiles/1')).status, 404)
    assert.equal((await admin('POST', '/counters/article.smiles/rebuild')).status, 404)
    assert.equal((await admin('GET', '/counters/article.likes/x')).status, 404)
    for (const path of ['/counters', '/counters/article.likes/1']) {
      assert.equal((await product.request('GET', `/v1/admin${path}`)).status, 401)
      assert.equal((await alice.get(`/v1/admin${path}`)).status, 401)
    }
    assert.equal((await alice.post('/v1/admin/counters/article.likes/rebuild')).status, 401)
  })

  test(`${engine}: the nightly rebuild is listed as a job`, { skip }, async () => {
    const { status, body } = await product.request(
      'POST',
      '/v1/admin/jobs/fix-statistics/runs',
      { wait: true },
      { headers: { authorization: `Bearer ${token}` } },
    )
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.data.outcome, 'done', JSON.stringify(body))
    assert.deepEqual([body.data.report.drift, body.data.report.repaired], [0, 0])
    const text = await eventually(product.metrics, all => all.includes('counter_drift{kind="article.likes"} 0'))
    assert.doesNotMatch(text, /counter_drift\{[^}]*\} [1-9]/)
  })
}
