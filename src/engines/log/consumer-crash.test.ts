// A crash of PostgreSQL under a consumer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanup } from '../../../test/support/cleanup.ts'
import { copyDataFolder } from '../../../test/support/server-process.ts'
import { eventually, PATIENCE_MS, retryUntilDone } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { openDatabase } from '../database/database.ts'
import { startPostgres } from '../postgres/embedded-postgres.ts'
import { CHANGE_COLUMNS, type LoggedChange } from './change-log.ts'
import { createConsumer } from './consumer.ts'
import { createDurableConsumer } from './durable-consumer.ts'
import { readEndPosition } from './log-rows.sql.ts'

test('after a crash a consumer gets a change whose transaction id was assigned before; one that keeps its offset does so without a new snapshot', async t => {
  const postgres = await startPostgres({ dataDir: await copyDataFolder({ after: cleanup }), log: silentLog })
  t.after(() => postgres.stop())
  const { db, pool, close } = openDatabase({ url: postgres.url, name: 'test', log: silentLog })
  t.after(close)
  const seen: bigint[] = []
  const onGap = async () => void seen.push(...(await db.selectFrom('reader').select('id').execute()).map(row => row.id))
  const onRows = (rows: LoggedChange[]) => void seen.push(...rows.map(row => row.key))
  const consumer = await createConsumer<LoggedChange>({ db, log: 'change', name: 'one', columns: CHANGE_COLUMNS, onRows, onGap })
  const kept: bigint[] = []
  let snapshots = 0
  const durable = createDurableConsumer<LoggedChange>(
    {
      name: 'two',
      log: 'change',
      columns: CHANGE_COLUMNS,
      effect: { where: 'elsewhere', apply: async rows => void kept.push(...rows.map(row => row.key)) },
      rebuild: async () => void snapshots++,
    },
    { db, pool },
  )
  const insertReader = (id: number) =>
    `with made as (insert into reader (id, name) values (${id}, 'reader')) select pg_current_xact_id()::text as xid`
  const waitUntilEnded = (xid: string | undefined) =>
    eventually(
      () => readEndPosition(db),
      end => BigInt(end.xid) > BigInt(xid ?? 0),
    )
  await pool.query(`alter system set wal_writer_delay = '10s'`) // so that the rollback does not reach the disk by chance
  await pool.query('select pg_reload_conf()')
  const { pid } = postgres
  const [, rolledBack] = (await pool.query(`begin; ${insertReader(1)}; rollback`)) as unknown as { rows: { xid: string }[] }[]
  await waitUntilEnded(rolledBack?.rows[0]?.xid)
  await consumer.catchUp()
  await durable.catchUp()
  process.kill(pid, 'SIGKILL')
  await eventually(
    () => postgres.pid,
    now => now !== pid,
    3 * PATIENCE_MS,
  )
  const { rows } = await retryUntilDone(() => pool.query<{ xid: string }>(insertReader(2)), 3 * PATIENCE_MS)
  await waitUntilEnded(rows[0]?.xid)
  await consumer.catchUp()
  t.diagnostic(`the transaction id was ${BigInt(rows[0]?.xid ?? 0) <= BigInt(rolledBack?.rows[0]?.xid ?? 0) ? '' : 'not '}assigned again`)
  assert.ok(seen.includes(2n))
  await durable.catchUp()
  assert.deepEqual([kept, snapshots], [[2n], 1])
})
