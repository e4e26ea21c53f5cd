import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { runCli } from '../support/cli.ts'
import { type Answer, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let token: string

before(async () => {
  product = await startProduct({ env: { ADMIN_PASSWORD: 'first1password' } })
  token = (await product.request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'first1password' })).body.data.token
})

const admin = (method: string, path: string): Promise<Answer> =>
  product.request(method, `/v1/admin/consumers${path}`, undefined, { headers: { authorization: `Bearer ${token}` } })

const countFound = async (q: string): Promise<number> =>
  (await product.request('GET', `/v1_0/search?q=${encodeURIComponent(q)}`)).body.data.total_count

const untilFound = async (q: string): Promise<void> => {
  await eventually(
    async () => {
      await sql`delete from search_list`.execute(product.db) // a list of results is kept for ten minutes
      return countFound(q)
    },
    count => count === 1,
  )
}

const cli = (...words: string[]) => runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, [...words, '--json'])

test('an article that the index cannot take is set aside with the reason, the others are found, and an administrator has it retried', async () => {
  const channel = await product.createChannel('科技')
  await product.publish([{ title: '火星探测器着陆', channel }])
  await untilFound('火星探测器')
  for (const slot of ['a', 'b'])
    await sql`
      alter table ${sql.table(`search_article_${slot}`)} add constraint no_comet_${sql.raw(slot)} check (title not like '%彗星%') not valid`.execute(
      product.db,
    )
  const [poison] = await product.publish([{ title: '彗星撞击木星', channel }])
  await product.publish([{ title: '土星光环照片', channel }])
  await untilFound('土星光环')

  const { body } = await eventually(
    () => admin('GET', '/search%20postgres/set-aside'),
    answer => answer.body.data.length > 0,
  )
  const [aside] = body.data
  assert.deepEqual([aside.consumer, aside.change], ['search postgres', { topic: 'article', key: String(poison) }])
  assert.match(aside.reason, /no_comet/)
  const consumers = (await admin('GET', '')).body.data
  const { retrying, set_aside, running } = consumers.find((each: { name: string }) => each.name === 'search postgres')
  assert.deepEqual([retrying + set_aside > 0, running], [true, true])
  const metrics = await product.metrics()
  assert.match(metrics, /\nlog_set_aside\{consumer="search postgres"\} [1-9]/)
  assert.match(metrics, /\nlog_lag_seconds\{consumer="search postgres"\} \d/)
  assert.equal((await cli('log', 'consumers')).json.consumers.length, consumers.length)
  const listed = (await cli('log', 'set-aside', 'search postgres')).json.set_aside
  assert.deepEqual([listed[0].id, listed[0].change], [aside.id, aside.change])

  assert.equal((await admin('POST', `/search%20postgres/set-aside/${aside.id}/retry`)).status, 202)
  await eventually(
    () => admin('GET', '/search%20postgres/set-aside'),
    answer => answer.body.data[0].attempts > aside.attempts,
  )
  for (const slot of ['a', 'b'])
    await sql`alter table ${sql.table(`search_article_${slot}`)} drop constraint no_comet_${sql.raw(slot)}`.execute(product.db)
  await cli('log', 'retry', 'search postgres') // if its own next attempt was not sooner
  await untilFound('彗星撞击')
  await eventually(
    () => admin('GET', '/search%20postgres/set-aside'),
    answer => answer.body.data.length === 0,
  )
  assert.equal((await cli('log', 'retry', aside.id)).code, 1)
  assert.equal((await admin('POST', `/search%20postgres/set-aside/${aside.id}/retry`)).status, 404)
  assert.equal((await admin('GET', '/unknown/set-aside')).status, 404)
})
