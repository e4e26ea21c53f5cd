import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { copyDataFolder } from '../../../test/support/server-process.ts'
import { silentLog } from '../../base/log.ts'
import { startPostgres } from '../postgres/embedded-postgres.ts'
import { type Database, openDatabase } from './database.ts'
import { listStatementStats } from './statement-stats.sql.ts'

test('where pg_stat_statements is installed and loaded, the statements that took the most time are listed', async t => {
  const dataDir = await copyDataFolder({ after: cleanup })
  async function onServer(work: (database: Database) => Promise<void>): Promise<void> {
    const postgres = await startPostgres({ dataDir, log: silentLog })
    const database = openDatabase({ url: postgres.url, name: 'test', log: silentLog })
    try {
      await work(database)
    } finally {
      await database.close()
      await postgres.stop()
    }
  }
  await onServer(async ({ db, pool }) => {
    assert.equal(await listStatementStats(db, 10), undefined)
    await pool.query('create extension pg_stat_statements')
    assert.equal(await listStatementStats(db, 10), undefined) // not loaded
    await pool.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`)
  })
  await onServer(async ({ db }) => {
    for (let i = 0; i < 3; i++) await sql`select pg_sleep(${0.01})`.execute(db)
    const stats = (await listStatementStats(db, 10)) ?? []
    const slept = stats.find(({ text }) => /select pg_sleep/.test(text))
    t.diagnostic(JSON.stringify(slept))
    assert.ok(slept && slept.calls === 3 && slept.rows === 3 && slept.totalMs >= 30 && slept.maxMs <= slept.totalMs)
    assert.equal((await listStatementStats(db, 1))?.length, 1)
  })
})
