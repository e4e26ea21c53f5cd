// Generates the row types from a temporary database with all migrations applied.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../src/base/log.ts'
import { openDatabase } from '../src/engines/database/database.ts'
import { migrate } from '../src/engines/database/migrate.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { generateTables } from './table-types.ts'

export const TABLES_FILE = new URL('../src/engines/database/tables.gen.ts', import.meta.url)

export async function freshTables(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-tables-'))
  try {
    const postgres = await startPostgres({ dataDir, log: silentLog })
    const { pool, close } = openDatabase({ url: postgres.url, name: 'tables', log: silentLog })
    try {
      await migrate(pool)
      return await generateTables(pool)
    } finally {
      await close()
      await postgres.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
