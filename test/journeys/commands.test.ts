// What an operator does with commands beside a running server: announcements, files, the search index.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { cleanup } from '../support/cleanup.ts'
import { runCli } from '../support/cli.ts'
import { lastOperation } from '../support/office.ts'
import type { Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let folder: string
let env: Record<string, string>
let ids: ArticleId[]

before(async () => {
  product = await useSharedProduct()
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-announcements-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir, INIT_CWD: folder }
  const channel = await product.createChannel('科技')
  const titles = ['候鸟迁徙路线图', '候鸟迁徙路线与湿地保护', '湿地公园门票', '蓝莓园里的烧饼铺']
  ids = await product.publish(titles.map(title => ({ title, channel })))
  await eventually(
    () => found('烧饼'),
    count => count.length === 1,
  )
})

async function announce(title: string, text: string): Promise<string> {
  await writeFile(join(folder, 'text'), text)
  const { code, json, err } = await runCli(env, ['announcements', 'add', title, 'text', '--json'])
  assert.equal(code, 0, err)
  return json.id
}

test('what an operator announces, everybody reads, the newest first', async () => {
  const first = await announce('维护通知', '今晚十点维护。\n\n大约一小时 <20 分钟>')
  const second = await announce('New', '<p>Read <a href="https://example.com/">this</a><script>alert(1)</script></p>')
  const { body } = await product.request('GET', '/v1_0/announcements')
  const { pubdate } = body.data.results[0]
  assert.match(pubdate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.deepEqual(
    { ...body.data, results: body.data.results.map(({ id, title }: { id: string; title: string }) => [id, title]) },
    {
      total_count: 2,
      page: 1,
      per_page: 10,
      results: [
        [second, 'New'],
        [first, '维护通知'],
      ],
    },
  )
  const detail = await product.request('GET', `/v1_0/announcements/${second}`, undefined, { headers: { authorization: 'Bearer x' } })
  assert.deepEqual(detail.body.data, { id: second, title: 'New', pubdate, content: '<p>Read <a href="https://example.com/">this</a></p>' })
  const plain = (await product.request('GET', `/app/v1_0/announcements/${first}`)).body.data
  assert.deepEqual([plain.id, plain.content], [BigInt(first), '<p>今晚十点维护。</p><p>大约一小时 &lt;20 分钟&gt;</p>'])

  const removed = await runCli(env, ['announcements', 'remove', first, '--json'])
  assert.deepEqual(removed.json, { id: first, removed: true })
  const gone = await product.request('GET', `/v1_0/announcements/${first}`)
  assert.deepEqual([gone.status, gone.body.message], [400, 'Invalid announcement.'])
  const { administrator_name, operation, description, before: logged } = await lastOperation(product)
  assert.deepEqual(
    [administrator_name, operation, description, logged],
    ['command line', 'delete announcement', `${first} 维护通知`, { title: '维护通知', content: plain.content }],
  )
  const listed = await runCli(env, ['announcements', 'list', '--json'])
  assert.deepEqual([listed.json.count, listed.json.announcements[0].title], [1, 'New'])
})

test('an announcement without a title or a text is refused', async () => {
  await writeFile(join(folder, 'text'), ' \n ')
  for (const words of [
    ['announcements', 'add', 'title', 'text'],
    ['announcements', 'add', ' ', 'text'],
    ['announcements', 'add', 'title', 'missing'],
    ['announcements', 'remove', '12345'],
  ])
    assert.equal((await runCli(env, words)).code, 1, words.join(' '))
  assert.equal((await runCli(env, ['announcements', 'remove', 'x'])).code, 2)
  assert.equal((await product.request('GET', '/v1_0/announcements/x')).status, 404)
  assert.equal((await product.request('GET', '/v1_0/announcements?per_page=9')).status, 400)
})

test('a client that asks for JSON at the root gets the map of all routes', async () => {
  const { status, body } = await product.request('GET', '/', undefined, { headers: { accept: 'application/json' } })
  assert.equal(status, 200)
  assert.equal(body['get app.v1_0.announcements'], '/app/v1_0/announcements')
  assert.equal(body['patch v1_0.user.photo'], '/v1_0/user/photo')
  assert.ok(Object.keys(body).length > 100)
  const page = await product.request('GET', '/', undefined, { headers: { accept: 'text/html' } })
  assert.match(page.headers.get('content-type') ?? '', /text\/html/)
})

test('an operator bans a picture by its address', async () => {
  const name = `${'a'.repeat(32)}.jpg`
  await product.db
    .insertInto('stored_file')
    .values({ id: 1n as never, name, widths: [1], bytes: [1], stored: true })
    .execute()
  const banned = await runCli(env, ['files', 'ban', `${product.url}/files/${name}?w=360`, '--json'])
  assert.deepEqual(banned.json, { name, banned: true })
  assert.equal((await product.request('GET', `/files/${name}`)).status, 404)
  assert.deepEqual((await runCli(env, ['files', 'unban', name, '--json'])).json, { name, banned: false })
  assert.equal((await runCli(env, ['files', 'ban', 'x.jpg'])).code, 2)
  assert.equal((await runCli(env, ['files', 'ban', `${'b'.repeat(32)}.jpg`])).code, 1)
})

test('an operator copies all files to another folder', async () => {
  await writeFile(join(folder, 'text'), 'x')
  const { code, json } = await runCli(env, ['files', 'migrate', '.', './copy', '--json'])
  assert.deepEqual([code, json], [0, { files: 1, copied: 1, bytes: 1 }])
  assert.equal((await runCli(env, ['files', 'migrate', 's3://BAD', './copy'])).code, 2)
})

const search = (...words: string[]) => runCli(env, ['search', ...words, '--json'])

async function found(q: string): Promise<string[]> {
  await sql`delete from search_list`.execute(product.db) // a list of results is kept for ten minutes
  const { body } = await product.request('GET', `/v1_0/search?q=${encodeURIComponent(q)}`)
  return body.data.results.map((card: { art_id: string }) => card.art_id)
}

test('an operator sees whether the index has an article, and what it knows of it', async () => {
  const [id] = ids
  assert.deepEqual(await search('exists', `${id}`).then(({ code, json }) => [code, json.postgres]), [0, true])
  assert.equal((await search('get', `${id}`)).json.postgres.title, '候鸟迁徙路线图')
  assert.deepEqual(await search('exists', '77').then(({ code, json }) => [code, json.postgres]), [1, false])
  const { code, err } = await search('get', '77')
  assert.deepEqual([code, err], [1, 'no index has article 77\n'])
  assert.equal((await search('get', 'x')).code, 2)
})

test('a score that is taken apart is the one that articles are ordered by, whether they have all words or most of them', async () => {
  const q = '候鸟 迁徙 路线 湿地'
  assert.deepEqual(await found(q), [`${ids[1]}`, `${ids[0]}`])
  const explained = await Promise.all(ids.slice(0, 3).map(id => search('explain', q, `${id}`)))
  assert.deepEqual(
    explained.map(({ json }) => [json.is_found, json.has_all_words]),
    [
      [true, false],
      [true, true],
      [false, false],
    ],
  )
  const [most, all] = explained.map(({ json }) => json)
  assert.ok(all.share_of_words > 0.999 && most.share_of_words < 0.9 && most.share_of_words > 0.5)
  for (const { share_of_words: share, title, text, boost, score } of [most, all])
    assert.ok(
      Math.abs(score - share * (title.words + title.proximity + title.phrase + text) * (1 + boost.freshness + boost.popularity)) < 1e-9,
    )
})

test('a word that an operator adds is one word for queries at once, without a restart, until it is removed', async () => {
  const words = async () => (await search('analyze', '蓝莓烧饼')).json.words
  const [id] = ids.slice(3)
  assert.deepEqual(await found('蓝莓烧饼'), [`${id}`])
  assert.doesNotMatch(await words(), /蓝莓烧饼/)
  assert.equal((await search('words', 'add', '蓝莓烧饼')).json.changed, true)
  assert.match(await words(), /蓝莓烧饼@0/)
  await eventually(
    () => found('蓝莓烧饼'),
    articles => articles.length === 0,
  )
  assert.equal((await search('words', 'remove', '蓝莓烧饼')).json.changed, true)
  await eventually(
    () => found('蓝莓烧饼'),
    articles => articles.length === 1,
  )
  assert.equal((await search('words', 'add', 'x')).code, 2)
})

test('a reindex says how far it is, and the same articles are found afterwards', async () => {
  const { code, json, err } = await search('reindex')
  const all = (await product.db.selectFrom('published_article').select('id').execute()).length
  assert.deepEqual([code, json.copied], [0, all])
  assert.ok(err.includes(`postgres: ${all} of ${all}`), err)
  assert.deepEqual(await found('候鸟 迁徙 路线 湿地'), [`${ids[1]}`, `${ids[0]}`])
})
