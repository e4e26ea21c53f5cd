// What becomes of a follower whose database crashes under it.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, PATIENCE_MS, retryUntilDone } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { startPostgres } from '../postgres/embedded-postgres.ts'
import { CHANGE_COLUMNS, type LoggedChange } from './change-log.ts'
import { createConsumer } from './consumer.ts'
import { readEndPosition } from './log-reader.ts'

test('a follower hears of what is written with a number that was given to another transaction before a crash', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-crash-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), log: silentLog })
  t.after(() => postgres.stop())
  const { db, pool, close } = openDatabase({ url: postgres.url, name: 'test', log: silentLog })
  t.after(close)
  await migrate(pool)
  const heard: bigint[] = []
  const gap = async () => void heard.push(...(await db.selectFrom('reader').select('id').execute()).map(row => row.id))
  const take = (rows: LoggedChange[]) => void heard.push(...rows.map(row => row.key))
  const consumer = await createConsumer<LoggedChange>({ db, log: 'change', name: 'one', columns: CHANGE_COLUMNS, onRows: take, onGap: gap })
  const insert = (id: number) =>
    `with made as (insert into reader (id, name) values (${id}, 'reader')) select pg_current_xact_id()::text as xid`
  const passed = (xid: string | undefined) =>
    eventually(
      () => readEndPosition(db),
      horizon => BigInt(horizon.xid) > BigInt(xid ?? 0),
    )
  await pool.query(`alter system set wal_writer_delay = '10s'`) // so that the rollback is not on disk by chance
  await pool.query('select pg_reload_conf()')
  const { pid } = postgres
  const [, undone] = (await pool.query(`begin; ${insert(1)}; rollback`)) as unknown as { rows: { xid: string }[] }[]
  await passed(undone?.rows[0]?.xid)
  await consumer.catchUp()
  process.kill(pid, 'SIGKILL')
  await eventually(
    () => postgres.pid,
    now => now !== pid,
    3 * PATIENCE_MS,
  )
  const { rows } = await retryUntilDone(() => pool.query<{ xid: string }>(insert(2)), 3 * PATIENCE_MS)
  await passed(rows[0]?.xid)
  await consumer.catchUp()
  t.diagnostic(`the number was ${BigInt(rows[0]?.xid ?? 0) <= BigInt(undone?.rows[0]?.xid ?? 0) ? '' : 'not '}given out again`)
  assert.ok(heard.includes(2n))
})
