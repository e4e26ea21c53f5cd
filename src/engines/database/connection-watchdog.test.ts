import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'
import { pause } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { isDatabaseUnavailable, openDatabase } from './database.ts'

const { url } = await testDatabase()

/** Three connections that have been used, of four, through a network of which the test disposes. */
async function connected(name: string) {
  const { hostname, port } = new URL(url)
  const proxy = await startTcpProxy(Number(port), hostname)
  const through = new URL(url)
  through.port = String(proxy.port)
  const { db, close } = openDatabase({ url: through.href, name, log: silentLog, connectionsMax: 4 })
  cleanup(close)
  await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`.execute(db)))
  return { db, proxy }
}

test('queries whose packets a network drops fail soon, and later ones reach the database', async t => {
  const { db, proxy } = await connected('swallowed')
  proxy.blackhole()
  const began = performance.now()
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => sql`select 1`.execute(db)))
  t.diagnostic(`after ${Math.round(performance.now() - began)} ms`) // what is swallowed would be waited for without end
  for (const outcome of outcomes)
    assert.ok(outcome.status === 'rejected' && isDatabaseUnavailable(outcome.reason), 'it is known for what it is')
  proxy.heal()
  assert.equal((await sql<{ one: number }>`select 1 as one`.execute(db)).rows[0]?.one, 1)
})

test('connections that a network has dropped are closed, even while others are busy', async () => {
  const { db, proxy } = await connected('forgotten')
  proxy.blackhole()
  proxy.heal()
  let over = false
  const forgotten = Promise.allSettled([1, 2, 3].map(() => sql`select 1`.execute(db)))
  // There is room for one more, which is new.
  const talking = (async () => {
    while (!over) await sql`select 1`.execute(db)
  })()
  for (const one of await forgotten) assert.match(String(one.status === 'rejected' && one.reason), /the database knows nothing of it/)
  over = true
  await talking
  await Promise.all([1, 2, 3, 4].map(() => sql`select pg_sleep(0.05)`.execute(db)))
})

test('a slow query and a slow transaction are left alone', async () => {
  const { db, close } = openDatabase({ url, name: 'slow', log: silentLog, connectionsMax: 2 })
  cleanup(close)
  const between = db.transaction().execute(async tx => {
    await sql`select 1`.execute(tx)
    await pause(3_000)
    await sql`select 1`.execute(tx)
  })
  await Promise.all([sql`select pg_sleep(3)`.execute(db), between])
})

test('where a connection has more time, an answer has, too', async () => {
  const { db, close, setConnectMs } = openDatabase({ url, name: 'patient', log: silentLog, connectionsMax: 1 })
  cleanup(close)
  setConnectMs(60_000)
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
  const backend = rows[0]?.pid as number
  process.kill(backend, 'SIGSTOP')
  const answer = sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
  await pause(3_000)
  process.kill(backend, 'SIGCONT')
  assert.equal((await answer).rows[0]?.pid, backend)
})
