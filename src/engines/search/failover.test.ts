import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../base/log.ts'
import { createFailover } from './failover.ts'
import type { SearchEngine } from './search.ts'

/** Only its name is asked for. */
const named = (name: SearchEngine['name']) => ({ name }) as SearchEngine

const isBuilt = async () => true

test('until an index in OpenSearch has been built, PostgreSQL answers', async () => {
  let now = 0
  let done = false
  const failover = createFailover({
    preferred: named('opensearch'),
    isBuilt: async () => done,
    fallback: named('postgres'),
    clock: () => now,
    log: silentLog,
  })
  const ask = async ({ name }: SearchEngine) => name
  assert.deepEqual(await failover.use(ask), { answer: 'postgres', source: 'postgres-fallback' })
  done = true
  now = 1_000
  assert.deepEqual(await failover.use(ask), { answer: 'opensearch', source: 'opensearch' })
})

test('a search is answered from PostgreSQL while OpenSearch fails, and from OpenSearch again after a rest', async () => {
  let now = 0
  let away = true
  let asked = 0
  const failover = createFailover({
    preferred: named('opensearch'),
    isBuilt,
    fallback: named('postgres'),
    clock: () => now,
    log: silentLog,
  })
  const ask = async ({ name }: SearchEngine) => {
    if (name === 'opensearch') asked++
    if (name === 'opensearch' && away) throw new Error('away')
    return name
  }
  assert.deepEqual(await failover.use(ask), { answer: 'postgres', source: 'postgres-fallback' })
  assert.deepEqual(await failover.use(ask), { answer: 'postgres', source: 'postgres-fallback' })
  assert.equal(asked, 1)
  away = false
  now = 5_000
  assert.deepEqual(await failover.use(ask), { answer: 'opensearch', source: 'opensearch' })
})

test('while PostgreSQL does not say whether the index is built, fails or hangs, OpenSearch answers as before', async () => {
  let now = 0
  let answer = () => Promise.resolve(true)
  let asked = 0
  const failover = createFailover({
    preferred: named('opensearch'),
    isBuilt() {
      asked++
      return answer()
    },
    fallback: named('postgres'),
    clock: () => now,
    log: silentLog,
  })
  const search = async () => (await failover.use(async ({ name }) => name)).answer
  assert.equal(await search(), 'opensearch')
  answer = () => Promise.reject(new Error('PostgreSQL is away'))
  now = 1_000
  assert.deepEqual([await search(), await search()], ['opensearch', 'opensearch'])
  answer = () => new Promise(() => {})
  now = 2_000
  assert.equal(await search(), 'opensearch')
  // The question is still open, and no later search waits for it.
  now = 4_000
  assert.equal(await search(), 'opensearch')
  assert.equal(asked, 3)
})

test('without OpenSearch PostgreSQL answers, and its errors are not hidden', async () => {
  const failover = createFailover({ isBuilt, fallback: named('postgres'), clock: () => 0, log: silentLog })
  assert.deepEqual(await failover.use(async ({ name }) => name), { answer: 'postgres', source: 'postgres' })
  await assert.rejects(
    failover.use(() => Promise.reject(new Error('down'))),
    /down/,
  )
})
