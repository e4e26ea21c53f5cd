import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { startSlowNetwork } from '../../../test/support/slow-network.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { listenForNotifications } from './notifications.ts'

const { pool, url } = await testDatabase()

let nextId = 1n
/** A reader's row is one change. */
const insertReader = (id: bigint) => `insert into reader (id, name) values (${id}, 'reader ${id}')`

/** Counts its notifications. `next` waits for one more. */
function createReceiver() {
  let count = 0
  return {
    onNotify: () => {
      count++
    },
    get count() {
      return count
    },
    async next(before = count) {
      await eventually(
        () => count,
        now => now > before,
      )
    },
  }
}

async function connectionsOf(name: string): Promise<number[]> {
  const { rows } = await pool.query<{ pid: number }>('select pid from pg_stat_activity where application_name = $1', [name])
  return rows.map(row => row.pid)
}

async function listen(name: string, topics: ('change' | 'other')[] = ['change'], to = url) {
  const notifications = await listenForNotifications({ url: to, name, topics, log: silentLog })
  cleanup(() => notifications.close())
  return notifications
}

test('a listener is notified of its own channel, and of no other', async () => {
  const notifications = await listen('own channel', ['change', 'other'])
  const [change, second, other] = [createReceiver(), createReceiver(), createReceiver()]
  notifications.on('change', change.onNotify)
  notifications.on('change', second.onNotify)
  notifications.on('other', other.onNotify)
  const both = Promise.all([change.next(), second.next()])
  await pool.query(insertReader(nextId++))
  await both
  assert.equal(other.count, 0)
  const nextOther = other.next()
  await pool.query(`notify other; notify unknown`)
  await nextOther
  assert.deepEqual([change.count, second.count, other.count], [1, 1, 1])
})

test('a statement that is rolled back or touches no row notifies no listener', async () => {
  const notifications = await listen('no rows', ['change', 'other'])
  const [change, other] = [createReceiver(), createReceiver()]
  notifications.on('change', change.onNotify)
  notifications.on('other', other.onNotify)
  await pool.query(`begin; ${insertReader(nextId++)}; rollback`)
  await pool.query(`update reader set name = 'x' where id = -1; delete from reader where id = -1`)
  const next = other.next()
  await pool.query('notify other') // delivered after any earlier one
  await next
  assert.equal(change.count, 0)
})

test('a listener whose connection is killed reconnects, notifies once for what it may have missed, and works again', async () => {
  const notifications = await listen('reconnects', ['change', 'other'])
  const [change, other] = [createReceiver(), createReceiver()]
  notifications.on('change', change.onNotify)
  notifications.on('other', other.onNotify)
  for (let round = 0; round < 2; round++) {
    const [pid] = await connectionsOf('reconnects')
    const afterReconnect = Promise.all([change.next(), other.next()])
    await pool.query('select pg_terminate_backend($1)', [pid])
    await afterReconnect
    assert.equal((await connectionsOf('reconnects')).length, 1)
    const next = change.next()
    await pool.query(insertReader(nextId++))
    await next
  }
})

test('a listener that is closed leaves no connection, also while it reconnects', async () => {
  // Around the moment at which it reconnects, half a second after its connection was killed.
  const waits = [0, 100, ...Array.from({ length: 20 }, (_, i) => 490 + 2 * i)]
  await Promise.all(
    waits.map(async waitMs => {
      const notifications = await listenForNotifications({ url, name: `closes ${waitMs}`, topics: ['change'], log: silentLog })
      await pool.query('select pg_terminate_backend($1)', await connectionsOf(`closes ${waitMs}`))
      await sleep(waitMs)
      await notifications.close()
    }),
  )
  await sleep(1_000)
  await eventually(
    async () => (await Promise.all(waits.map(waitMs => connectionsOf(`closes ${waitMs}`)))).flat(),
    pids => pids.length === 0,
  )
})

test('listening on a database that does not exist fails, and is not retried', async () => {
  const name = `missing_${process.pid}`
  const missing = new URL(url)
  missing.pathname = `/${name}`
  await assert.rejects(listenForNotifications({ url: missing.href, name: 'retries', topics: ['change'], log: silentLog }), {
    code: '3D000',
  })
  await pool.query(`create database ${name}`)
  cleanup(async () => void (await pool.query(`drop database ${name} with (force)`)))
  await sleep(1_200)
  assert.deepEqual(await connectionsOf('retries'), [])
})

test('a start waits for its first connection for longer than a reconnect does', async () => {
  const network = await startSlowNetwork(url)
  network.setDelay(1_000) // three round trips until it is there
  const { close } = await listenForNotifications({ url: network.url, name: 'slow start', topics: ['change'], log: silentLog })
  await close()
})
