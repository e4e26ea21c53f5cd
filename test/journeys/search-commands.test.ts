// The commands of search, beside a running server.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { runCli } from '../support/cli.ts'
import { type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let ids: ArticleId[]

before(async () => {
  product = await startProduct()
  const channel = await product.createChannel('科技')
  const titles = ['候鸟迁徙路线图', '候鸟迁徙路线与湿地保护', '湿地公园门票', '蓝莓园里的烧饼铺']
  ids = await product.publish(titles.map(title => ({ title, channel })))
  await eventually(
    () => found('烧饼'),
    count => count.length === 1,
  )
})

const cli = (...words: string[]) => runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['search', ...words, '--json'])

async function found(q: string): Promise<string[]> {
  await sql`delete from search_list`.execute(product.db) // a list of results is kept for ten minutes
  const { body } = await product.request('GET', `/v1_0/search?q=${encodeURIComponent(q)}`)
  return body.data.results.map((card: { art_id: string }) => card.art_id)
}

test('an operator sees whether the index has an article, and what it knows of it', async () => {
  const [id] = ids
  assert.deepEqual(await cli('exists', `${id}`).then(({ code, json }) => [code, json.postgres]), [0, true])
  assert.equal((await cli('get', `${id}`)).json.postgres.title, '候鸟迁徙路线图')
  assert.deepEqual(await cli('exists', '77').then(({ code, json }) => [code, json.postgres]), [1, false])
  const { code, err } = await cli('get', '77')
  assert.deepEqual([code, err], [1, 'no index has article 77\n'])
  assert.equal((await cli('get', 'x')).code, 2)
})

test('a score that is taken apart is the one that articles are ordered by, whether they have all words or most of them', async () => {
  const q = '候鸟 迁徙 路线 湿地'
  assert.deepEqual(await found(q), [`${ids[1]}`, `${ids[0]}`])
  const explained = await Promise.all(ids.slice(0, 3).map(id => cli('explain', q, `${id}`)))
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
  const words = async () => (await cli('analyze', '蓝莓烧饼')).json.words
  const [id] = ids.slice(3)
  assert.deepEqual(await found('蓝莓烧饼'), [`${id}`])
  assert.doesNotMatch(await words(), /蓝莓烧饼/)
  assert.equal((await cli('words', 'add', '蓝莓烧饼')).json.changed, true)
  assert.match(await words(), /蓝莓烧饼@0/)
  await eventually(
    () => found('蓝莓烧饼'),
    articles => articles.length === 0,
  )
  assert.equal((await cli('words', 'remove', '蓝莓烧饼')).json.changed, true)
  await eventually(
    () => found('蓝莓烧饼'),
    articles => articles.length === 1,
  )
  assert.equal((await cli('words', 'add', 'x')).code, 2)
})

test('a reindex says how far it is, and the same articles are found afterwards', async () => {
  const { code, json, err } = await cli('reindex')
  assert.deepEqual([code, json.copied], [0, ids.length])
  assert.match(err, /postgres: 4 of 4/)
  assert.deepEqual(await found('候鸟 迁徙 路线 湿地'), [`${ids[1]}`, `${ids[0]}`])
})
