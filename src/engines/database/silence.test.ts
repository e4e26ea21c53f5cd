import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/cleanup.ts'
import { testDatabase } from '../../../test/database.ts'
import { startProxy } from '../../../test/proxy.ts'
import { silent } from '../../base/log.ts'
import { isDatabaseAway, openDatabase } from './database.ts'

const { url } = await testDatabase()

test('queries that a network swallows fail soon, and later ones find the database', async t => {
  const { hostname, port } = new URL(url)
  const proxy = await startProxy(Number(port), hostname)
  const through = new URL(url)
  through.port = String(proxy.port)
  const { db, close } = openDatabase({ url: through.href, name: 'swallowed', log: silent, connectionsMax: 3 })
  cleanup(close)
  await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`.execute(db)))
  proxy.swallow()
  const began = performance.now()
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => sql`select 1`.execute(db)))
  t.diagnostic(`after ${Math.round(performance.now() - began)} ms`) // what is swallowed would be waited for without end
  for (const outcome of outcomes) assert.ok(outcome.status === 'rejected' && isDatabaseAway(outcome.reason), 'it is known for what it is')
  proxy.pass()
  assert.equal((await sql<{ one: number }>`select 1 as one`.execute(db)).rows[0]?.one, 1)
})

test('a query that takes its time is let', async () => {
  const { db, close } = openDatabase({ url, name: 'slow', log: silent, connectionsMax: 2 })
  cleanup(close)
  await sql`select pg_sleep(3)`.execute(db)
})
