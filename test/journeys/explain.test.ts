import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { runCli } from '../support/cli.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

const NOW = AN_HOUR_AGO
let product: Product
let tech: number
let sport: number
let articles: ArticleId[]
let mobile = 13_902_000_000

before(async () => {
  // A recommender in another process gives no reasons.
  product = await useSharedProduct({ alwaysEmbedded: SETTING === 'cluster' })
  tech = await product.createChannel('科技')
  sport = await product.createChannel('体育')
  articles = await product.publish(Array.from({ length: 120 }, (_, i) => ({ channel: i < 100 ? tech : sport, ageSeconds: i * 600 + 1 })))
})

const signInReader = () => product.signIn('someone', String(mobile++))
const feed = (cursor: number) => `/app/v1_1/articles?channel_id=${tech}&timestamp=${cursor}&with_top=0`
const idsOf = (answer: Answer): ArticleId[] => answer.body.data.results.map((one: { art_id: bigint }) => one.art_id)
const explain = async (who: { get: Person['get'] }, id: bigint, channel?: number) => {
  const answer = await who.get(`/v1/explain?article_id=${id}${channel === undefined ? '' : `&channel_id=${channel}`}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body.data
}

test('an article that was shown is explained by its page, its position and the reasons stored then', async () => {
  const reader = await signInReader()
  const { results } = (await reader.get(`${feed(NOW)}&explain=1`)).body.data
  const page = await product.db.selectFrom('page').select('id').where('viewer', '=', `r${reader.id}`).executeTakeFirstOrThrow()
  for (const position of [0, 4, 9]) {
    const { sources, factors } = results[position].why
    assert.deepEqual(await explain(reader, results[position].art_id), {
      shown: true,
      page: String(page.id),
      channel_id: tech,
      position,
      sources,
      factors,
      removed_by: null,
      rank: null,
    })
  }
})

test('an article that was not shown is explained by the step that removes it', async () => {
  const [reader, author, blocked] = [await signInReader(), await signInReader(), await signInReader()]
  const [disliked, ofBlocked] = await product.publish([
    { channel: tech, author: author.id },
    { channel: tech, author: blocked.id },
  ])
  const clicked = articles[50] as ArticleId
  await reader.post('/app/v1_0/article/dislikes', { target: disliked })
  await reader.post('/app/v1_0/user/blacklists', { target: blocked.id })
  await reader.get(`/app/v1_0/articles/${clicked}`)
  await product.waitForBehaviours(`r${reader.id}`, 2) // the dislike and the click
  const steps: [ArticleId | undefined, number, string][] = [
    [disliked, tech, 'filter.liked'],
    [ofBlocked, tech, 'filter.unblocked'],

    [clicked, tech, 'filter.unseen'],
    [articles[110], tech, 'filter.channel'],
    [articles[99], tech, 'select.diversity'],
  ]
  for (const [id, channel, step] of steps) {
    const explanation = await explain(reader, id as ArticleId, channel)
    assert.deepEqual([explanation.shown, explanation.page, explanation.position, explanation.removed_by], [false, null, null, step], step)
  }
})

test('an article that would be shown next is explained by its rank and its reasons', async () => {
  const reader = await signInReader()
  const explanation = await explain(reader, articles[0] as ArticleId, tech)
  assert.deepEqual([explanation.shown, explanation.removed_by], [false, null])
  assert.ok(explanation.rank >= 0 && explanation.rank < 40)
  assert.ok(explanation.sources.includes('fresh') && explanation.factors.freshness > 0)
  assert.ok(idsOf(await reader.get(feed(NOW))).length === 10)
})

test('a request for an explanation stores nothing and does not change the next page', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(NOW))
  const before = await product.db.selectFrom('page').selectAll().where('viewer', '=', `r${reader.id}`).execute()
  for (const id of articles.slice(0, 20)) await explain(reader, id)
  assert.deepEqual(await product.db.selectFrom('page').selectAll().where('viewer', '=', `r${reader.id}`).execute(), before)
  assert.equal((await reader.get(feed(NOW))).text, first.text)
})

test('a device gets explanations of its pages, and an anonymous viewer of the ranking only', async () => {
  const get = (path: string) => product.request('GET', path, undefined, { headers: { authorization: 'Anony explain-phone' } })
  const [shown] = idsOf(await get(feed(NOW)))
  assert.equal((await explain({ get }, shown as ArticleId)).shown, true)
  const explanation = await explain({ get: path => product.request('GET', path) }, shown as ArticleId, tech)
  assert.deepEqual([explanation.shown, explanation.page, explanation.removed_by], [null, null, null])
})

test('a reader learns nothing about pages of others, or about articles that readers may not open', async () => {
  const [alice, mallory] = [await signInReader(), await signInReader()]
  const [shown] = idsOf(await alice.get(feed(NOW)))
  assert.equal((await explain(mallory, shown as ArticleId)).shown, false)
  const [draft] = await product.publish([{ channel: tech, status: 0 }])
  for (const id of [draft, 5n]) {
    const answer = await mallory.get(`/v1/explain?article_id=${id}`)
    assert.equal(answer.status, 404)
    assert.equal(answer.body.code, 'not-found')
  }
  assert.equal((await mallory.get(`/v1/explain?article_id=${shown}&channel_id=99999`)).status, 404)
})

test('errors under /v1 have a code and the request id, those of existing generations the message only', async () => {
  const own = await product.request('GET', '/v1/explain')
  assert.deepEqual([own.status, own.body.code, own.body.request_id], [400, 'invalid', own.headers.get('x-request-id')])
  assert.equal(typeof own.body.message, 'string')
  assert.deepEqual(Object.keys((await product.request('GET', '/v1/nothing')).body), ['message', 'code', 'request_id'])
  assert.deepEqual(Object.keys((await product.request('GET', '/v1_0/nothing')).body), ['message'])
  assert.deepEqual(Object.keys((await product.request('GET', '/app/v1_1/articles')).body), ['message'])
})

test('the command line explains an article for any reader', async () => {
  const reader = await signInReader()
  const [shown] = idsOf(await reader.get(feed(NOW)))
  const [withdrawn] = await product.publish([{ channel: tech, status: 5 }])
  const explainByCli = (...ids: (bigint | string | undefined)[]) =>
    runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['explain', ...ids.map(String), '--json'])
  const { json } = await explainByCli(reader.id, shown)
  assert.deepEqual([json.shown, json.position, json.removed_by], [true, 0, null])
  assert.equal((await explainByCli(reader.id, withdrawn)).json.removed_by, 'published')
  const refused = await Promise.all([explainByCli(reader.id, '5'), explainByCli('5', shown), explainByCli('x', '1')])
  assert.deepEqual(
    refused.map(({ code }) => code),
    [1, 1, 2],
  )
})

test('a policy from a file ranks the next pages, its version is in their rows, and going back is one command', async () => {
  const cli = (...words: string[]) =>
    runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['policy', ...words, '--json'])
  const file = join(product.dataDir, 'policy.json')
  const policy = {
    name: 'only-old',
    factors: { freshness: 0, appeal: 0 },
    sources: { fresh: 0.5, explore: 0 },
    exploration: { share: 0 },
    leaderboards: { oldest: { score: 'age - 1000 * clicks', size: 5 } },
  }
  await writeFile(file, JSON.stringify(policy))
  let devices = 0
  const page = async () => {
    const device = `explain-policy-${devices++}` // which has seen nothing of the leaderboard yet; readers may not sign in without end
    const headers = { authorization: `Anony ${device}` }
    const { results } = (await product.request('GET', `${feed(NOW)}&explain=1`, undefined, { headers })).body.data
    const row = await product.db.selectFrom('page').select('policy').where('viewer', '=', `d${device}`).executeTakeFirst()
    return { results, policy: row?.policy }
  }
  const before = await page()
  assert.equal(before.policy, 1)
  assert.ok(!('source' in before.results[0].why.factors))
  assert.ok(before.results.some(({ why }: any) => why.sources.includes('explore')))

  const { json } = await cli('use', file)
  const isOfLeaderboard = ({ why }: any) => why.sources.includes('leaderboard')
  const after = await eventually(page, ({ results, policy: number }) => number !== 1 && results.some(isOfLeaderboard))
  assert.equal(after.policy, json.version * 4 + 1)
  for (const { why } of after.results) {
    assert.ok(!why.sources.includes('explore'))
    assert.equal(why.factors.source, why.sources.some((name: string) => name !== 'fresh') ? 1 : 0.5)
  }
  const [{ articles: oldest }] = (await cli('leaderboards', file)).json.leaderboards
  assert.equal(oldest.length, 10)
  assert.ok(oldest[0].score > oldest[9].score)
  for (const { art_id } of after.results.filter(isOfLeaderboard)) assert.ok(articles.indexOf(art_id) >= 50)
  assert.equal((await cli('use', file)).json.version, json.version) // the same file is the same policy
  assert.deepEqual((await cli('show')).json, { version: json.version, document: policy })

  await writeFile(file, JSON.stringify({ factors: { charm: 1 } }))
  const refused = await cli('use', file)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /^factors\.charm: there is no such field; there are appeal, /)
  assert.deepEqual([(await cli('use', '99')).code, (await cli('check', `${file}.missing`)).code, (await cli('show', 'x')).code], [1, 1, 2])

  await cli('use', 'default')
  await eventually(page, ({ policy: number }) => number === 1)
  const { uses } = (await cli('history')).json
  assert.deepEqual(
    uses.map(({ version, name }: any) => [version, name]),
    [
      [0, null],
      [json.version, 'only-old'],
      [json.version, 'only-old'],
    ],
  )
})

test('a file made from the defaults can be tried by some viewers, while which policy is live does not change; each use is noted', async () => {
  const env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }
  const cli = (...words: string[]) => runCli(env, words)
  const file = join(product.dataDir, 'calm.json')
  const { document } = (await cli('policy', 'show', 'default', '--json')).json
  await writeFile(file, JSON.stringify({ ...document, name: 'calm', factors: { ...document.factors, freshness: 0.7 } }))
  const version = String((await cli('policy', 'add', file, '--json')).json.version)
  const started = await cli('experiment', 'start', 'calmer', version, '20')
  assert.equal(started.code, 0, started.err)
  for (const operand of [file, version, 'default']) {
    const refused = await cli('policy', 'use', operand)
    assert.equal(refused.code, 1)
    assert.match(refused.err, /^the experiment "calmer" is running; stop it first/)
  }
  await cli('experiment', 'stop')

  assert.match(
    (await cli('policy', 'use', file)).out,
    /^policy \d+ ranks from the next page on\n\d+ pages of .*\nno estimate: too little to tell/s,
  )
  assert.match((await cli('policy', 'use', 'default')).out, /^policy 0 ranks .*\nnot tried: `policy try default` says/)
  const noted = await product.db
    .selectFrom('operation_log')
    .selectAll()
    .where('operation', '=', 'use ranking policy')
    .orderBy('id', 'desc')
    .limit(2)
    .execute()
  assert.deepEqual(
    noted.map(({ description, before, after }) => [description, before, after]),
    [
      ['policy 0', { version: Number(version) }, { version: 0 }],
      [`policy ${version}`, { version: 0 }, { version: Number(version) }],
    ],
  )
})
